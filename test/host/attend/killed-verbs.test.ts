import { expect, it } from "vitest";
import { tellKilledVerbs } from "../../../host/attend/killed-verbs.ts";
import { Engine } from "../../../host/docker/engine.ts";
import { settleWork } from "../../../host/release/settle-work.ts";
import { step } from "../../../host/work.ts";
import { ServerView } from "../../../host/view.ts";
import { stackPlaces } from "../../../host/places.ts";
import { LocalServer, staging } from "./local-server.ts";

it("a release that an attending process settled is no killed verb to the next run (F1, F85)", async () => {
  const server = new LocalServer();
  const view = new ServerView(stackPlaces(server.places, staging), new Engine());
  await step(
    settleWork(view, () => undefined, "run-1"),
    "switch back",
    () => undefined,
  );
  expect(view.state.journalLines(9)).toHaveLength(2);
  const said: string[] = [];
  tellKilledVerbs(view.state, (phase, message) => said.push(`${phase}: ${message}`));
  expect(said).toEqual([]);
});
