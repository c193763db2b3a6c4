import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DocumentValue } from "../../../model/document/document.ts";
import { readBody } from "../../../model/document/bodies.ts";
import { serverFiles, shownColour } from "../../../model/report/server-files.ts";
import { documentsOf, type HostPlan } from "../../../model/plan/plan.ts";
import { writeEnvFile } from "../../../model/stack/env-file.ts";
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
  const env = writeEnvFile(Object.entries(values).map(([name, value]) => ({ name, value })));
  const variables = new Map(secretEntries(plan).map(({ path, variable }) => [path, variable] as const));
  for (const { path, kind, content, mode } of serverFiles(plan)) {
    const file = join(place.server, path);
    mkdirSync(dirname(file), { recursive: true });
    const value = path.endsWith("/.env") ? env : (values[variables.get(path) ?? ""] ?? "");
    writeFileSync(file, kind === "secret" ? value : content, { mode: Number.parseInt(mode, 8) });
  }
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
