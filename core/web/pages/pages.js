// What the pages do better where scripts run. Everything else works without this file.
"use strict";

// Browsers bind passkeys to a domain over HTTPS, or to localhost.
const passkeys = window.isSecureContext && window.PublicKeyCredential && !/^[\d.]+$|^\[/.test(location.hostname);

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const base64url = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

// decoded replaces the texts of the options by the bytes that they stand for.
function decoded(publicKey) {
  const options = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (options.user) {
    options.user = { ...options.user, id: bytes(options.user.id) };
    // The site asks for no discoverable passkey, which the autofill needs.
    options.authenticatorSelection = { ...options.authenticatorSelection, residentKey: "preferred" };
  }
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    if (options[list]) options[list] = options[list].map((c) => ({ ...c, id: bytes(c.id) }));
  }
  return options;
}

// encoded is the credential as JSON, for a form.
function encoded(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = base64url(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return JSON.stringify({
    id: credential.id, rawId: base64url(credential.rawId), type: credential.type, response,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

// begin asks the server for the options of a ceremony.
async function begin(form, fields) {
  const answer = await fetch(form.dataset.begin, {
    method: "POST", credentials: "same-origin", body: JSON.stringify(fields),
    headers: { "Content-Type": "application/json", Accept: "application/json" },
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return decoded((await answer.json()).publicKey);
}

// finish sends the credential as a form, so that the server shows the result.
function finish(form, fields, credential) {
  for (const [name, value] of Object.entries({ ...fields, credential: encoded(credential) })) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    form.append(input);
  }
  form.submit();
}

// fieldsOf are the fields of the form beside the button that a ceremony needs.
function fieldsOf(form) {
  const source = document.getElementById(form.dataset.from);
  const fields = {};
  for (const [name, value] of source ? new FormData(source) : []) {
    if (name !== "password" && value !== "") fields[name] = value;
  }
  return fields;
}

// A browser runs one ceremony at a time: the autofill ends before a button's begins.
const offered = new AbortController();
let autofilled = Promise.resolve();

async function ceremony(form) {
  const said = form.querySelector("[role=alert]");
  said.textContent = "";
  let fields = fieldsOf(form);
  const source = document.getElementById(form.dataset.from);
  if (form.dataset.passkey === "register" && source && ![...source.elements].every((e) => e.name === "password" || e.reportValidity())) return;
  const asked = {
    register: { email: fields.email }, reset: { token: form.elements.token?.value }, login: fields.email ? { identifier: fields.email } : {},
  }[form.dataset.passkey] ?? Object.fromEntries(new FormData(form));
  if (form.dataset.passkey === "login") fields = fields.remember ? { ...asked, remember: fields.remember } : asked;
  try {
    offered.abort();
    await autofilled;
    const publicKey = await begin(form, asked);
    const credential = ["login", "factor"].includes(form.dataset.passkey)
      ? await navigator.credentials.get({ publicKey })
      : await navigator.credentials.create({ publicKey });
    finish(form, fields, credential);
  } catch {
    said.textContent = said.dataset.text;
  }
}

// autofill has the browser offer passkeys in the field for the name. If that fails, there
// is the button.
async function autofill(form) {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  const publicKey = await begin(form, {});
  if (offered.signal.aborted) return;
  finish(form, {}, await navigator.credentials.get({ publicKey, mediation: "conditional", signal: offered.signal }));
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!passkeys) continue;
  form.hidden = false;
  form.closest("[data-offer]")?.removeAttribute("hidden");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ceremony(form);
  });
  // A passkey that was just refused is not offered again by itself.
  if (form.dataset.passkey === "login" && !document.querySelector(".errors")) autofilled = autofill(form).catch(() => {});
}
for (const note of document.querySelectorAll("[data-without-passkeys]")) note.hidden = Boolean(passkeys);

// Passwords can be shown, and a locked shift key is told.
for (const box of document.querySelectorAll("input[data-show]")) {
  const input = document.getElementById(box.dataset.show);
  const capsLock = box.parentElement.parentElement.querySelector("[data-caps-lock]");
  box.parentElement.hidden = false;
  box.checked = false;
  box.addEventListener("change", () => { input.type = box.checked ? "text" : "password"; });
  const look = (event) => { capsLock.hidden = !event.getModifierState?.("CapsLock"); };
  input.addEventListener("keydown", look);
  input.addEventListener("keyup", look);
  input.addEventListener("blur", () => { capsLock.hidden = true; });
  input.form.addEventListener("submit", () => { input.type = "password"; });
}

// The strength of a new password is asked for while it is typed, half a second after the last
// key. It is a hint: without an answer the form works as before.
for (const note of document.querySelectorAll("[data-strength]")) {
  const input = note.parentElement.querySelector("input");
  const [meter, said] = note.children;
  let timer, latest = 0;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    const asked = ++latest;
    meter.hidden = true;
    said.textContent = "";
    if (!input.value) return;
    timer = setTimeout(async () => {
      const fields = new URLSearchParams({ password: input.value });
      for (const name of ["email", "username", "first_name", "last_name"]) {
        const other = input.form.elements[name];
        if (other?.value) fields.set(name, other.value);
      }
      const answer = await fetch(note.dataset.strength, { method: "POST", credentials: "same-origin", body: fields, headers: { Accept: "application/json" } }).catch(() => null);
      if (!answer?.ok || asked !== latest) return;
      const { score, text } = await answer.json();
      if (asked !== latest) return;
      meter.value = score;
      meter.hidden = false;
      said.textContent = text;
    }, 500);
  });
}

// Times are shown in the reader's time zone and form.
for (const time of document.querySelectorAll("time[datetime]")) {
  const at = new Date(time.dateTime);
  if (Number.isNaN(at.getTime())) continue;
  time.removeAttribute("dir"); // the browser writes it in the direction of the language
  time.textContent = "day" in time.dataset
    ? at.toLocaleDateString(document.documentElement.lang, { dateStyle: "medium" })
    : at.toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
}

// Backup codes can be printed and copied.
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
for (const button of document.querySelectorAll("button[data-copy]")) {
  const said = document.querySelector("[data-copied]");
  button.hidden = !navigator.clipboard; // on https and localhost only
  button.addEventListener("click", async () => {
    const lines = [...document.querySelectorAll(button.dataset.copy)].map((e) => e.textContent);
    try {
      await navigator.clipboard.writeText(`${lines.join("\n")}\n`);
      said.textContent = said.dataset.copied;
    } catch {
      said.textContent = said.dataset.notCopied;
    }
  });
}
