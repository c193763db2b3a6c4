import { join } from "node:path";
import { boundFolder, isFolder } from "../../model/data-place.ts";
import { readBody } from "../../model/document/bodies.ts";
import { readDocument } from "../../model/document/reader.ts";
import type { ObservationScope } from "../../model/facts/scope.ts";
import type { Call } from "../door.ts";
import { Failure } from "../failure.ts";
import { Lock } from "../lock.ts";
import { observe } from "../observe/observe.ts";
import type { Places } from "../places.ts";
import type { StackState } from "../state/stack-state.ts";
import { ServerView } from "../view.ts";
import { Answers } from "./answers.ts";
import { ownProgram, touchProgram } from "../session/program.ts";
import { Requests, type RequestLimits } from "./requests.ts";

/** A key that only observes is not trusted to leave the server any memory (SEC-A6). */
const limits: RequestLimits = { line: 64 * 1024, waiting: 128 * 1024, count: 100 };

/** Seconds to wait for the observation of another such key, and then for the client to read the answer. */
const turnSeconds = 30;
const readSeconds = 30;

/** Observes for a key that may do nothing else: it asks for names and ports, and every path is a document's. */
export async function observeInstalled({ words, places, impatientEngine, messages, silence }: Call): Promise<number> {
  const answers = new Answers(words[0]);
  touchProgram(places, ownProgram());
  const requests = new Requests(process.stdin, { heard: () => undefined, say: messages.say, silence, limits });
  answers.send({ to: "start" });
  for await (const request of requests) {
    if (request.do === "end") break;
    if (request.do === "alive") continue;
    if (request.do !== "observe") {
      throw new Failure("observe", `this key only observes, got '${request.do}'; use a key that may deploy`);
    }
    const view = new ServerView(places, impatientEngine);
    const observation = await inTurn(places, () => observe(view, installedScope(view.state, request.scope)));
    answers.send({ to: "observe", observation });
    await answers.requireReader(readSeconds);
  }
  requests.stop();
  answers.send({ to: "end" });
  await answers.end();
  return 0;
}

/** Does one observation after the other, whatever number of connections such keys open. */
async function inTurn<Result>({ run }: Pick<Places, "run">, act: () => Promise<Result>): Promise<Result> {
  using turn = await Lock.take(join(run, "observe.lock"), { seconds: turnSeconds });
  if (turn === undefined) {
    throw new Failure("observe", `other observations take longer than ${turnSeconds} s; try again`);
  }
  return await act();
}

/** The names and ports that were asked for, with the paths of the documents that this stack applied. */
export function installedScope(state: StackState, asked: ObservationScope): ObservationScope {
  const { projects, containers, ports, volumes, networks, subnets, bridges, handMade, records } = asked;
  const clusters: Record<string, string> = {};
  const bound: Record<string, string> = {};
  const folders = new Set<string>();
  let directory: string | undefined;
  for (const { kind, text } of state.allApplied().applied) {
    const body = readDocument(text)?.document.body;
    if (kind === "directory") directory = readBody(kind, body).body?.path;
    const volume = kind === "volume" ? readBody(kind, body).body : undefined;
    if (volume?.cluster !== undefined) clusters[volume.volume] = volume.cluster;
    const folder = volume && boundFolder(volume.making ?? {});
    if (volume !== undefined && folder !== undefined) bound[volume.volume] = folder;
    if (volume !== undefined && isFolder(volume.volume)) folders.add(volume.volume);
  }
  const known = volumes.filter((volume) => !isFolder(volume) || folders.has(volume));
  const scope = { projects, containers, ports, volumes: known, networks, subnets, bridges, clusters, bound };
  // It answers for names, and lists nothing of others.
  const named = handMade === undefined || handMade === "all" ? {} : { handMade };
  const all = { ...scope, ...named, ...(records !== undefined && { records }) };
  return { ...all, ...(directory === undefined ? {} : { directory }) };
}
