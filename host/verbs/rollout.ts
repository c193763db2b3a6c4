import { colours as allColours, otherColour, type Colour } from "../../model/colour.ts";
import { longestDeadline, type Body } from "../../model/document/bodies.ts";
import type { Difference } from "../../model/facts/observation.ts";
import { messageOf } from "../../model/problem.ts";
import { dataAnswer, DataGuard } from "../data/guard.ts";
import { Failure } from "../failure.ts";
import { withClients } from "../network/clients.ts";
import { staleMounts } from "../project/mounts.ts";
import { ProjectView } from "../project/project-view.ts";
import { Snapshot } from "../project/snapshot.ts";
import { rememberAttempt } from "../records/attempt.ts";
import { colourPlace, snapshotOf } from "../colours/colour.ts";
import { Colours } from "../colours/colours.ts";
import { liveAnswer } from "../release/fact.ts";
import { findLive } from "../colours/live.ts";
import { forgetDocuments } from "../colours/kept-documents.ts";
import { DatabaseSchemas } from "../state/database-schemas.ts";
import { removeStateJson, stateJson } from "../colours/state-json.ts";
import { Rollout, undoSeconds } from "../release/rollout.ts";
import { Routes } from "../colours/routes.ts";
import { takeDown } from "../release/take-down.ts";
import type { Told, Verb } from "./verb.ts";
import type { View } from "../view.ts";

/** The release in one of two colours, and the routes that lead to it. */
export const rollout: Verb<"rollout"> = {
  kind: "rollout",

  seconds(body) {
    const gates = Object.values(body.services).map(({ gate }) => gate.seconds + gate.answers * (gate.interval + 3));
    return 4 * longestDeadline(body) + 2 * Math.ceil(Math.max(0, ...gates)) + body.watch + 900;
  },

  undoSeconds: () => undoSeconds,

  async differences(body, view) {
    const routes = new Routes(body, view.engine);
    const colours = Colours.read(view.state, body, routes.head());
    const live = await findLive(colours, view);
    if (live === undefined) return [{ where: "release", expected: "a colour that serves", found: "none" }];
    const applied = view.state.applied("rollout");
    const entry = colours.of(live);
    const other: Difference = { where: live, expected: body.release, found: entry?.release ?? "an unknown release" };
    const changed = routes.difference(await withClients(body.routes, view));
    return [
      ...(entry?.hash === applied?.hash ? [] : [other]),
      ...(changed === undefined ? [] : [{ where: routes.path, expected: "as it was written", found: changed }]),
      ...(await colourDifferences(body, live, view)),
      ...(await otherDifferences(body, colours, otherColour(live), view)),
    ];
  },

  async apply(body, work) {
    const guard = new DataGuard(body.services, work);
    await guard.check();
    rememberAttempt(work.state, { run: work.run, release: body.release, why: "" });
    new DatabaseSchemas(work.state).noteNamed(body, work);
    try {
      const filled = { ...body, routes: await withClients(body.routes, work) };
      await new Rollout(filled, work).apply((service) => guard.remember(service));
    } catch (error) {
      const critical = error instanceof Failure && error.critical && ({ critical: true } as const);
      rememberAttempt(work.state, { run: work.run, release: body.release, why: messageOf(error), ...critical });
      throw error;
    }
    return tell(body, work);
  },

  told: tell,

  async remove(body, work) {
    new Routes(body, work.engine).remove();
    for (const colour of allColours) await takeDown(body, colour, work);
    Colours.forget(work.state);
    forgetDocuments(work.state);
    const why = removeStateJson(body.directory);
    if (why !== undefined) work.say("release", `'${body.directory}/${stateJson}' stays: ${why}`);
  },
};

function tell(body: Body<"rollout">, view: View): Told {
  return { ...dataAnswer(body.services, view), ...liveAnswer(view) };
}

async function colourDifferences(body: Body<"rollout">, colour: Colour, view: View): Promise<Difference[]> {
  const project = new ProjectView(colourPlace(body, colour), view);
  const stale = staleMounts(await project.containers(), project.place.directory);
  return [
    ...(await new Snapshot(view).differences(snapshotOf(colour), project)),
    ...stale.map(({ container, target }) => ({
      where: `${container.name}:${target}`,
      expected: "the file as it is",
      found: "an earlier one",
    })),
  ];
}

/** A warm colour is no drift: it is kept to switch back to. */
async function otherDifferences(
  body: Body<"rollout">,
  colours: Colours,
  colour: Colour,
  view: View,
): Promise<Difference[]> {
  if (colours.of(colour)?.state === "warm") return [];
  const project = new ProjectView(colourPlace(body, colour), view);
  const found = await project.allContainers();
  if (found.length === 0) return [];
  const names = found.map(({ name }) => name).sort();
  return [{ where: project.place.project, expected: "no containers", found: names.join(" ") }];
}
