import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Engine, Host, programInfo, runRequest } from "./host.ts";
import { isAlive, ProgramFolder } from "./program-folder.ts";

const soon = { timeout: 30_000 };

let engine: Engine;
let host: Host;
let folder: ProgramFolder;
beforeAll(async () => {
  engine = await new Engine().start();
  host = await Host.start([engine.address]);
});
beforeEach(() => {
  folder = new ProgramFolder();
});
afterEach(() => folder.remove());
afterAll(() => {
  host.stop();
  engine.die();
});

const run = (entryPoint: string, options?: Parameters<typeof programInfo>[2], by = host) =>
  by.run(runRequest(programInfo(folder.path, entryPoint, options)));

const isUp = () => expect.poll(() => folder.isStarted(), soon).toBe(true);

describe("a program", () => {
  test("is started with everything the engine said", async () => {
    const request = runRequest(programInfo(folder.path, "end")).setDryrun(true).setArgsList([]);
    expect(await host.run(request)).toEqual({ error: "", bail: false });
    expect(folder.started().argv).toEqual([
      ...["--monitor", "127.0.0.1:1", "--engine", engine.address, "--organization", "o", "--project", "p"],
      ...["--root-directory", `${folder.path}/root`, "--stack", "s", "--pwd", folder.path, "--parallel", "4"],
      ...["--dry-run", "end"],
    ]);
  });

  test("without a dry run is not told of one", async () => {
    await run("end");
    expect(folder.started().argv).not.toContain("--dry-run");
  });

  test("finds its configuration in the environment, under keys that SDKs of every age know", async () => {
    const request = runRequest(programInfo(folder.path, "end")).setConfigsecretkeysList(["p:secret"]);
    request.getConfigMap().set("p:plain", "1").set("p:secret", "2").set("other:config:old", "3").set("a:b:c", "4");
    await host.run(request);
    expect(folder.started()).toMatchObject({
      config: { "p:config:plain": "1", "p:config:secret": "2", "other:config:old": "3", "a:config:b:c": "4" },
      secretKeys: ["p:secret"],
    });
  });

  test("starts where the engine started the host, with Node alone to strip its types", async () => {
    await run("end");
    expect(folder.started()).toMatchObject({ cwd: process.cwd(), typescript: null, execArgv: [] });
  });

  test("prints to whoever reads the host's output", async () => {
    await run("print");
    await expect.poll(() => host.lines, soon).toEqual(expect.arrayContaining(["to stdout", "to stderr"]));
  });

  test.each([
    ["end", { error: "", bail: false }],
    ["three", { error: "Program exited with non-zero exit code: 3", bail: false }],
    ["bail", { error: "", bail: true }],
    ["killed", { error: "Program exited with non-zero exit code: -1", bail: false }],
  ])("that ends by %s is reported so", async (entryPoint, report) => {
    expect(await run(entryPoint)).toEqual(report);
  });
});

describe("runtime.options", () => {
  test("nodeargs are words for Node, split as by a shell", async () => {
    const nodeargs = `--no-warnings  --title='a "b" c' --conditions="x\\"y z" --stack-size\\=900`;
    await run("end", { typescript: false, nodeargs });
    expect(folder.started().execArgv).toEqual([
      "--no-warnings",
      '--title=a "b" c',
      '--conditions=x"y z',
      "--stack-size=900",
    ]);
  });

  test.each([
    [
      {},
      "runtime.options.typescript: the offline language host leaves types to Node itself, got true; set it to false",
    ],
    [
      { typescript: true },
      "runtime.options.typescript: the offline language host leaves types to Node itself, got true; set it to false",
    ],
    [
      { typescript: false, tsconfig: "a" },
      'runtime.options.tsconfig: the offline language host does not know it, got "a"; remove it, or use the official one',
    ],
    [
      { typescript: false, packagemanager: "pnpm" },
      'runtime.options.packagemanager: the offline language host does not know it, got "pnpm"; remove it, or use the official one',
    ],
    [{ typescript: false, nodeargs: 1 }, "nodeargs option must be a string"],
  ])("rejects %j", async (options, error) => {
    expect(await run("end", options)).toEqual({ error, bail: false });
    expect(folder.isStarted()).toBe(false);
  });
});

test("rejects a program without the SDK, and says what to do", async () => {
  folder.write("node_modules/@pulumi/pulumi/package.json", '{ "exports": {} }');
  expect((await run("end")).error).toBe(
    "It looks like the Pulumi SDK has not been installed. Have you run pulumi install?",
  );
});

describe("a program ends", () => {
  const interrupted = { error: "Program exited with non-zero exit code: -1", bail: false };
  const cancel = () => host.ask((client, done) => client.cancel(new empty.Empty(), done));

  test("when the engine cancels", async () => {
    const running = run("wait");
    await isUp();
    await cancel();
    expect(await running).toEqual(interrupted);
  });

  test("after a while, even if it ignores that", async () => {
    const running = run("ignore");
    await isUp();
    await cancel();
    expect(await running).toEqual(interrupted);
  });

  test.each([
    ["its engine is gone", (_: Host, itsEngine: Engine) => itsEngine.die()],
    ["the host is interrupted", (itsHost: Host) => itsHost.process.kill("SIGINT")],
    ["the host is told to end", (itsHost: Host) => itsHost.process.kill("SIGTERM")],
  ])("with its host when %s", async (_when, strike) => {
    const itsEngine = await new Engine().start();
    const itsHost = await Host.start([itsEngine.address]);
    const running = run("wait", undefined, itsHost).catch(() => "lost");
    await isUp();
    strike(itsHost, itsEngine);
    await expect.poll(() => isAlive(folder.started().pid), soon).toBe(false);
    await expect.poll(() => itsHost.process.exitCode, soon).toBe(0);
    await running;
    itsEngine.die();
  });
});
