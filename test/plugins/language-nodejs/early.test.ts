import { readFile } from "node:fs/promises";
import { join } from "node:path";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkout } from "../../../toolchain/paths.ts";
import { Engine, Host, programInfo, runRequest } from "./host.ts";
import { isAlive, ProgramFolder } from "./program-folder.ts";

const polling = { timeout: 30_000 };
/** A language host that is told its own address is one that the engine calls its client. */
const options = { address: "127.0.0.1:1" };

let engine: Engine;
let host: Host;
let folder: ProgramFolder;
beforeEach(async () => {
  folder = new ProgramFolder();
  engine = await new Engine().start();
  host = await Host.startEarly([join(checkout, "early-program.ts")]);
});
afterEach(() => {
  host.stop();
  engine.die();
  folder.remove();
});

const request = (entryPoint: string, by = engine) =>
  runRequest(programInfo(folder.path, entryPoint, options)).setArgsList([by.address]);

const isUp = () => expect.poll(() => folder.isStarted(), polling).toBe(true);
const isGone = (pid: number | undefined) => expect.poll(() => isAlive(pid ?? 0), polling).toBe(false);

test("an early program runs with the words and the configuration of its run", async () => {
  const one = request("end").setConfigsecretkeysList(["p:secret"]);
  one.getConfigMap().set("p:secret", "2");
  expect(await host.run(one)).toEqual({ error: "", bail: false });
  expect(folder.started()).toMatchObject({
    argv: [
      ...["--monitor", "127.0.0.1:1", "--engine", engine.address, "--organization", "o", "--project", "p"],
      ...["--root-directory", `${folder.path}/root`, "--stack", "s", "--pwd", folder.path, "--parallel", "4", "end"],
    ],
    config: { "p:config:secret": "2" },
    secretKeys: ["p:secret"],
  });
});

test("the end of an early program is reported", async () => {
  expect(await host.run(request("bail"))).toEqual({ error: "", bail: true });
});

test("an operation with a preview runs the program twice, for two engines", async () => {
  await host.run(request("end"));
  const first = folder.started().pid;
  engine.die();
  engine = await new Engine().start();
  expect(await host.run(request("end"))).toEqual({ error: "", bail: false });
  expect(folder.started().pid).not.toBe(first);
  expect(folder.started().argv).toContain(engine.address);
});

test("the engine shows what an early program prints", async () => {
  await host.run(request("print"));
  expect(engine.messages.toSorted()).toEqual(["to stderr", "to stdout"]);
});

test("the engine shows a thousand lines in their order, and all of them before the run ends", async () => {
  await host.run(request("lines"));
  expect(engine.messages).toEqual(Array.from({ length: 1000 }, (_, line) => `line ${line}`));
});

test("an early program that hangs ends with its host", async () => {
  const hanging = await Host.startEarly(["--eval", "for (;;);"]);
  await expect.poll(() => childrenOf(hanging.process.pid), polling).toHaveLength(1);
  const [child] = await childrenOf(hanging.process.pid);
  hanging.process.disconnect();
  await isGone(hanging.process.pid);
  await isGone(child);
});

test("an early host ends with its program when slipway disconnects", async () => {
  await expect.poll(() => childrenOf(host.process.pid), polling).toHaveLength(1);
  const children = await childrenOf(host.process.pid);
  host.process.disconnect();
  await isGone(host.process.pid);
  await isGone(children[0]);
});

test("a program that runs outlives the parent of its host, but not its engine", async () => {
  const running = host.run(request("wait")).catch(() => undefined);
  await isUp();
  const { pid } = folder.started();
  host.process.disconnect();
  await host.ask((client, done) => client.getPluginInfo(new empty.Empty(), done));
  expect(isAlive(pid)).toBe(true);
  engine.die();
  await running;
  await isGone(pid);
  await isGone(host.process.pid);
});

test("the end of an engine ends the program, and leaves the host for the next engine", async () => {
  const running = host.run(request("wait"));
  await isUp();
  engine.die();
  expect(await running).toEqual({ error: "Program exited with non-zero exit code: -1", bail: false });
  expect(isAlive(host.process.pid ?? 0)).toBe(true);
});

/** The processes that a process started. */
async function childrenOf(pid = 0): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  return text.split(" ").filter(Boolean).map(Number);
}
