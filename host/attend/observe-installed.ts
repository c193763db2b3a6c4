import { readBody } from "../../model/document/bodies.ts";
import { readDocument } from "../../model/document/reader.ts";
import type { ObservationScope } from "../../model/facts/scope.ts";
import type { Call } from "../door.ts";
import { Failure } from "../failure.ts";
import { observe } from "../observe/observe.ts";
import type { StackState } from "../state/stack-state.ts";
import { ServerView } from "../view.ts";
import { Answers } from "./answers.ts";
import { ownProgram, touchProgram } from "./program.ts";
import { Requests } from "./requests.ts";

/** Observes for a key that may do nothing else: it asks for names and ports, and every path is a document's. */
export async function observeInstalled({ words, places, impatientEngine, messages, silence }: Call): Promise<number> {
  const answers = new Answers(words[0]);
  touchProgram(places, ownProgram());
  const requests = new Requests(process.stdin, { heard: () => undefined, say: messages.say, silence });
  answers.send({ to: "start" });
  for await (const request of requests) {
    if (request.do === "end") break;
    if (request.do === "alive") continue;
    if (request.do !== "observe") {
      throw new Failure("observe", `this key only observes, got '${request.do}'; use a key that may deploy`);
    }
    const view = new ServerView(places, impatientEngine);
    answers.send({ to: "observe", observation: await observe(view, installedScope(view.state, request.scope)) });
  }
  requests.stop();
  answers.send({ to: "end" });
  await answers.end();
  return 0;
}

/** The names and ports that were asked for, with the paths of the documents that this stack applied. */
function installedScope(state: StackState, { projects, ports, volumes }: ObservationScope): ObservationScope {
  const clusters: Record<string, string> = {};
  let directory: string | undefined;
  for (const { kind, text } of state.allApplied().applied) {
    const body = readDocument(text)?.document.body;
    if (kind === "directory") directory = readBody(kind, body).body?.path;
    const volume = kind === "volume" ? readBody(kind, body).body : undefined;
    if (volume?.cluster !== undefined) clusters[volume.volume] = volume.cluster;
  }
  return { projects, ports, volumes, clusters, ...(directory === undefined ? {} : { directory }) };
}
