import { text } from "node:stream/consumers";
import type { Call } from "../door.ts";
import { Failure, sameVersion } from "../failure.ts";
import { Output } from "../output.ts";
import { runVerb } from "./run-verb.ts";
import { requireKind, verbOf } from "./table.ts";

/** Runs a verb with the document on stdin, and answers with one line of JSON. */
export async function verb({ words, places, engine, messages, journaled }: Call): Promise<number> {
  const [name = "", action] = words;
  const kind = requireKind(name);
  if (action !== "apply" && action !== "delete") {
    throw new Failure(kind, `knows apply and delete, got '${action ?? ""}'; ${sameVersion}`);
  }
  const document = await text(process.stdin);
  const task = { action, places, engine, text: document, say: messages.say, journaled } as const;
  const answer = await runVerb(verbOf(kind), task);
  const output = new Output(process.stdout);
  output.write(JSON.stringify(answer));
  await output.flush();
  return 0;
}
