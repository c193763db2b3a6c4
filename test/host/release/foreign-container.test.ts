import { createServer } from "node:http";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { EngineConnection } from "../../../host/docker/connection.ts";
import { Engine } from "../../../host/docker/engine.ts";
import { Colours } from "../../../host/colours/colours.ts";
import { findLive } from "../../../host/colours/live.ts";
import { findProxy } from "../../../host/checks/proxy.ts";
import { keepWarm } from "../../../host/release/warm.ts";
import { containerWith } from "../observe/container.ts";
import { testServer } from "../verbs/server.ts";

/** A server on which somebody runs an image whose labels name a project of the stack, but no sum of Compose (F133). */
async function serverWithForeign(project: string) {
  const { folder, work } = testServer();
  const foreign = containerWith("backup", { project, composed: false, networks: ["bridge"] });
  const asked: string[] = [];
  const server = createServer((request, answer) => {
    asked.push(`${request.method ?? ""} ${request.url?.replace(/^\/v[0-9.]+/, "") ?? ""}`);
    const isList = request.url?.includes("/containers/json") === true;
    answer.end(JSON.stringify(isList ? [foreign.inspection] : foreign.inspection));
  });
  const socket = join(folder, "engine.sock");
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  onTestFinished(() => void server.close());
  const engine = new Engine(new EngineConnection(socket, 0));
  const own = Object.assign(work("confirm"), { engine, containers: () => engine.containers() });
  return { own, engine, asked, id: foreign.id };
}

const place = { directory: "/srv/shop", project: "shop" };

describe("a container of somebody else whose image has the labels of a stack's project (F133)", () => {
  it("is not stopped with the release that is kept to go back to", async () => {
    const { own, asked, id } = await serverWithForeign("shop-green");
    const colours = Colours.read(own.state, place, undefined);
    const entry = { release: "1", commit: "", hash: "", number: "1.a", made: "", since: "", verified: true, run: "-" };
    colours.set("green", { ...entry, state: "warm" });
    await keepWarm({ policy: "stopped", colour: "green", colours }, own);
    expect(asked.filter((one) => one.startsWith("POST"))).toEqual([]);
    expect(id).toHaveLength(64);
  });

  it("is not asked in place of the proxy, whose answer decides what serves", async () => {
    const { engine } = await serverWithForeign("shop-slipway-proxy");
    expect(await findProxy(engine, place)).toBeUndefined();
  });

  it("does not make its colour the one that serves", async () => {
    const { own } = await serverWithForeign("shop-green");
    expect(await findLive(Colours.read(own.state, place, undefined), own)).toBeUndefined();
  });
});
