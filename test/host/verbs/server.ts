import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { Engine } from "../../../host/docker/engine.ts";
import { stackPlaces } from "../../../host/places.ts";
import type { Work } from "../../../host/work.ts";
import { ServerView } from "../../../host/view.ts";

/** This machine as a server: its own engine, and slipway's folders in a place that goes with the test. */
export interface TestServer {
  readonly folder: string;
  /** A name that no other test uses, for what the engine keeps. */
  readonly unique: string;
  /** All that the verbs told people. */
  readonly said: string[];
  /** A verb's work on an object, as a process of its own has it. */
  readonly work: (
    object: string,
    more?: Partial<Pick<Work, "secrets" | "run" | "number" | "hash" | "resource" | "signal" | "journal">>,
  ) => Work;
}

let servers = 0;

/** A server with a stack of its own, or another stack on the server of one. */
export function testServer(stack = "shop/staging", beside?: TestServer): TestServer {
  const folder = beside?.folder ?? mkdtempSync(join(tmpdir(), "slipway-verb-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const places = stackPlaces({ state: join(folder, "state"), run: join(folder, "run") }, stack);
  const said: string[] = [];
  servers += 1;
  return {
    folder,
    unique: beside?.unique ?? `slipway-verb-${process.pid}-${servers}`,
    said,
    work: (object, more) => {
      const view = new ServerView(places, new Engine());
      return Object.assign(view, {
        object,
        run: "run-1",
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
