import type { HandMade, HandMadeContainer } from "../../../../model/facts/hand-made/hand-made.ts";
import type { Observation } from "../../../../model/facts/observation.ts";
import type { Deployment } from "../../../../model/stack/deployment.ts";
import { shop } from "../../stack/small-applications.ts";
import { observed } from "../observed.ts";

/** The shop, which takes the place of a hand-made project. */
export function taking(also: Partial<Deployment["adopt"]> = {}, more: Partial<Deployment> = {}): Deployment {
  return { ...shop(), adopt: { project: "old", done: false, data: {}, ...also }, ...more };
}

/** A container of the project that was made by hand. */
export function container(service: string, also: Partial<HandMadeContainer> = {}): HandMadeContainer {
  return { name: `old-${service}-1`, service, image: `${service}:1`, running: true, ports: [], mounts: [], ...also };
}

/** The volume of its database. */
export const rows = { kind: "volume", source: "old_rows", target: "/var/lib/postgresql" } as const;

/** The hand-made project that does the work of the shop. */
export function handMade(also: Partial<HandMade> = {}): HandMade {
  const containers = [container("web", { ports: ["127.0.0.1:8080"] }), container("database", { mounts: [rows] })];
  return { project: "old", folder: "/opt/old", containers, networks: ["old_default"], ...also };
}

/** The volumes of the shop as they are before its first deployment, when the old database has one of them. */
export function facts(also: Partial<Observation> = {}): Observation {
  const there = { exists: true, cluster: "", major: "", folder: "1", empty: false, remembered: null, owner: "" };
  return observed({ handMade: [handMade()], volumes: [{ ...there, volume: "old_rows" }], ...also });
}

/** The key by which the shop keeps that volume. */
export const kept = { volumes: { rows: "old_rows" } };
