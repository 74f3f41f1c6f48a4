// The second step of a login. The challenge is kept in memory only: it is over with the tab.
import { Failure } from "./client.js";
const labels = {
    totp: "Authenticator app", sms: "Text message", email: "E-mail", backup_code: "Backup code",
};
let token = "";
let enrolls = false; // the user has no factor, and the site demands one
let sent = false; // a code is on its way
const section = document.getElementById("factor");
const choice = section.querySelector("select");
const secret = section.querySelector("figure");
const chosen = () => choice.value;
/** begin takes the challenge that the login was answered with. */
export function begin(problem) {
    const methods = (problem.methods ?? []).filter((method) => method in labels);
    if (!problem.mfa_token || methods.length === 0)
        throw new Failure(problem);
    token = problem.mfa_token;
    enrolls = (problem.enrolled ?? []).length === 0;
    choice.replaceChildren(...methods.map((method) => new Option(labels[method], method)));
    draw();
}
/** draw shows what the chosen method needs. */
export function draw() {
    sent = false;
    secret.hidden = true;
    const byMessage = ["sms", "email"].includes(chosen());
    for (const part of section.querySelectorAll("[data-when]")) {
        const when = part.dataset["when"];
        part.hidden = !(when === "send" ? byMessage || enrolls : when === "phone" && enrolls && chosen() === "sms");
    }
}
choice.addEventListener("change", draw);
/** send has a code sent, or sets a factor up that the user does not have. */
export async function send(auth) {
    const method = chosen();
    if (!enrolls) {
        if (method === "sms" || method === "email")
            await auth.post("/mfa/send", { body: { mfa_token: token, method } });
        return;
    }
    if (method === "backup_code")
        return;
    const phone = section.querySelector("[name=phone]")?.value ?? "";
    const answer = await auth.post("/mfa/enroll", { body: { mfa_token: token, method, ...(method === "sms" ? { phone } : {}) } });
    if ("mfa_token" in answer && typeof answer.mfa_token === "string" && answer.mfa_token)
        token = answer.mfa_token;
    if ("secret" in answer) {
        secret.querySelector("img").src = answer.qr;
        secret.querySelector("code").textContent = answer.secret;
        secret.hidden = false;
    }
    sent = true;
}
/** verify completes the login with a code. */
export async function verify(auth, code) {
    const method = chosen();
    if (!enrolls) {
        await auth.post("/mfa/verify", { body: { mfa_token: token, method, code } });
    }
    else if (sent && method !== "backup_code") {
        await auth.post("/mfa/enroll/confirm", { body: { mfa_token: token, method, code } });
    }
    else {
        throw new Error("Set it up first.");
    }
}
