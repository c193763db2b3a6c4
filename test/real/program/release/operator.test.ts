import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { rememberSwitchBack } from "../../../../host/release/asked-switch.ts";
import { resumeHeld } from "../../../../host/operator/resume.ts";
import { OperatorSwitchBack } from "../../../../host/operator/switch-back.ts";
import { readDocument } from "../../../../model/document/reader.ts";
import { writeDocument } from "../../../../model/document/writer.ts";
import type { SwitchedBack } from "../../../../model/session/protocol.ts";
import { switchBackByHand } from "./operator-run.ts";
import type { ReleaseSight } from "./release-sight.ts";
import { ReleaseStack } from "./release-stack.ts";

let stack: ReleaseStack;
let sight: ReleaseSight;
/** The rollout document of the release that is left. */
let left: string;

const running = { rollout: { warm: "running" } } as const;
const asked = { who: "ada on laptop", why: "the cart is empty" };

beforeAll(async () => {
  const opened = await ReleaseStack.open();
  ({ stack } = opened);
  ({ sight } = stack);
  return opened.close;
});

function switchBack(): Promise<SwitchedBack> {
  return switchBackByHand(stack, asked);
}

async function resume(release?: string): Promise<string> {
  const run = await stack.session.begin();
  try {
    return resumeHeld(stack.view(), { ...asked, ...(release !== undefined && { release }) }, run).release;
  } finally {
    await stack.session.end();
  }
}

function stateJson(): unknown {
  return JSON.parse(readFileSync(join(stack.directory, "state.json"), "utf8"));
}

describe("a switch back by hand", () => {
  it("is refused where there is no warm release, and changes nothing", async () => {
    expect((await stack.up({ version: "1.0.0" }, running)).error).toBe("");
    await expect(switchBack()).rejects.toThrow("1.0.0 in blue serves on: there is no previous release");
    expect((await sight.fact()).holds).toEqual([]);
  });

  it("serves the warm release without a failed request, and holds the one that is left (E5, C6)", async () => {
    expect((await stack.up({ version: "2.0.0" }, running)).error).toBe("");
    left = stack.view().state.applied("rollout")?.text ?? "";
    const until = new AbortController();
    const loaded = sight.load(until.signal);
    expect(await switchBack()).toEqual({ colour: "blue", release: "1.0.0", commit: "abcdef0", left: "2.0.0" });
    expect(await sight.serves()).toBe("1.0.0");
    until.abort();
    const { releases, failures } = await loaded;
    expect(failures).toEqual([]);
    expect([...releases]).toEqual(["2.0.0", "1.0.0"]);
    expect(await sight.colours()).toEqual(["blue live 1.0.0 verified", "green held 2.0.0 verified"]);
    const { colours, holds, records, verified } = await sight.fact();
    const since = [holds[0]?.since, colours.find(({ state }) => state === "live")?.since];
    expect(since, "it serves since it was switched to").toEqual([...since].sort());
    expect(holds).toMatchObject([{ release: "2.0.0", by: "hand", ...asked }]);
    expect(records.at(-1)).toMatchObject({ verdict: "switched back", release: "1.0.0", commit: "abcdef0" });
    expect(records.at(-1)?.why).toBe("2.0.0 was left by ada on laptop: the cart is empty");
    expect(verified).toEqual(records.at(-1));
    expect(Object.keys(verified?.images ?? {})).toContain("api");
  });

  it("leaves no drift: the documents of the release that serves are the applied ones again (F96)", async () => {
    expect(await sight.differences()).toEqual([]);
    const { rollout, confirm } = await stack.plan({ version: "1.0.0" }, running);
    expect([rollout.change, confirm.change]).toEqual([{ kind: "same" }, { kind: "same" }]);
  });

  it("keeps the colour that was left to be examined, as `warm` says, with its workers stopped (E5)", () => {
    const kept = ["api-green-1 running", "api-green-2 running", "web-green running", "worker-green exited"];
    expect(sight.containers("green")).toEqual(kept);
  });

  it("never serves a held release, so two operators cannot switch back and forth (F68)", async () => {
    await expect(switchBack()).rejects.toThrow("1.0.0 in blue serves on: 2.0.0 in green is held");
  });

  it("writes state.json for the team's own scripts, readable by all and never read back (E6, F95)", async () => {
    const path = join(stack.directory, "state.json");
    expect(stateJson()).toMatchObject({ active_stack: "blue", inactive_stack: "green", rollback_available: false });
    expect(stateJson()).toMatchObject({ last_deployment_commit: "abcdef0" });
    expect(statSync(path).mode & 0o777).toBe(0o644);
    writeFileSync(path, "green");
    expect(await sight.colours()).toEqual(["blue live 1.0.0 verified", "green held 2.0.0 verified"]);
    await stack.session.begin();
    await stack.session.end();
    expect(stateJson()).toMatchObject({ active_stack: "blue" });
  });
});

describe("a held release", () => {
  it("is refused by the server, with the command that resumes it", async () => {
    await expect(stack.plan({ version: "2.0.0" }, running)).rejects.toThrow("'2.0.0' is held by hand");
    const { document } = readDocument(left) ?? {};
    if (document === undefined) throw new Error("the document of 2.0.0 cannot be read");
    await stack.session.begin();
    const { error } = await stack.apply("rollout", writeDocument(document, { order: 99, attempt: "a" }));
    await stack.session.end();
    expect(error).toMatch(
      /'2.0.0' is held by hand \(ada on laptop\) since .*: the cart is empty .*slipway resume 2.0.0/,
    );
  });

  it("is deployed again once it is resumed, and the record names who and why", async () => {
    await expect(resume("3.0.0")).rejects.toThrow("'3.0.0' is not held; held are '2.0.0'");
    expect(await resume()).toBe("2.0.0");
    const { records, holds, verified } = await sight.fact();
    expect(holds).toEqual([]);
    expect(records.at(-1)).toMatchObject({ verdict: "resumed", release: "2.0.0" });
    expect(records.at(-1)?.why).toMatch(/^resumed by ada on laptop: the cart is empty; it was held by hand since /);
    expect(verified?.release).toBe("1.0.0");
    await expect(resume()).rejects.toThrow("no release is held; there is nothing to resume");
    expect((await stack.up({ version: "2.0.0" }, running)).error).toBe("");
    expect(await sight.colours()).toEqual(["blue warm 1.0.0 verified", "green live 2.0.0 verified"]);
  });
});

describe("a switch back by hand that was cut", () => {
  it("after the traffic moved is ended by the next session, with hold and record (F58)", async () => {
    const run = await stack.session.begin();
    const operator = new OperatorSwitchBack(stack.view(), () => undefined, run);
    await operator.switch(asked);
    // As if it had died with the switch: neither hold nor record are there.
    const { holds } = await sight.fact();
    const [hold] = holds;
    if (hold === undefined) throw new Error("nothing is held");
    stack.view().state.remember("holds", []);
    rememberSwitchBack(stack.view().state, { run: "run-of-the-dead", hold });
    stack.session.die();
    await stack.session.begin();
    expect(await sight.colours()).toEqual(["blue live 1.0.0 verified", "green held 2.0.0 verified"]);
    expect((await sight.verdicts()).at(-1)).toBe("run-of-the-dead switched back 1.0.0");
    await stack.session.end();
  });

  it("before the traffic moved holds nothing", async () => {
    const { holds } = await sight.fact();
    await resume();
    const live = (await sight.fact()).colours.find(({ state }) => state === "live");
    const [hold] = holds;
    if (hold === undefined || live === undefined) throw new Error("nothing is held");
    rememberSwitchBack(stack.view().state, { run: "run-x", hold: { ...hold, hash: live.hash, release: live.release } });
    await stack.session.begin();
    await stack.session.end();
    expect((await sight.fact()).holds).toEqual([]);
  });

  it("goes with the stack: nothing of it stays in the directory", async () => {
    await stack.session.begin();
    await stack.delete();
    await stack.session.end();
    expect(existsSync(join(stack.directory, "state.json"))).toBe(false);
  });
});
