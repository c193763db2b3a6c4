import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DocumentValue } from "../../../model/document/document.ts";
import { readBody } from "../../../model/document/bodies.ts";
import { serverFiles, shownColour } from "../../../model/report/server-files.ts";
import { documentsOf, type HostPlan } from "../../../model/plan/plan.ts";
import { writeEnvFile } from "../../../model/stack/env/env-file.ts";
import { isOfStack, writtenEnvFiles } from "../../../model/stack/env/env-files.ts";
import type { CasePlace } from "./place.ts";

/** A file with a secret on the server. */
export interface SecretEntry {
  readonly path: string;
  readonly variable: string;
  readonly owner: string;
  readonly mode: string;
}

/** Writes everything that a server would get below the case's folder, with the values of the case. */
export function writeServer(place: CasePlace, plan: HostPlan, values: Readonly<Record<string, string>>): void {
  const env = stackEnvText(values);
  const written = Object.entries(writtenEnvFiles(plan.host.services)).map(([path, entries]): [string, string] => {
    const variables = Object.entries(entries).map(([name, variable]) => ({ name, value: values[variable] ?? "" }));
    return [`/${path}`, writeEnvFile(variables)];
  });
  const variables = new Map(secretEntries(plan).map(({ path, variable }) => [path, variable] as const));
  for (const { path, kind, content, mode } of serverFiles(plan)) {
    const file = join(place.server, path);
    mkdirSync(dirname(file), { recursive: true });
    const [, own] = written.find(([end]) => path.endsWith(end)) ?? [];
    const value = own ?? (path.endsWith("/.env") ? env : (values[variables.get(path) ?? ""] ?? ""));
    writeFileSync(file, kind === "secret" ? value : content, { mode: Number.parseInt(mode, 8) });
  }
}

/** The text of the env file with the stack's own variables. */
export function stackEnvText(values: Readonly<Record<string, string>>): string {
  const own = Object.entries(values).filter(([name]) => isOfStack(name));
  return writeEnvFile(own.map(([name, value]) => ({ name, value })));
}

/** The files with one secret each, of all parts. */
export function secretEntries(plan: HostPlan): SecretEntry[] {
  return documentsOf(plan).flatMap(({ document: { kind, body } }) => {
    const directory = wordOf(body["directory"]) + (kind === "rollout" ? `/${shownColour}` : "");
    return Object.entries(secretsOf(kind, body)).map(([path, { staged, owner, mode }]) => ({
      path: `${directory}/${path}`,
      variable: staged.replace(/^variable\./, ""),
      owner,
      mode,
    }));
  });
}

/** A field of a document that is one line of text. */
export function wordOf(value: DocumentValue | undefined): string {
  return typeof value === "string" ? value : "";
}

type Secrets = Readonly<Record<string, { readonly staged: string; readonly owner: string; readonly mode: string }>>;

function secretsOf(kind: string, body: unknown): Secrets {
  if (kind === "secrets") return readBody(kind, body).body?.files ?? {};
  if (kind === "migration") return readBody(kind, body).body?.secrets ?? {};
  return kind === "rollout" ? (readBody(kind, body).body?.secrets ?? {}) : {};
}
