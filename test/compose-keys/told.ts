import { readStack } from "../../config/assemble.ts";
import type { StackTexts } from "../../config/source.ts";
import { isMap } from "../../model/json.ts";
import { documentsOf } from "../../model/plan/plan.ts";
import { describeProblem, UserError } from "../../model/problem.ts";
import { imageLockText } from "../../model/stack/images/lock.ts";
import { planFresh } from "../../model/report/server-files.ts";
import { digest, rightStack, type TrialRepository } from "../config/trial-repository.ts";
import { files, roles } from "./application.ts";

/** What becomes of an application: lines of what servers get by part, and what people are told. */
export interface Told {
  readonly shared: readonly string[];
  readonly release: readonly string[];
  /** What belongs to neither: networks, volumes, claims. */
  readonly common: readonly string[];
  readonly notes: readonly string[];
  readonly problems: readonly string[];
}

const stack = {
  host: rightStack.host,
  directory: "/opt/trial",
  project: "trial",
  services: { moves: { release: true }, mate: { release: true } },
  proxy: rightStack.proxy,
  variables: { SEEN: "value-4711" },
  fingerprintKey: rightStack.fingerprintKey,
};

/** The images of shared services, also of those that a sample brings along. */
const locked = ["stays", "db", "all", "parent", "more", "other", "seen-4711"];

const release = { version: "1", images: { moves: digest("moves"), mate: digest("mate") } };

/** Writes everything but the compose file. */
export function prepare(repository: TrialRepository): void {
  repository.write("release.json", JSON.stringify(release));
  const entry = { digest: digest("").slice(1), platforms: ["linux/amd64"] };
  repository.write("slipway.lock", imageLockText(Object.fromEntries(locked.map((name) => [`${name}:latest`, entry]))));
  for (const [path, text] of Object.entries(files)) repository.write(path, text);
  repository.track("compose.yaml", ...Object.keys(files));
}

/** Reads and plans a compose file as `slipway render` does. */
export async function toldOf(repository: TrialRepository, compose: string): Promise<Told> {
  repository.write("compose.yaml", compose);
  const ports = /^ {4}ports:/m.test(compose)
    ? { ports: Object.fromEntries(roles.map((role, at) => [role, 9100 + at])) }
    : {};
  const texts = Object.fromEntries(
    Object.entries({ ...stack, ...ports }).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  const source: StackTexts = { project: "trial", stack: "staging", root: repository.folder, texts, environment: {} };
  const { read, problems } = await readStack({ ...source, purpose: "run", encrypted: [] });
  const lines = compose.split("\n");
  const told = problems.map((problem) => withService(describeProblem(problem), lines));
  const nothing = { shared: [], release: [], common: [] };
  if (read === undefined) return { ...nothing, notes: [], problems: told };
  const { deployment, stack: planned } = read;
  const notes = planned.notes.map((note) => withService(note, lines));
  try {
    return {
      ...renderedLines(planFresh({ deployment, unknown: [], namesKnown: true, plain: {} })),
      notes,
      problems: told,
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const more = error.problems.map((problem) => withService(describeProblem(problem), lines));
    return { ...nothing, notes, problems: [...told, ...more] };
  }
}

/** The part of each kind of document; the proxy is of the release. */
const parts: Readonly<Record<string, "shared" | "release">> = {
  files: "shared",
  secrets: "shared",
  compose: "shared",
  proxy: "release",
  rollout: "release",
};

function renderedLines(plan: ReturnType<typeof planFresh>): Pick<Told, "shared" | "release" | "common"> {
  const [host] = Object.values(plan.hosts);
  const documents = host === undefined ? [] : documentsOf(host).map(({ document }) => document);
  const linesIn = (part: string): string[] =>
    documents
      .filter(({ resource, kind }) => (parts[resource] ?? parts[kind] ?? "common") === part)
      .flatMap(({ body }) => leafLines(body, ""));
  return { shared: linesIn("shared"), release: linesIn("release"), common: linesIn("common") };
}

function leafLines(value: unknown, path: string): string[] {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("utf8").split("\n");
  if (Array.isArray(value)) return value.flatMap((item, index) => leafLines(item, `${path}.${index}`));
  if (isMap(value)) return Object.entries(value).flatMap(([key, below]) => leafLines(below, `${path}.${key}`));
  return [`${path}: ${String(value)}`];
}

/** A message with the service in whose lines its place is. */
function withService(message: string, lines: readonly string[]): string {
  const line = /compose\.yaml:(\d+):/.exec(message)?.[1];
  const above = lines.slice(0, Number(line ?? 0)).findLast((text) => /^ {2}\S/.test(text) || /^\S/.test(text));
  return line === undefined ? message : `${message} [${(above ?? "").replace(":", "").trim()}]`;
}
