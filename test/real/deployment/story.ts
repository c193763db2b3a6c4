import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { CaseDeployment } from "./case-deployment.ts";
import { stackName } from "./configuration.ts";
import { runOn, type DeployedContainer } from "./containers.ts";
import { dataPaths, missingPaths } from "./data.ts";
import { conversationFaults } from "./conversation.ts";
import type { Deployment } from "./deployments.ts";
import { releaseAddresses, underLoad } from "./load.ts";

const long = 900_000;

/** What must hold for every application that is deployed, from the first `up` to `destroy`. */
export function describeDeployment(deployment: Deployment, cases: string): void {
  describe(`${deployment.name} (${deployment.shows})`, () => {
    let opened: CaseDeployment;
    let isOpen = false;
    let isUp = false;

    beforeAll(async () => {
      opened = await CaseDeployment.open(deployment, cases);
      isOpen = true;
    }, long);
    afterAll(async () => {
      if (isOpen) await opened[Symbol.asyncDispose]();
    }, long);
    beforeEach(({ skip, task }) => {
      // Without the first `up`, every other test would only say so once more, after minutes.
      if (!isUp && !task.name.startsWith("comes up")) skip();
    });

    const run = (operation: "up" | "destroy") => opened.project.succeed(operation, stackName, opened.server);

    test(
      "comes up, and each service reaches exactly whom the file lets it reach",
      async () => {
        await run("up");
        isUp = true;
        expect(await conversationFaults(opened)).toEqual([]);
        expect(unfinishedJobs(opened, await opened.containers())).toEqual([]);
      },
      long,
    );

    test(
      "restarts nothing in an `up` without a change",
      async () => {
        const before = (await opened.containers()).map(inShort).sort();
        expect(Object.keys((await run("up")).events.changes)).toEqual(["same"]);
        expect((await opened.containers()).map(inShort).sort()).toEqual(before);
      },
      long,
    );

    test(
      "takes a new release without a lost request, if it has a release",
      async ({ skip }) => {
        if (!opened.comparison.pairs.some(({ part }) => part.kind === "release")) skip();
        await opened.release("2.0.0");
        const loads = await underLoad(opened, () => run("up"));
        expect(loads).toHaveLength(releaseAddresses(opened).length);
        for (const { failures, releases } of loads) {
          expect(failures).toEqual([]);
          expect(Object.keys(releases).sort()).toEqual(["1.0.0", "2.0.0"]);
        }
        expect(await opened.project.output(stackName, "live")).toMatchObject({ main: { release: "2.0.0" } });
        expect(await conversationFaults(opened)).toEqual([]);
      },
      long,
    );

    test(
      "shows a removed container as drift, and brings it back",
      async () => {
        const services = opened.players.filter(({ ends }) => !ends).map(({ service }) => service);
        const running = (await opened.containers()).find(
          ({ state, service }) => state === "running" && services.includes(service),
        );
        await runOn(opened.server, `docker rm --force ${running?.id ?? ""}`);
        const drift = await opened.project.slipway(["drift"], stackName, opened.server);
        expect(drift.code, drift.stdout + drift.stderr).toBe(3);
        await run("up");
        expect(await conversationFaults(opened)).toEqual([]);
      },
      long,
    );

    test(
      "is destroyed, and its data stays",
      async () => {
        const paths = await dataPaths(opened);
        await run("destroy");
        expect(await opened.containers()).toEqual([]);
        expect(await missingPaths(opened, paths)).toEqual([]);
      },
      long,
    );
  });
}

function inShort({ id, state, startedAt }: DeployedContainer): string {
  return `${id} ${state} ${startedAt}`;
}

/** Jobs end with 0, and stay ended. */
function unfinishedJobs({ players }: CaseDeployment, containers: readonly DeployedContainer[]): string[] {
  const jobs = players.filter(({ ends }) => ends).map(({ service }) => service);
  return containers
    .filter(({ service }) => jobs.includes(service))
    .filter(({ state, exitCode }) => state !== "exited" || exitCode !== 0)
    .map(({ service, state }) => `${service} is ${state}`);
}
