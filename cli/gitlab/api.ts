import { setTimeout } from "node:timers/promises";
import type { z } from "zod";
import { tokenVariable } from "./job.ts";
import { UserError } from "../../model/problem.ts";

/** A project access token, or the token of the job, which may read some things and write no notes. */
export type GitlabToken =
  | { readonly header: "PRIVATE-TOKEN"; readonly value: string }
  | { readonly header: "JOB-TOKEN"; readonly value: string };

interface GitlabRequest {
  readonly method?: "GET" | "POST" | "PUT";
  /** Below the API's address. */
  readonly path: string;
  readonly body?: object;
}

/** Milliseconds for one answer, and the number of tries for one request. */
const limits = { answer: 20_000, tries: 3 } as const;

/** The project access token, if the job has one. */
export function projectToken(environment: NodeJS.ProcessEnv): GitlabToken | undefined {
  const value = environment[tokenVariable] ?? "";
  return value === "" ? undefined : { header: "PRIVATE-TOKEN", value };
}

/** The project access token, else the job's own token. */
export function anyToken(environment: NodeJS.ProcessEnv): GitlabToken | undefined {
  const { CI_JOB_TOKEN: value = "" } = environment;
  return projectToken(environment) ?? (value === "" ? undefined : { header: "JOB-TOKEN", value });
}

/** A client of GitLab's API. The token is part of a header and never of a message. */
export class GitlabApi {
  readonly #address: string;
  readonly #token: GitlabToken;
  readonly #pause: number;

  /** `pause`: milliseconds between two tries. */
  constructor(address: string, token: GitlabToken, pause = 1000) {
    this.#address = address.replace(/\/$/, "");
    this.#token = token;
    this.#pause = pause;
  }

  /** Sends a request whose answer fits a schema. */
  async ask<Schema extends z.ZodType>(schema: Schema, request: GitlabRequest): Promise<z.output<Schema>> {
    const response = await this.#fetch(request);
    if (!response.ok) throw refusal(request, `answers ${response.status}`);
    const { success, data } = schema.safeParse(await json(response));
    if (!success) throw refusal(request, "gives another answer than GitLab's API does");
    return data;
  }

  /** Fetches a file; undefined if there is none, or if this token must not read it. */
  async file(path: string): Promise<string | undefined> {
    const response = await this.#fetch({ path });
    if ([401, 403, 404].includes(response.status)) return undefined;
    if (!response.ok) throw refusal({ path }, `answers ${response.status}`);
    return await response.text();
  }

  /** Repeats a request that failed for a passing reason; but not one that writes, since it may have succeeded. */
  async #fetch(request: GitlabRequest): Promise<Response> {
    const tries = request.method === undefined || request.method === "GET" ? limits.tries : 1;
    for (let left = tries; ; left -= 1) {
      const answer = await this.#once(request);
      if (left > 1 && isPassing(answer)) await setTimeout(this.#pause);
      else if (answer instanceof UserError) throw answer;
      else return answer;
    }
  }

  /** The answer, or the reason that there is none. */
  async #once({ method = "GET", path, body }: GitlabRequest): Promise<Response | UserError> {
    const { header, value } = this.#token;
    const content = body === undefined ? {} : { "Content-Type": "application/json" };
    try {
      return await fetch(`${this.#address}/${path}`, {
        method,
        headers: { [header]: value, ...content },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // A redirect would send the token to another server.
        redirect: "error",
        signal: AbortSignal.timeout(limits.answer),
      });
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      const todo = "see that this job reaches GitLab at CI_API_V4_URL, then start it again";
      return new UserError({ path: named({ method, path }), what: `cannot be asked: ${cause}`, todo });
    }
  }
}

/** Tells whether the same request may succeed a moment later: the network failed, or GitLab is busy or has a fault. */
function isPassing(answer: Response | UserError): boolean {
  return answer instanceof UserError || answer.status === 429 || answer.status >= 500;
}

async function json(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

function named({ method = "GET", path }: GitlabRequest): string {
  return `gitlab ${method} ${path}`;
}

function refusal(request: GitlabRequest, what: string): UserError {
  const token = "a project access token with the scope api and at least the role Reporter";
  const todo = `see that ${tokenVariable} is ${token}, and that it has not expired`;
  return new UserError({ path: named(request), what, todo });
}
