// The whole front end: what it knows of a session is what GET /auth/me answers.

const $ = (id) => document.getElementById(id);

async function call(method, path, body) {
  const res = await fetch(path, {
    method,
    headers: { Accept: "application/json", ...(body && { "Content-Type": "application/json" }) },
    body: body && JSON.stringify(body),
  });
  const json = (res.headers.get("Content-Type") || "").includes("json") ? await res.json() : null;
  if (!res.ok) {
    // Problems have a code to decide by and a title to show.
    const message = json?.errors?.[0]?.message || json?.title || "Something went wrong.";
    throw Object.assign(new Error(message), { status: res.status, code: json?.code });
  }
  return json;
}

function say(text) {
  $("said").textContent = text;
  $("said").hidden = !text;
  if (text) $("said").focus();
}

function show(section) {
  for (const s of document.querySelectorAll("section")) s.hidden = s.id !== section;
}

async function enter() {
  try {
    const user = await call("GET", "/auth/me");
    $("who").textContent = user.email;
    $("notes").replaceChildren(
      ...(await call("GET", "/api/notes")).map((note) => Object.assign(document.createElement("li"), { textContent: note })),
    );
    show("in");
  } catch (err) {
    show("out");
    if (err.status !== 401) say(err.message);
  }
}

const then = {
  enter,
  leave: () => { say("Goodbye."); show("out"); },
  sent: () => say("If there is an account with that address, a mail is on its way."),
  registered: () => say("We have mailed you a link to verify your address."),
  verified: () => { say("Your address is verified. You can log in now."); show("out"); },
  changed: () => { say("Your password is set. You can log in now."); show("out"); },
};

for (const form of document.forms) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say("");
    const fields = Object.fromEntries(new FormData(form));
    try {
      await call(form.dataset.method || "POST", form.dataset.post, Object.keys(fields).length ? fields : undefined);
      form.reset();
      await then[form.dataset.then]();
    } catch (err) {
      say(err.message);
    }
  });
}

// A mailed link leads to /verify, /reset or /delete. Its token goes into the form and
// out of the address; it is used when somebody presses the button.
const page = location.pathname.slice(1);
const token = new URLSearchParams(location.search).get("vtoken");
if (token && ["verify", "reset", "delete"].includes(page)) {
  $(page).querySelector("[name=token]").value = token;
  history.replaceState(null, "", "/");
  show(page);
} else {
  enter();
}
