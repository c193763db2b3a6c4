import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The parts of the host program in the order in which bash reads them. */
export const hostParts = [
  "strict",
  "report",
  "places",
  "write",
  "presence",
  "lease",
  "wants",
  "observe",
  "observe-applied",
  "attend",
  "document",
  "document-answer",
  "reading",
  "applied",
  "docker",
  "verb",
  "claims",
  "listeners",
  "claim",
  "remarks",
  "directory",
  "delivery",
  "variables",
  "files",
  "secrets",
  "networks",
  "volumes",
  "volume",
  "images",
  "drift",
  "drift-files",
  "mask",
  "mounts",
  "rewritten",
  "project",
  "events",
  "wait",
  "compose",
  "probe",
  "gate",
  "routes",
  "migration",
  "rollout",
  "main",
] as const;

/** Bundles `host/`, the program that runs on servers, into one text, so that a server gets it in one piece. */
export function bundleHostProgram(): string {
  const folder = join(import.meta.dirname, "..", "host");
  const parts = hostParts.map((part) => readFileSync(join(folder, `${part}.sh`), "utf8"));
  return ["#!/usr/bin/env bash\n", ...parts].join("");
}
