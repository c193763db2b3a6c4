import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { bodySchemas } from "../../../../model/document/bodies.ts";
import { formatNumber } from "../../../../model/document/number.ts";
import { objectOf } from "../../../../model/document/object.ts";
import { readDocument } from "../../../../model/document/reader.ts";
import { documentHash } from "../../../../model/document/writer.ts";
import { Engine, type NetworkSpec } from "../../../../host/docker/engine.ts";
import { stackPlaces } from "../../../../host/places.ts";
import { compose } from "../../../../host/verbs/compose.ts";
import { migration } from "../../../../host/verbs/migration.ts";
import { networks } from "../../../../host/verbs/networks.ts";
import type { Work } from "../../../../host/work.ts";
import { ServerView } from "../../../../host/view.ts";

/** A verb whose process kills itself as soon as it has noted a step, or right before or after an act of the engine. */
export const taskSchema = z.object({
  folder: z.string(),
  document: z.string(),
  step: z.string(),
  secrets: z.record(z.string(), z.string()),
});

function dieAt(step: string): void {
  if (step === task.step) process.kill(process.pid, "SIGKILL");
}

async function around<Result>(name: string, act: () => Promise<Result>): Promise<Result> {
  dieAt(`before ${name}`);
  const result = await act();
  dieAt(`after ${name}`);
  return result;
}

class MortalEngine extends Engine {
  override async createNetwork(spec: NetworkSpec): Promise<void> {
    await around("create", () => super.createNetwork(spec));
  }

  override async removeNetwork(id: string): Promise<void> {
    await around("remove", () => super.removeNetwork(id));
  }

  override async connect(...words: Parameters<Engine["connect"]>): Promise<void> {
    await around("connect", () => super.connect(...words));
  }

  override async rename(id: string, name: string): Promise<void> {
    await around("rename", () => super.rename(id, name));
  }
}

const task = taskSchema.parse(JSON.parse(readFileSync(0, "utf8")));
const read = readDocument(task.document);
if (read === undefined) throw new Error("the document cannot be read");
const { document, number } = read;
const places = stackPlaces({ state: `${task.folder}/state`, run: `${task.folder}/run` }, "shop/staging");
const work: Work = Object.assign(new ServerView(places, new MortalEngine()), {
  object: objectOf(document),
  run: "run-1",
  number: formatNumber(number),
  hash: documentHash(document),
  resource: document.resource,
  secrets: new Map(Object.entries(task.secrets).map(([name, value]) => [name, Buffer.from(value)])),
  signal: AbortSignal.timeout(60_000),
  say: (phase: string, message: string) => void process.stderr.write(`${phase}: ${message}\n`),
  journal: dieAt,
});

if (document.kind === "compose") await compose.apply(bodySchemas.compose.parse(document.body), work);
else if (document.kind === "networks") await networks.apply(bodySchemas.networks.parse(document.body), work);
else await migration.apply(bodySchemas.migration.parse(document.body), work);
