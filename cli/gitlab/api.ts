import { setTimeout } from "node:timers/promises";
import type { z } from "zod";
import { tokenVariable } from "./job.ts";
import { UserError } from "../../model/problem.ts";

/** Who asks: a project access token, or the token of the job, which may read some things and write no notes. */
export type GitlabToken =
  | { readonly header: "PRIVATE-TOKEN"; readonly value: string }
  | { readonly header: "JOB-TOKEN"; readonly value: string };

interface GitlabRequest {
  readonly method?: "GET" | "POST" | "PUT";
  /** Below the API's address. */
  readonly path: string;
  readonly body?: object;
}

/** How long one answer may take, in milliseconds, and how often it is asked for. */
const patience = { answer: 20_000, tries: 3 } as const;

/** The project's own token. */
export function projectToken(environment: NodeJS.ProcessEnv): GitlabToken | undefined {
  const value = environment[tokenVariable] ?? "";
  return value === "" ? undefined : { header: "PRIVATE-TOKEN", value };
}

/** The project's own token, or the job's. */
export function anyToken(environment: NodeJS.ProcessEnv): GitlabToken | undefined {
  const { CI_JOB_TOKEN: value = "" } = environment;
  return projectToken(environment) ?? (value === "" ? undefined : { header: "JOB-TOKEN", value });
}

/** Speaks to GitLab's API. The token goes into a header and never into a message. */
export class GitlabApi {
  readonly #address: string;
  readonly #token: GitlabToken;
  readonly #pause: number;

  /** `pause` stands between two tries, in milliseconds. */
  constructor(address: string, token: GitlabToken, pause = 1000) {
    this.#address = address.replace(/\/$/, "");
    this.#token = token;
    this.#pause = pause;
  }

  /** Asks for what a schema describes. */
  async ask<Schema extends z.ZodType>(schema: Schema, request: GitlabRequest): Promise<z.output<Schema>> {
    const response = await this.#fetch(request);
    if (!response.ok) throw refusal(request, `answers ${response.status}`);
    const { success, data } = schema.safeParse(await json(response));
    if (!success) throw refusal(request, "answers something else than GitLab's API does");
    return data;
  }

  /** Asks for a file; undefined where there is none, and where this token must not have it. */
  async file(path: string): Promise<string | undefined> {
    const response = await this.#fetch({ path });
    if ([401, 403, 404].includes(response.status)) return undefined;
    if (!response.ok) throw refusal({ path }, `answers ${response.status}`);
    return await response.text();
  }

  /** What may pass by itself is asked again; a note that is written is not, since nobody knows whether it was. */
  async #fetch(request: GitlabRequest): Promise<Response> {
    const tries = request.method === undefined || request.method === "GET" ? patience.tries : 1;
    for (let left = tries; ; left -= 1) {
      const answer = await this.#once(request);
      if (left > 1 && mayPass(answer)) await setTimeout(this.#pause);
      else if (answer instanceof UserError) throw answer;
      else return answer;
    }
  }

  /** The answer, or why there was none. */
  async #once({ method = "GET", path, body }: GitlabRequest): Promise<Response | UserError> {
    const { header, value } = this.#token;
    const content = body === undefined ? {} : { "Content-Type": "application/json" };
    try {
      return await fetch(`${this.#address}/${path}`, {
        method,
        headers: { [header]: value, ...content },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // Another server, to which an answer may lead, would get the token as well.
        redirect: "error",
        signal: AbortSignal.timeout(patience.answer),
      });
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      const todo = "see that this job reaches GitLab at CI_API_V4_URL, then start it again";
      return new UserError({ path: named({ method, path }), what: `cannot be asked: ${cause}`, todo });
    }
  }
}

/** A network that fails, a server that is busy or has a fault: the same question may be answered a moment later. */
function mayPass(answer: Response | UserError): boolean {
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
  const todo = `see that ${tokenVariable} is a project access token with the scope api and at least the role Reporter, and that it has not expired`;
  return new UserError({ path: named(request), what, todo });
}
