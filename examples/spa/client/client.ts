// A typed client of the mounted routes. The types of paths, bodies and answers are in
// api.d.ts, which is generated from the OpenAPI document; this file only sends requests.

import type { components, paths } from "./api.js";

export type Schemas = components["schemas"];
export type Problem = Schemas["Problem"];

type Method = "get" | "post" | "put" | "patch" | "delete";

/** PathsOf are the paths that have a method. */
export type PathsOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, object> ? P : never;
}[keyof paths];

type Operation<M extends Method, P extends keyof paths> = M extends keyof paths[P] ? paths[P][M] : never;

type Parameters<Op> = Op extends { parameters: { path: infer P extends object } } ? { path: P } : unknown;

type Body<Op> = Op extends { requestBody: { content: { "application/json": infer B } } }
  ? { body: B }
  : Op extends { requestBody?: { content: { "application/json": infer B } } }
    ? { body?: B }
    : { body?: undefined };

/** Input is what an operation takes: parameters of its path, and a body. */
export type Input<M extends Method, P extends keyof paths> = Parameters<Operation<M, P>> & Body<Operation<M, P>>;

type Success = 200 | 201 | 202 | 204;

/** Answer is what an operation answers; undefined stands for an answer without a body. */
export type Answer<M extends Method, P extends keyof paths> =
  Operation<M, P> extends { responses: infer R }
    ? { [S in keyof R & Success]: R[S] extends { content: { "application/json": infer B } } ? B : undefined }[keyof R & Success]
    : never;

type Arguments<T> = Record<never, never> extends T ? [input?: T] : [input: T];

/** Failure is an answer that is a problem. Decide by its code. */
export class Failure extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.errors?.[0]?.message ?? problem.title);
    this.name = "Failure";
    this.problem = problem;
  }

  get code(): string {
    return this.problem.code;
  }

  get status(): number {
    return this.problem.status;
  }
}

export interface Options {
  /** token returns the access token to send. Leave it out if the site uses cookies. */
  token?: () => string | undefined;
}

/** Client calls the routes that are mounted at base, such as "/auth". */
export class Client {
  readonly #base: string;
  readonly #token: () => string | undefined;

  constructor(base: string, options: Options = {}) {
    this.#base = base.replace(/\/$/, "");
    this.#token = options.token ?? (() => undefined);
  }

  get<P extends PathsOf<"get">>(path: P, ...input: Arguments<Input<"get", P>>): Promise<Answer<"get", P>> {
    return this.#send("get", path, input[0]) as Promise<Answer<"get", P>>;
  }

  post<P extends PathsOf<"post">>(path: P, ...input: Arguments<Input<"post", P>>): Promise<Answer<"post", P>> {
    return this.#send("post", path, input[0]) as Promise<Answer<"post", P>>;
  }

  put<P extends PathsOf<"put">>(path: P, ...input: Arguments<Input<"put", P>>): Promise<Answer<"put", P>> {
    return this.#send("put", path, input[0]) as Promise<Answer<"put", P>>;
  }

  patch<P extends PathsOf<"patch">>(path: P, ...input: Arguments<Input<"patch", P>>): Promise<Answer<"patch", P>> {
    return this.#send("patch", path, input[0]) as Promise<Answer<"patch", P>>;
  }

  delete<P extends PathsOf<"delete">>(path: P, ...input: Arguments<Input<"delete", P>>): Promise<Answer<"delete", P>> {
    return this.#send("delete", path, input[0]) as Promise<Answer<"delete", P>>;
  }

  async #send(method: Method, path: string, input: unknown): Promise<unknown> {
    const { path: parameters = {}, body } = (input ?? {}) as { path?: Record<string, unknown>; body?: unknown };
    const address = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(parameters[name])));
    return send(method, this.#base + address, body, this.#token());
  }
}

/** send makes one request with a JSON body, and returns the JSON of its answer. */
export async function send(method: string, address: string, body?: unknown, token?: string): Promise<unknown> {
  const headers = new Headers({ Accept: "application/json" });
  if (body !== undefined) headers.set("Content-Type", "application/json");
  if (token) headers.set("Authorization", "Bearer " + token);
  const answer = await fetch(address, { method: method.toUpperCase(), headers, body: body === undefined ? null : JSON.stringify(body) });
  const isJSON = (answer.headers.get("Content-Type") ?? "").includes("json");
  const content: unknown = isJSON ? await answer.json() : undefined;
  if (!answer.ok) throw new Failure(problemOf(answer, content));
  return content;
}

/** problemOf is the problem of an answer; a proxy may have answered with something else. */
function problemOf(answer: Response, content: unknown): Problem {
  if (typeof content === "object" && content !== null && "code" in content && "title" in content) return content as Problem;
  return { type: "about:blank", title: answer.statusText || "Something went wrong", status: answer.status, code: "unknown" };
}
