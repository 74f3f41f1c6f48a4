// The front end. All that it knows about a session is the answer of GET /auth/me: the
// tokens are in cookies that scripts cannot read.

import { Client, Failure, send } from "./client.js";

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

async function enter(): Promise<void> {
  try {
    const user = await auth.get("/me");
    element("who").textContent = user.email ?? "";
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
    await auth.post("/login", { body: { email: field("email"), password: field("password") } });
    await enter();
  },
  async forgot(field) {
    await auth.post("/password/forgot", { body: { email: field("email") } });
    say("If there is an account with that address, a mail is on its way.");
  },
  async register(field) {
    const answer = await auth.post("/register", { body: { email: field("email"), password: field("password") } });
    if ("status" in answer) back("We have mailed you a link to verify your address.");
    else await enter();
  },
  async logout() {
    await auth.post("/logout");
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
