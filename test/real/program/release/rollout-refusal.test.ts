import { series } from "../../series.ts";
import { beforeAll, describe, expect, it } from "vitest";
import { docker } from "../docker.ts";
import type { ReleaseSight } from "./release-sight.ts";
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

const ill = [
  { what: "exits at once (F35)", release: { version: "crash", crashAtBoot: true }, says: /(is exited|restart)/ },
  { what: "flaps (F37)", release: { version: "flaps", flapEvery: "300ms" }, says: /well at most \d times in a row/ },
  {
    what: "is unhealthy",
    release: { version: "sick", unhealthy: true },
    says: /'api' was not healthy within 3 s: it answered 503/,
  },
];

describe("a rollout of a bad release", () => {
  it.each(series(ill, ill.slice(0, 1)))(
    "refuses one that $what: the old one serves, and the new one is down",
    async ({ release, says }) => {
      const gate = { answers: 6, seconds: 1, interval: 0.1 };
      const { error } = await stack.up(release, { boot: 3, rollout: { gate } });
      expect(error).toMatch(says);
      expect(stack.said).toContain("release: green is down again; blue serves as before");
      expect(sight.containers("green")).toEqual([]);
      expect(await sight.serves()).toBe("1.0.0");
      expect(await sight.colours()).toEqual(["blue live 1.0.0 verified", "green idle"]);
      expect((await sight.verdicts()).at(-1)).toMatch(new RegExp(`failed ${release.version}$`));
      expect((await sight.fact()).verified?.release).toBe("1.0.0");
      expect(await sight.differences()).toEqual([]);
    },
  );

  it("rejects one of which a service without a port that starts with it does not run", async () => {
    const more = { worker: { crashAtBoot: true }, boot: 3, start: "with-release" } as const;
    const { error } = await stack.up({ version: "lazy" }, more);
    expect(error).toMatch(/^lazy is unhealthy: 'worker' (is exited|is restarting|restarts)/);
    expect(sight.containers("green")).toEqual([]);
  });

  it("rejects one whose limits do not fit into the free memory, before it starts (F16, E12, SEC-B7)", async () => {
    await stack.session.begin();
    const text = await stack.changed({ version: "fat" }, { memory: String(1024 ** 4) });
    const steps: string[] = [];
    const { error } = await stack.apply("rollout", text, (step) => steps.push(step));
    await stack.session.end();
    expect(error).toMatch(/^the new colour may use 1048576 MB by its limits, got [0-9]+ MB of free memory/);
    expect(steps).toEqual(["rollout begin", "rollout prepare", "rollout fail"]);
    expect(await sight.colours()).toEqual(["blue live 1.0.0 verified", "green idle"]);
  });

  it("leaves one that dies in the watch for the one before it, and holds it (F39, E4, E18)", async () => {
    await stack.session.begin();
    const { error } = await stack.roll({ version: "frail" }, { rollout: { watch: 20 } }, (step) => {
      if (step === "rollout watch") docker("kill", `${stack.project}-web-green`);
    });
    await stack.session.end();
    expect(error).toMatch(/^frail is unhealthy after the switch: .*; 1\.0\.0 in blue serves again, and frail is held/);
    expect(await sight.serves()).toBe("1.0.0");
    expect(sight.containers("green")).toEqual([]);
    expect(await sight.colours()).toEqual(["blue live 1.0.0 verified", "green idle"]);
    expect((await sight.fact()).holds).toMatchObject([{ release: "frail", by: "watch" }]);
    expect((await sight.verdicts()).at(-1)).toMatch(/failed frail$/);
  });

  it("rejects a release that is held, in the plan; the one that serves stays as it is (F68)", async () => {
    await expect(stack.plan({ version: "frail" }, { rollout: { watch: 20 } })).rejects.toThrow(
      /release: 'frail' is held by watch since .*release another version/,
    );
    expect((await stack.up({ version: "1.0.0" })).error).toBe("");
    expect(await sight.differences()).toEqual([]);
  });

  it("rejects a release that is held on the server, whatever the plan said (F68)", async () => {
    const { rollout } = await stack.plan({ version: "banned" });
    const since = "2026-01-01T00:00:00Z";
    const hold = { release: "banned", hash: rollout.hash, by: "hand", who: "ada", why: "not today", since };
    stack.view().state.remember("holds", [hold]);
    await stack.session.begin();
    const { error } = await stack.apply("rollout", rollout.text);
    await stack.session.end();
    expect(error).toMatch(/^release 'banned' is held by hand \(ada\) since .*: not today \(document/);
    expect(error).toMatch(/; release another version, or let this one be .* `slipway resume banned`$/);
    expect(await sight.serves()).toBe("1.0.0");
  });

  it("rejects routes that the proxy does not follow, and the old ones come back (F56)", async () => {
    await stack.session.begin();
    const routes = Buffer.from("# colour: <colour>, release: 3, generation: <generation>\nhttp: [\n");
    const { error } = await stack.apply("rollout", await stack.changed({ version: "3.0.0" }, { routes }));
    await stack.session.end();
    expect(error).toContain("the proxy does not route by the new");
    expect(stack.said.join("\n")).toMatch(/the last lines of 'slipway-proxy':/);
    expect(await sight.serves()).toBe("1.0.0");
    expect(sight.containers("green")).toEqual([]);
  });
});
