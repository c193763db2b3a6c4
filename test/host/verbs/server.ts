import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { Engine } from "../../../host/docker/engine.ts";
import { stackPlaces } from "../../../host/places.ts";
import type { Work } from "../../../host/verbs/verb.ts";
import { ServerView } from "../../../host/view.ts";

/** This machine as a server: its own engine, and slipway's folders in a place that goes with the test. */
export interface TestServer {
  readonly folder: string;
  /** A name that no other test uses, for what the engine keeps. */
  readonly unique: string;
  /** All that the verbs told people. */
  readonly said: string[];
  /** A verb's work on an object, as a process of its own has it. */
  readonly work: (object: string, more?: Partial<Pick<Work, "secrets" | "number" | "hash" | "resource">>) => Work;
}

let servers = 0;

export function testServer(stack = "shop/staging"): TestServer {
  const folder = mkdtempSync(join(tmpdir(), "slipway-verb-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const places = stackPlaces({ state: join(folder, "state"), run: join(folder, "run") }, stack);
  const said: string[] = [];
  servers += 1;
  return {
    folder,
    unique: `slipway-verb-${process.pid}-${servers}`,
    said,
    work: (object, more) => {
      const view = new ServerView(places, new Engine());
      return Object.assign(view, {
        object,
        number: "4.2",
        hash: "0".repeat(64),
        resource: "staging-test",
        secrets: new Map<string, Uint8Array>(),
        signal: new AbortController().signal,
        say: (phase: string, message: string) => void said.push(`${phase}: ${message}`),
        journal: () => undefined,
        ...more,
      });
    },
  };
}
