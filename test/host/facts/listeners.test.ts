import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { listenerFacts } from "../../../host/facts/listeners.ts";
import { containerWith } from "../observe/container.ts";
import { listenOn } from "./socket.ts";
import { listeningSockets } from "../../../host/facts/sockets.ts";

const nothing = { pid: "", command: "", container: "", project: "" };

describe("the listeners on ports that a stack wants", () => {
  it("are processes with id and name, never with their words (F34)", async () => {
    const port = String(await listenOn("127.0.0.1"));
    const command = readFileSync("/proc/self/comm", "utf8").trim();
    expect(listenerFacts([port, "1"], [], listeningSockets())).toEqual([
      { ...nothing, port, address: "127.0.0.1", pid: String(process.pid), command },
    ]);
  });

  it("are containers as the engine knows them, whatever processes publish their ports", async () => {
    const port = String(await listenOn("127.0.0.1"));
    const container = containerWith("api", { project: "shop", publishes: [`0.0.0.0:${port}`, `:::${port}`] });
    const one = { ...nothing, port, container: "api", project: "shop" };
    expect(listenerFacts([port], [container], listeningSockets())).toEqual([
      { ...one, address: "0.0.0.0" },
      { ...one, address: "::" },
    ]);
  });

  it("are no containers that publish the port with UDP, and none of other ports", () => {
    expect(listenerFacts(["53", "81"], [containerWith("dns", { publishes: ["0.0.0.0:80"] })], [])).toEqual([]);
  });
});
