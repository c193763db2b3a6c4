import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Engine } from "../../../host/docker/engine.ts";
import { stackPlaces } from "../../../host/places.ts";
import { Presence } from "../../../host/session/presence.ts";
import { SessionFolder } from "../../../host/session/session-folder.ts";
import { StackState } from "../../../host/state/stack-state.ts";
import { files } from "../../../host/verbs/files.ts";
import { runVerb } from "../../../host/verbs/run-verb.ts";
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
  const run = async (action: "apply" | "delete", document: string) => {
    const say = (phase: string, message: string): void => void said.push(`${phase}: ${message}`);
    return await runVerb(files, { action, places, engine: new Engine(), text: document, say });
  };
  /** Opens a session that holds the lease. */
  const session = async () => {
    const presence = await Presence.open(places.stackRun, "run");
    const opened = new SessionFolder(presence.folder);
    opened.setRun("run-1");
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

  it("removes nothing that another resource owns, or that the same run has just written", async () => {
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

  it("removes nothing of a protected stack without a session that was opened for it (F99)", async () => {
    const { run, text, session, motd, state } = shop();
    const first = await session();
    await run("apply", text("one", "1.a"));
    first.presence[Symbol.dispose]();
    const claim = writeDocument({ kind: "claim", resource: "c", body: { protected: "true" } }, parseNumber("1.a"));
    const number = parseNumber("1.a");
    state.writeApplied({ object: "claim", resource: "c", kind: "claim", number, hash: "h", text: claim });
    await expect(run("delete", text("one", "1.a"))).rejects.toThrow("shop/staging is protected, and no open session");
    expect(existsSync(motd)).toBe(true);
    const { folder } = await session();
    folder.allowRemoval("files");
    expect(await run("delete", text("one", "1.a"))).toMatchObject({ outcome: "deleted" });
  });
});
