// The front end. All that it knows about a session is the answer of GET /auth/me: the
// tokens are in cookies that scripts cannot read.

import { Client, Failure, send } from "./client.js";
import * as factor from "./factor.js";
import * as passkey from "./passkey.js";

const auth = new Client("/auth");

function element<E extends HTMLElement = HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (!found) throw new Error("index.html has no element with the id " + id);
  return found as E;
}

function say(text: string): void {
  const said = element("said");
  said.textContent = text;
  said.hidden = !text;
  if (text) said.focus();
}

// show shows one section, and with it one form at a time.
function show(id: string): void {
  for (const section of document.querySelectorAll("section")) section.hidden = section.id !== id;
}

// The sections that the visitor chooses by the fragment of the address.
const chosen = ["login", "forgot", "register"];

function showChosen(): void {
  const id = location.hash.slice(1);
  show(chosen.includes(id) ? id : "login");
}

/** named is what a visitor logs in with: a phone number, or else an address. */
function named(name: string): { email: string } | { phone: string } {
  return /^\+?[\d\s()/-]+$/.test(name) ? { phone: name } : { email: name };
}

/**
 * keepName fills the name of the account in where a password manager looks for it, also after
 * a mailed link has opened in this tab.
 */
function keepName(name: string): void {
  sessionStorage.setItem("account", name);
  for (const input of document.querySelectorAll<HTMLInputElement>("[data-account]")) input.defaultValue = name;
}

/**
 * next goes on after a step of a login that worked, or that waits for another one: a second
 * factor, or a code that verifies the phone number.
 */
async function next(step: Promise<unknown>, name = ""): Promise<void> {
  try {
    await step;
  } catch (err) {
    if (!(err instanceof Failure)) throw err;
    if (err.code === "mfa_required") {
      factor.begin(err.problem);
      show("factor");
      return;
    }
    if (err.code === "phone_not_verified") verifyPhone(name);
    if (err.code === "mfa_expired") show("login");
    throw err;
  }
  await enter();
}

function verifyPhone(number: string): void {
  element<HTMLInputElement>("number").defaultValue = number;
  show("phone");
}

async function enter(): Promise<void> {
  try {
    const user = await auth.get("/me");
    element("who").textContent = user.email ?? user.phone ?? "";
    keepName(user.email ?? user.phone ?? "");
    const notes = (await send("GET", "/api/notes")) as string[];
    element("notes").replaceChildren(...notes.map((note) => Object.assign(document.createElement("li"), { textContent: note })));
    show("in");
  } catch (err) {
    showChosen();
    if (!(err instanceof Failure) || err.status !== 401) report(err);
  }
}

function report(err: unknown): void {
  say(err instanceof Error ? err.message : String(err));
}

// back returns to the login and says what happened.
function back(text: string): void {
  history.replaceState(null, "", "/");
  show("login");
  say(text);
}

// What each form does with its fields. The compiler checks path, fields and answers.
const submit: Record<string, (field: (name: string) => string) => Promise<void>> = {
  async login(field) {
    const name = field("name");
    await next(auth.post("/login", { body: { ...named(name), password: field("password") } }), name);
  },
  async passkey() {
    await next(passkey.login(auth));
  },
  async factor(field) {
    await next(factor.verify(auth, field("code")));
  },
  async "factor-send"() {
    await factor.send(auth);
    say("A code is on its way.");
  },
  async phone(field) {
    await next(auth.post("/phone/verify", { body: { phone: field("phone"), code: field("code") } }));
  },
  async "phone-resend"() {
    await auth.post("/phone/verify/resend", { body: { phone: element<HTMLInputElement>("number").value } });
    say("If there is an account with that number, a code is on its way.");
  },
  async forgot(field) {
    keepName(field("email"));
    await auth.post("/password/forgot", { body: { email: field("email") } });
    say("If there is an account with that address, a mail is on its way.");
  },
  async register(field) {
    const name = named(field("name"));
    const answer = await auth.post("/register", { body: { ...name, password: field("password") } });
    if (!("status" in answer)) await enter();
    else if ("phone" in name) {
      verifyPhone(name.phone);
      say("We have sent a code to your phone.");
    } else back("We have mailed you a link to verify your address.");
  },
  async "add-passkey"() {
    await passkey.add(auth);
    say("The passkey is added.");
  },
  async logout() {
    await auth.post("/logout");
    keepName("");
    back("Goodbye.");
  },
  async account() {
    await auth.delete("/account");
    say("A mail with a link that deletes your account is on its way.");
  },
  async verify(field) {
    await auth.post("/email/verify", { body: { token: field("token") } });
    back("Your address is verified. You can log in now.");
  },
  async reset(field) {
    await auth.post("/password/reset", { body: { token: field("token"), password: field("password") } });
    back("Your password is set. You can log in now.");
  },
  async delete(field) {
    await auth.post("/account/delete", { body: { token: field("token") } });
    back("Goodbye.");
  },
};

for (const form of document.forms) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    say("");
    const data = new FormData(form);
    submit[form.dataset["form"] ?? ""]?.((name) => String(data.get(name) ?? "")).then(() => form.reset(), report);
  });
}

factor.draw();
keepName(sessionStorage.getItem("account") ?? "");
for (const form of document.querySelectorAll<HTMLElement>("[data-passkeys]")) form.hidden = !passkey.supported;

addEventListener("hashchange", () => {
  say("");
  showChosen();
});

// A mailed link leads to /verify, /reset or /delete. Its token moves into the form and
// out of the address; it is used when the visitor presses the button.
const page = location.pathname.slice(1);
const token = new URLSearchParams(location.search).get("vtoken");
if (token && ["verify", "reset", "delete"].includes(page)) {
  const field = element(page).querySelector<HTMLInputElement>("[name=token]");
  if (field) field.value = token;
  history.replaceState(null, "", "/");
  show(page);
} else {
  void enter();
}
