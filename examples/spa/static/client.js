// A typed client of the mounted routes. The types of paths, bodies and answers are in
// api.d.ts, which is generated from the OpenAPI document; this file only sends requests.
/** Failure is an answer that is a problem. Decide by its code. */
export class Failure extends Error {
    problem;
    constructor(problem) {
        super(problem.errors?.[0]?.message ?? problem.title);
        this.name = "Failure";
        this.problem = problem;
    }
    get code() {
        return this.problem.code;
    }
    get status() {
        return this.problem.status;
    }
}
/** Client calls the routes that are mounted at base, such as "/auth". */
export class Client {
    #base;
    #token;
    constructor(base, options = {}) {
        this.#base = base.replace(/\/$/, "");
        this.#token = options.token ?? (() => undefined);
    }
    get(path, ...input) {
        return this.#send("get", path, input[0]);
    }
    post(path, ...input) {
        return this.#send("post", path, input[0]);
    }
    put(path, ...input) {
        return this.#send("put", path, input[0]);
    }
    patch(path, ...input) {
        return this.#send("patch", path, input[0]);
    }
    delete(path, ...input) {
        return this.#send("delete", path, input[0]);
    }
    async #send(method, path, input) {
        const { path: parameters = {}, body } = (input ?? {});
        const address = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(parameters[name])));
        return send(method, this.#base + address, body, this.#token());
    }
}
/** send makes one request with a JSON body, and returns the JSON of its answer. */
export async function send(method, address, body, token) {
    const headers = new Headers({ Accept: "application/json" });
    if (body !== undefined)
        headers.set("Content-Type", "application/json");
    if (token)
        headers.set("Authorization", "Bearer " + token);
    const answer = await fetch(address, { method: method.toUpperCase(), headers, body: body === undefined ? null : JSON.stringify(body) });
    const isJSON = (answer.headers.get("Content-Type") ?? "").includes("json");
    const content = isJSON ? await answer.json() : undefined;
    if (!answer.ok)
        throw new Failure(problemOf(answer, content));
    return content;
}
/** problemOf is the problem of an answer; a proxy may have answered with something else. */
function problemOf(answer, content) {
    if (typeof content === "object" && content !== null && "code" in content && "title" in content)
        return content;
    return { type: "about:blank", title: answer.statusText || "Something went wrong", status: answer.status, code: "unknown" };
}
