import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Engine } from "../../../host/docker/engine.ts";
import { Failure } from "../../../host/failure.ts";
import { stackPlaces } from "../../../host/places.ts";
import { Presence } from "../../../host/session/presence.ts";
import { SessionFolder } from "../../../host/session/session-folder.ts";
import { StackState } from "../../../host/state/stack-state.ts";
import { files } from "../../../host/verbs/files.ts";
import type { Verb } from "../../../host/verbs/verb.ts";
import { runVerb } from "../../../host/verbs/run-verb.ts";
import { step } from "../../../host/work.ts";
import { writeDocument } from "../../../model/document/writer.ts";
import { parseNumber } from "../../../model/document/number.ts";
import { testServer } from "./server.ts";

/** A server with one stack, and the documents of its files. */
function shop() {
  const { folder, said } = testServer();
  const directory = join(folder, "shop");
  mkdirSync(directory);
  const places = stackPlaces({ state: join(folder, "state"), run: join(folder, "run") }, "shop/staging");
  const text = (content: string, number: string, resource = "staging-files"): string => {
    const body = { directory, files: { motd: { mode: "0644", content: Buffer.from(content) } } };
    return writeDocument({ kind: "files", resource, body }, parseNumber(number));
  };
  const run = async (action: "apply" | "delete", document: string, verb = files) => {
    const say = (phase: string, message: string): void => void said.push(`${phase}: ${message}`);
    return await runVerb(verb, { action, places, engine: new Engine(), text: document, say });
  };
  /** Opens a session that holds the lease. */
  const session = async () => {
    const presence = await Presence.open(places.stackRun);
    const opened = new SessionFolder(presence.folder);
    opened.setAbout({ run: "run-1", holder: "one of shop/staging", job: "" });
    opened.hear();
    const alive = setInterval(() => opened.hear(), 100);
    onTestFinished(() => clearInterval(alive));
    return { folder: opened, presence };
  };
  return { places, text, run, session, said, motd: join(directory, "motd"), state: new StackState(places) };
}

describe("a verb", () => {
  it("applies a document once, notes each step, then answers `unchanged`, also without a session", async () => {
    const { run, text, session, state, motd } = shop();
    const { presence } = await session();
    expect(await run("apply", text("one", "1.a"))).toEqual({ outcome: "applied", object: "files", number: "1.a" });
    expect(readFileSync(motd, "utf8")).toBe("one");
    const steps = state.journalLines(20).map((line) => JSON.parse(line) as { run: string; step: string });
    expect(steps.map(({ run: by, step }) => `${by} ${step}`)).toEqual(["run-1 begin", "run-1 end"]);
    presence[Symbol.dispose]();
    expect(await run("apply", text("one", "1.a"))).toMatchObject({ outcome: "unchanged" });
  });

  it("shows the attending process of its run what it does while it is at work, and leaves no file of it", async () => {
    const { run, text, session } = shop();
    const { folder } = await session();
    const over = Promise.withResolvers<undefined>();
    const slow: Verb<"files"> = {
      ...files,
      async apply(_body, work) {
        await step(work, "copy", () => undefined);
        using _wait = work.progress.waits(() => Promise.resolve("waits for the test"));
        await step(work, "move", () => over.promise);
        return {};
      },
    };
    const applied = run("apply", text("one", "1.a"), slow);
    await expect
      .poll(() => folder.shownWork().map((work) => JSON.parse(work) as unknown))
      .toMatchObject([{ pid: process.pid, what: "move", waits: "waits for the test", done: [{ step: "copy" }] }]);
    over.resolve(undefined);
    await applied;
    expect(folder.shownWork()).toEqual([]);
  });

  it("answers what outputs need where nothing was to do, so that a state that was lost gets them back", async () => {
    const { run, text, session } = shop();
    await session();
    const telling: Verb<"files"> = { ...files, told: ({ directory }) => ({ live: directory }) };
    await run("apply", text("one", "1.a"));
    const answer = await run("apply", text("one", "1.a"), telling);
    expect(answer).toMatchObject({ outcome: "unchanged", live: expect.stringMatching(/shop$/) as unknown });
  });

  it("repairs what is not as it was applied, and changes nothing without a session", async () => {
    const { run, text, session, motd } = shop();
    const { presence } = await session();
    await run("apply", text("one", "1.a"));
    writeFileSync(motd, "by hand");
    presence[Symbol.dispose]();
    await expect(run("apply", text("one", "1.a"))).rejects.toThrow("no session of shop/staging is open on this server");
    expect(readFileSync(motd, "utf8")).toBe("by hand");
    await session();
    expect(await run("apply", text("one", "1.a"))).toMatchObject({ outcome: "applied" });
    expect(readFileSync(motd, "utf8")).toBe("one");
  });

  it("rejects a document that is older than the applied one, or another attempt of the same order", async () => {
    const { run, text, session } = shop();
    await session();
    await run("apply", text("two", "2.a"));
    for (const number of ["1.z", "2.b"]) {
      await expect(run("apply", text("one", number))).rejects.toThrow(
        `document ${number} of staging-files is older than 2.a on this server; run \`pulumi up\` again`,
      );
    }
  });

  it.each([
    ["is cut", (text: string) => text.slice(0, -40), "the document is cut, or of another version"],
    [
      "was changed on its way",
      (text: string) => text.replace("'files'", "'claim'"),
      "the document is cut, or of another version",
    ],
    ["is empty", () => "", "the document is cut, or of another version"],
  ])("rejects a document that %s before it acts", async (_what, change, message) => {
    const { run, text, session, motd } = shop();
    await session();
    await expect(run("apply", change(text("one", "1.a")))).rejects.toThrow(message);
    expect(existsSync(motd)).toBe(false);
  });

  it("rejects a document of another kind than the verb's, and one with a field that it does not know", async () => {
    const { run, text, session, places } = shop();
    await session();
    const number = parseNumber("7.a");
    const networks = writeDocument({ kind: "networks", resource: "staging-nets", body: { networks: {} } }, number);
    await expect(run("apply", networks)).rejects.toThrow(
      "cannot read a document of kind 'networks'; run slipway again with one version on both sides",
    );
    const body = { directory: "/srv/shop", files: {}, colour: "red" };
    const unknown = writeDocument({ kind: "files", resource: "staging-files", body }, number);
    await expect(run("apply", unknown)).rejects.toThrow(
      "document 7.a of staging-files cannot be read: it has a field 'colour' that this version does not know; " +
        "run slipway again with one version on both sides",
    );
    expect(existsSync(join(places.stackState, "journal"))).toBe(false);
    expect(await run("apply", text("one", "8.a"))).toMatchObject({ outcome: "applied" });
  });

  it("rejects a document of another version before it acts", async () => {
    const { run, text, session, motd } = shop();
    await session();
    const newer = text("one", "1.a").replace(/\n([^\n]*)\n$/, "\n$1 of version 2\n");
    expect(newer).not.toBe(text("one", "1.a"));
    await expect(run("apply", newer)).rejects.toThrow("the document is cut, or of another version");
    expect(existsSync(motd)).toBe(false);
  });

  it("rejects with its document and resource, whatever fails, and the next run goes on (F25)", async () => {
    const { run, text, session, state } = shop();
    await session();
    const fails = (error: Error): Verb<"files"> => ({ ...files, apply: () => Promise.reject(error) });
    await expect(run("apply", text("one", "1.a"), fails(new Error("the engine said no")))).rejects.toThrow(
      "the engine said no (document 1.a of staging-files); run `pulumi up` again",
    );
    const known = new Failure("files", "the engine is gone; start it");
    await expect(run("apply", text("one", "1.a"), fails(known))).rejects.toThrow(
      "the engine is gone (document 1.a of staging-files); start it",
    );
    expect(state.applied("files")).toBeUndefined();
    expect(await run("apply", text("one", "1.a"))).toMatchObject({ outcome: "applied" });
  });

  it("removes nothing that the same run has just written", async () => {
    const { run, text, session, motd } = shop();
    const { folder } = await session();
    await run("apply", text("one", "1.a", "staging-new"));
    expect(await run("delete", text("one", "1.a", "staging-new"))).toMatchObject({ outcome: "superseded" });
    expect(folder.hasTouched("files")).toBe(true);
    expect(existsSync(motd)).toBe(true);
  });

  it("removes with the lease that it takes itself if no session is open, as in a `pulumi destroy`", async () => {
    const { run, text, session, motd, state } = shop();
    const { presence } = await session();
    await run("apply", text("one", "1.a"));
    presence[Symbol.dispose]();
    expect(await run("delete", text("one", "1.a", "staging-other"))).toMatchObject({ outcome: "not ours" });
    expect(await run("delete", text("one", "1.a"))).toMatchObject({ outcome: "deleted" });
    expect(existsSync(motd)).toBe(false);
    expect(state.applied("files")).toBeUndefined();
  });

  it("rejects going on as if nothing had been applied when its own memory cannot be read", async () => {
    const { run, text, session, motd, places } = shop();
    const { presence } = await session();
    await run("apply", text("one", "1.a"));
    presence[Symbol.dispose]();
    const folder = join(places.stackState, "applied");
    const [name = ""] = readdirSync(folder);
    writeFileSync(join(folder, name), '{"object":"files"');
    for (const action of ["apply", "delete"] as const) {
      await expect(run(action, text("two", "2.a", "staging-new"))).rejects.toThrow(
        "cannot be read; restore it from a backup of the server, or without one move it away and run `pulumi up` again",
      );
    }
    expect(readFileSync(motd, "utf8")).toBe("one");
  });

  it("rejects a damaged memory of its claim with advice that tells what its removal costs (F99)", () => {
    const { state, places } = shop();
    const applied = { kind: "claim", resource: "c", number: parseNumber("1.a"), hash: "h", text: "" };
    state.writeApplied({ ...applied, object: "claim" });
    const folder = join(places.stackState, "applied");
    const [name = ""] = readdirSync(folder);
    writeFileSync(join(folder, name), "{");
    expect(() => state.applied("claim")).toThrow(
      `'${join(folder, name)}' cannot be read; restore it from a backup of the server, or without one move it away ` +
        "and run `pulumi up` at once: until then the stack is not protected",
    );
  });

  it("rejects what is too late with its object and the journal, which notes the failure (SEC-C10)", async () => {
    const { run, text, session, state, places } = shop();
    await session();
    const slow: Verb<"files"> = {
      ...files,
      seconds: () => 0.05,
      undoSeconds: () => 0.05,
      apply: () => new Promise<never>(() => undefined),
    };
    await expect(run("apply", text("one", "1.a"), slow)).rejects.toThrow(
      `document 1.a of files was not done within its 0.05 s; look at ${places.stackState}/journal, then run`,
    );
    expect(state.journalLines(9).map((line) => (JSON.parse(line) as { step: string }).step)).toEqual(["begin", "fail"]);
    expect(state.applied("files")).toBeUndefined();
  });

  it("removes nothing of a protected stack without a session that was opened for it (F99)", async () => {
    const { run, text, session, motd, state } = shop();
    const first = await session();
    await run("apply", text("one", "1.a"));
    first.presence[Symbol.dispose]();
    const claim = writeDocument({ kind: "claim", resource: "c", body: { protected: "true" } }, parseNumber("1.a"));
    const number = parseNumber("1.a");
    state.writeApplied({ object: "claim", resource: "c", kind: "claim", number, hash: "h", text: claim });
    await expect(run("delete", text("one", "1.a"))).rejects.toThrow("shop/staging is protected: only a run whose plan");
    expect(existsSync(motd)).toBe(true);
    const { folder } = await session();
    folder.allowRemoval("files");
    expect(await run("delete", text("one", "1.a"))).toMatchObject({ outcome: "deleted" });
  });
});
