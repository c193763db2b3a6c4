import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import { z } from "zod";

interface StubNote {
  readonly id: number;
  readonly body: string;
  readonly system: boolean;
  readonly author: { readonly id: number };
}

/** A successful deployment. */
interface StubDeployment {
  readonly environment: string;
  readonly job: number;
  readonly pipeline: number;
}

const bodySchema = z.object({ body: z.string() });

/**
 * A stand-in for GitLab's API: notes of one merge request, deployments and artifacts, as far as the tokens may read
 * them.
 */
export class GitlabStub {
  /** The user to whom the project's token belongs. */
  readonly user = 17;
  readonly projectToken = "project-token-of-the-stub-4711";
  readonly jobToken = "job-token-of-the-stub-0815";
  notes: StubNote[] = [];
  /** Deployments, newest first. */
  deployments: StubDeployment[] = [];
  /** Text by path below a job, such as `3/artifacts/plan.json`. */
  artifacts: Readonly<Record<string, string>> = {};
  /** The requests so far, as method and path. */
  readonly asked: string[] = [];
  /** Answers so many requests with this status before it answers normally. */
  failing = { status: 500, times: 0 };
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<GitlabStub> {
    const stub = new GitlabStub();
    stub.#server.listen(0, "127.0.0.1");
    await once(stub.#server, "listening");
    return stub;
  }

  get api(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the stub does not listen");
    return `http://127.0.0.1:${address.port}/api/v4`;
  }

  /** Adds a note that another user wrote. */
  write(body: string, author: number): void {
    this.notes = [...this.notes, { id: 100 + this.notes.length, body, system: false, author: { id: author } }];
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "", this.api);
    const path = decodeURIComponent(url.pathname.replace("/api/v4/", ""));
    this.asked.push(`${request.method ?? ""} ${path}`);
    const text = (await request.setEncoding("utf8").toArray()).join("");
    const [status, answer] = this.#find(request, path, url.searchParams, text);
    response.statusCode = status;
    response.end(typeof answer === "string" ? answer : JSON.stringify(answer));
  }

  #find(request: IncomingMessage, path: string, query: URLSearchParams, text: string): [number, unknown] {
    if (this.failing.times > 0) {
      this.failing = { ...this.failing, times: this.failing.times - 1 };
      return [this.failing.status, { message: "not now" }];
    }
    const own = request.headers["private-token"] === this.projectToken;
    const job = request.headers["job-token"] === this.jobToken;
    if (!own && !job) return [401, { message: "401 Unauthorized" }];
    if (path === "projects/5/deployments") return [200, this.#deployments(query)];
    if (!own) return [403, { message: "403 Forbidden" }];
    if (path === "user") return [200, { id: this.user }];
    if (path.startsWith("projects/5/jobs/")) return this.#artifact(path.slice("projects/5/jobs/".length));
    return this.#notes(request.method ?? "", path, query, text);
  }

  #deployments(query: URLSearchParams): unknown {
    return this.deployments
      .filter(({ environment }) => environment === query.get("environment"))
      .map(({ job, pipeline }) => ({ deployable: { id: job, pipeline: { id: pipeline } } }));
  }

  #artifact(path: string): [number, unknown] {
    const text = this.artifacts[path];
    return text === undefined ? [404, { message: "404 Not Found" }] : [200, text];
  }

  #notes(method: string, path: string, query: URLSearchParams, text: string): [number, unknown] {
    const [, id] = /^projects\/5\/merge_requests\/7\/notes(?:\/(\d+))?$/.exec(path) ?? ["", "none"];
    if (id === "none") return [404, { message: "404 Not Found" }];
    if (method === "GET") return [200, this.#page(query)];
    const { body } = bodySchema.parse(JSON.parse(text));
    if (method === "POST") {
      this.write(body, this.user);
      return [201, this.notes.at(-1)];
    }
    const found = this.notes.find((note) => note.id === Number(id));
    if (found?.author.id !== this.user) return [403, { message: "403 Forbidden" }];
    this.notes = this.notes.map((note) => (note === found ? { ...note, body } : note));
    return [200, { ...found, body }];
  }

  #page(query: URLSearchParams): readonly StubNote[] {
    const size = Number(query.get("per_page"));
    const first = (Number(query.get("page")) - 1) * size;
    return this.notes.slice(first, first + size);
  }
}
