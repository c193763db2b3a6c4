import { beforeAll, describe, expect, it } from "vitest";
import { fullSeries } from "../../series.ts";
import { docker } from "../docker.ts";
import { runningIn, type ReleaseSight } from "./release-sight.ts";
import { ReleaseStack } from "./release-stack.ts";

let stack: ReleaseStack;
let sight: ReleaseSight;

beforeAll(async () => {
  const opened = await ReleaseStack.open();
  ({ stack } = opened);
  ({ sight } = stack);
  await stack.up({ version: "1.0.0" });
  return opened.close;
});

const warmRunning = { rollout: { warm: "running" } } as const;

describe("the worker of a release", () => {
  it("starts when its release serves and the worker before has stopped: two never work at once (E2)", async () => {
    expect((await stack.up({ version: "2.0.0" }, warmRunning)).error).toBe("");
    const [workers, webs] = [sight.ran("worker"), sight.ran("web")];
    expect(sight.ranAtOnce("worker")).toBe(false);
    // The worker of the release before had work until the new release was checked.
    expect((workers["blue"]?.[1] ?? "") > (webs["green"]?.[0] ?? "x")).toBe(true);
    expect(sight.containers("green")).toEqual(runningIn("green"));
  });

  it("stays stopped in a warm colour that runs, and that is no drift (E5)", async () => {
    const idle = runningIn("blue").map((one) => one.replace("worker-blue running", "worker-blue exited"));
    expect(sight.containers("blue")).toEqual(idle);
    expect(await sight.differences()).toEqual([]);
    docker("start", `${stack.project}-worker-blue`);
    expect(await sight.differences()).toEqual(["confirm: 1.0.0 in blue: running => running"]);
    expect((await stack.up({ version: "2.0.0" }, warmRunning)).error).toBe("");
    expect(sight.containers("blue")).toEqual(idle);
    expect(await sight.differences()).toEqual([]);
  });

  it("that does not run leads back to the release before, whose worker works again (E4, E18)", async () => {
    const { error } = await stack.up({ version: "lazy" }, { worker: { crashAtBoot: true }, boot: 3 });
    expect(error).toMatch(
      /^lazy is unhealthy after the switch: 'worker' .*; 2\.0\.0 in green serves again, and lazy is h/,
    );
    expect(await sight.serves()).toBe("2.0.0");
    expect(sight.containers("green")).toEqual(runningIn("green"));
    expect(sight.containers("blue")).toEqual([]);
    expect((await sight.fact()).holds).toMatchObject([{ release: "lazy", by: "watch" }]);
    expect(await sight.differences()).toEqual([]);
  });

  it.runIf(fullSeries)(
    "starts with its release if the stack says so: both work until the release is confirmed",
    async () => {
      const more = { ...warmRunning, start: "with-release" } as const;
      expect((await stack.up({ version: "3.0.0" }, more)).error).toBe("");
      // That of 2.0.0 started after the switch, so it is stopped all the same.
      expect(sight.containers("blue")).toEqual(runningIn("blue"));
      expect((await stack.up({ version: "4.0.0" }, more)).error).toBe("");
      expect(sight.ranAtOnce("worker")).toBe(true);
      expect(sight.containers("blue")).toEqual(runningIn("blue"));
      expect(await sight.differences()).toEqual([]);
    },
  );
});

describe("two releases of which neither is well", () => {
  /** Brings a release of which a service dies in the watch, and something happens to the one before. */
  async function bringDying(version: string, before: () => void) {
    await stack.session.begin();
    const end = await stack.roll({ version }, { rollout: { watch: 20 } }, (step) => {
      if (step !== "rollout watch") return;
      before();
      const colour = sight.containers("green").some((line) => line === "web-green running") ? "green" : "blue";
      docker("kill", `${stack.project}-web-${colour}`);
    });
    await stack.session.end();
    return end;
  }

  it("leave the traffic with the one that was verified, if the other answers no better (E13, F40)", async () => {
    expect((await stack.up({ version: "5.0.0" })).error).toBe("");
    const [live] = (await sight.fact()).colours.filter(({ state }) => state === "live");
    const before = live?.colour ?? "blue";
    const { error } = await bringDying("6.0.0", () => docker("rm", "--force", `${stack.project}-web-${before}`));
    expect(error).toMatch(
      /critical: 5\.0\.0 in \w+ is unhealthy as well: 'web' has no container; 5\.0\.0 in \w+ serves/,
    );
    expect(await sight.serves()).toBe("5.0.0");
    expect((await sight.fact()).records.at(-1)).toMatchObject({ verdict: "failed", release: "6.0.0", critical: true });
    // The proxy and the rest of the release run on, and the next run starts from there.
    expect(sight.containers(before)).toContain(`worker-${before} running`);
    expect((await stack.up({ version: "5.0.0" })).error).toBe("");
    expect(sight.containers(before)).toEqual(runningIn(before));
  });

  it.runIf(fullSeries)(
    "leave it with the new one if that answers better; it stays, unverified (E13, F40)",
    async () => {
      const [live] = (await sight.fact()).colours.filter(({ state }) => state === "live");
      const before = live?.colour ?? "blue";
      const remove = () => {
        const names = ["api", "web"].flatMap((name) =>
          sight.containers(before).filter((line) => line.startsWith(name)),
        );
        docker("rm", "--force", ...names.map((line) => `${stack.project}-${line.replace(/ .*/, "")}`));
      };
      const { error } = await bringDying("7.0.0", remove);
      expect(error).toMatch(
        /critical: 5\.0\.0 in \w+ is unhealthy as well: .*; it stays, unverified: 5\.0\.0 in \w+ cannot/,
      );
      expect(await sight.serves("api")).toBe("7.0.0");
      expect((await sight.fact()).records.at(-1)).toMatchObject({ critical: true });
      expect((await stack.up({ version: "8.0.0" })).error).toBe("");
      expect(await sight.serves("web")).toBe("8.0.0");
      expect(await sight.differences()).toEqual([]);
    },
  );

  it.runIf(fullSeries)(
    "are told of where a new one fails at the gate and the one that serves is ill (E13)",
    async () => {
      const [live] = (await sight.fact()).colours.filter(({ state }) => state === "live");
      docker("rm", "--force", `${stack.project}-web-${live?.colour ?? ""}`);
      const { error } = await stack.up({ version: "9.0.0", crashAtBoot: true }, { boot: 3 });
      expect(error).toMatch(/critical: 8\.0\.0 in \w+, which serves, is unhealthy as well: 'web' has no container$/);
      expect((await sight.fact()).records.at(-1)).toMatchObject({ verdict: "failed", critical: true });
      expect((await stack.up({ version: "8.0.0" })).error).toBe("");
      expect(await sight.differences()).toEqual([]);
    },
  );
});
