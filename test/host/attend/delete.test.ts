import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { Lock } from "../../../host/lock.ts";
import { parseNumber } from "../../../model/document/number.ts";
import { writeDocument } from "../../../model/document/writer.ts";
import { LocalServer, production, waitUntil } from "./local-server.ts";

describe("the delete of a verb", () => {
  it("acts only for the owner, and on no object that the same run has written", async () => {
    const server = new LocalServer();
    const run = await server.session("one");
    expect(await server.apply(server.directory("1.a"))).toBe("applied");
    expect(await server.delete(server.directory("1.a"))).toBe("superseded");
    await run.end();
    expect(await server.delete(server.directory("1.a", "former"))).toBe("not ours");
    expect(await server.delete(server.directory("1.a"))).toBe("deleted");
    expect(existsSync(join(server.folder, "app"))).toBe(false);
  });

  it("leaves objects that a run without the lease found unchanged or declares, as `--replace` does", async () => {
    const server = new LocalServer();
    await (await deployed(server)).end();
    const found = server.attend();
    await found.answer("start");
    expect(await server.apply(server.directory("1.a"))).toBe("unchanged");
    expect(await server.delete(server.directory("1.a"))).toBe("superseded");
    await found.end();
    const declares = server.attend();
    await declares.ask({ do: "keep", objects: [`directory:${join(server.folder, "app")}`] });
    expect(await server.delete(server.directory("1.a"))).toBe("superseded");
    await declares.end();
    expect(await server.delete(server.directory("1.a"))).toBe("deleted");
  });

  it("acts beside a run that only observes, and after a killed run", async () => {
    const server = new LocalServer();
    await (await deployed(server)).kill("SIGKILL");
    const preview = server.attend();
    await preview.answer("start");
    expect(await server.delete(server.directory("1.a"))).toBe("deleted");
    await preview.end();
  });

  it("ignores what a run touched that is silent and then dies", async () => {
    const server = new LocalServer();
    const run = await deployed(server);
    run.beSilent();
    const verb = server.verb("delete", server.directory("1.a"));
    await verbIsAtWork(server);
    await run.kill("SIGKILL");
    expect(await verb.outcome()).toBe("deleted");
  });

  it("comes to its end, though it waits for a run that waits for verbs", async () => {
    const server = new LocalServer();
    const run = await deployed(server);
    run.beSilent();
    const verb = server.verb("delete", server.directory("1.a"));
    await verbIsAtWork(server);
    const ended = run.cut();
    expect(await verb.outcome()).toBe("deleted");
    expect((await ended).code).toBe(0);
  });

  it("waits for the lease of another stack instead of working beside it", async () => {
    const server = new LocalServer();
    await (await deployed(server)).end();
    const other = await server.session("two", production);
    const verb = server.verb("delete", server.directory("1.a"));
    await waitUntil(() => verb.stderr === "lease: waits up to 300 s for two of shop/production\n");
    expect(existsSync(join(server.folder, "app"))).toBe(true);
    await other.end();
    expect(await verb.outcome()).toBe("deleted");
  });
});

async function verbIsAtWork(server: LocalServer): Promise<void> {
  const isAtWork = async (): Promise<boolean> => {
    using lock = await Lock.take(join(server.places.run, "verbs.lock"));
    return lock === undefined;
  };
  await vi.waitUntil(isAtWork, { timeout: 20_000, interval: 50 });
}

async function deployed(server: LocalServer) {
  const run = await server.session("one");
  expect(await server.apply(server.directory("1.a"))).toBe("applied");
  return run;
}

it("removes what a document says of a protected stack only in a session for that object (F99)", async () => {
  const server = new LocalServer();
  await (await deployed(server)).end();
  const claim = writeDocument({ kind: "claim", resource: "c", body: { protected: "true" } }, parseNumber("1.a"));
  const number = parseNumber("1.a");
  server.state().writeApplied({ object: "claim", resource: "c", kind: "claim", number, hash: "h", text: claim });
  const object = `directory:${join(server.folder, "app")}`;
  const who = "only a run whose plan shows that, or `slipway destroy`, removes";
  const refusal = `directory: shop/staging is protected: ${who} ${object} (document 1.a); `;
  const other = await server.session("two", production);
  expect(await server.delete(server.directory("1.a"))).toContain(refusal);
  await other.end();
  expect(await server.delete(server.directory("1.a", "former"))).toBe("not ours");
  const run = await server.session("three");
  await run.ask({ do: "allow", objects: ["claim"] });
  expect(await server.delete(server.directory("1.a"))).toContain(refusal);
  await run.ask({ do: "allow", objects: [object] });
  expect(await server.delete(server.directory("1.a"))).toBe("deleted");
  await run.end();
});
