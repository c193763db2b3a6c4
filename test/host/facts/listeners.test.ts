import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { listenerFacts } from "../../../host/facts/listeners.ts";
import { containerWith } from "../observe/container.ts";
import { bindOn, listenOn } from "./socket.ts";
import { listeningSockets } from "../../../host/facts/sockets.ts";

const nothing = { pid: "", command: "", container: "", project: "" };

describe("the listeners on ports that a stack wants", () => {
  it("are processes with id and name, never with their words (F34)", async () => {
    const port = String(await listenOn("127.0.0.1"));
    const command = readFileSync("/proc/self/comm", "utf8").trim();
    expect(listenerFacts([`127.0.0.1:${port}`, "0.0.0.0:1"], [], await listeningSockets())).toEqual([
      { ...nothing, port, protocol: "tcp", address: "127.0.0.1", pid: String(process.pid), command },
    ]);
  });

  it("are those of UDP as well, at any port of a range", async () => {
    const port = await bindOn("127.0.0.1");
    const range = `0.0.0.0:${port - 1}-${port + 1}`;
    const found = listenerFacts([`${range}/udp`], [], await listeningSockets()).filter(
      (one) => one.port === String(port),
    );
    expect(found).toMatchObject([{ protocol: "udp", address: "127.0.0.1", pid: String(process.pid) }]);
    expect(listenerFacts([range], [], await listeningSockets()).filter((one) => one.protocol === "udp")).toEqual([]);
  });

  it("are containers as the engine knows them, and no processes that listen where these publish", async () => {
    const port = String(await listenOn("127.0.0.1"));
    const places = [`127.0.0.1:${port}`, `:::${port}`];
    const container = containerWith("api", { project: "shop", publishes: places });
    const one = { ...nothing, port, protocol: "tcp", container: "api", project: "shop" };
    expect(listenerFacts([`0.0.0.0:${port}`], [container], await listeningSockets())).toEqual([
      { ...one, address: "127.0.0.1" },
      { ...one, address: "::" },
    ]);
  });

  it("are containers that publish the port with the same protocol, and none of other ports", () => {
    const container = containerWith("dns", { publishes: ["0.0.0.0:80"] });
    expect(listenerFacts(["0.0.0.0:53", "0.0.0.0:81"], [container], [])).toEqual([]);
    expect(listenerFacts(["10.0.0.1:53/udp"], [container], [])).toMatchObject([{ port: "53", address: "0.0.0.0" }]);
  });
});
