// The compiler checks this file and never emits it. Each line below "@ts-expect-error"
// must be an error: if one compiles, the check fails.

import { Client, type Answer, type Schemas } from "./client.js";

const c = new Client("/auth", { token: () => "token" });

// @ts-expect-error there is no such path
void c.post("/no-such-path");
// @ts-expect-error the method of this path is POST
void c.get("/login");
// @ts-expect-error a body is required
void c.post("/login");
// @ts-expect-error the password is missing
void c.post("/login", { body: { email: "ada@example.com" } });
// @ts-expect-error there is no such field
void c.post("/login", { body: { email: "ada@example.com", password: "correct horse", remember: true } });
// @ts-expect-error the id of the session is missing
void c.delete("/sessions/{id}");
void c.delete("/sessions/{id}", { path: { id: "1" } });

void c.get("/me").then((user) => {
  const known: Schemas["User"] = user;
  // @ts-expect-error a user has no such field
  void user.password;
  return known;
});

const nothing: Answer<"post", "/logout"> = undefined;
void nothing;
// @ts-expect-error a login answers with a session
const session: Answer<"post", "/login"> = undefined;
void session;
