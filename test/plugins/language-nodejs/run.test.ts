import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Engine, Host, programInfo, runRequest } from "./host.ts";
import { isAlive, ProgramFolder } from "./program-folder.ts";

const polling = { timeout: 30_000 };

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

const isUp = () => expect.poll(() => folder.isStarted(), polling).toBe(true);

describe("a program", () => {
  test("is started with the engine's arguments", async () => {
    const request = runRequest(programInfo(folder.path, "end")).setDryrun(true).setArgsList([]);
    expect(await host.run(request)).toEqual({ error: "", bail: false });
    expect(folder.started().argv).toEqual([
      ...["--monitor", "127.0.0.1:1", "--engine", engine.address, "--organization", "o", "--project", "p"],
      ...["--root-directory", `${folder.path}/root`, "--stack", "s", "--pwd", folder.path, "--parallel", "4"],
      ...["--dry-run", "end"],
    ]);
  });

  test("gets no --dry-run in an update", async () => {
    await run("end");
    expect(folder.started().argv).not.toContain("--dry-run");
  });

  test("gets its configuration in the environment, with keys that old and new SDKs understand", async () => {
    const request = runRequest(programInfo(folder.path, "end")).setConfigsecretkeysList(["p:secret"]);
    request.getConfigMap().set("p:plain", "1").set("p:secret", "2").set("other:config:old", "3").set("a:b:c", "4");
    await host.run(request);
    expect(folder.started()).toMatchObject({
      config: { "p:config:plain": "1", "p:config:secret": "2", "other:config:old": "3", "a:config:b:c": "4" },
      secretKeys: ["p:secret"],
    });
  });

  test("starts in the host's working directory, without a TypeScript compiler", async () => {
    await run("end");
    expect(folder.started()).toMatchObject({ cwd: process.cwd(), typescript: null, execArgv: [] });
  });

  test("prints to the host's stdout and stderr", async () => {
    await run("print");
    await expect.poll(() => host.lines, polling).toEqual(expect.arrayContaining(["to stdout", "to stderr"]));
  });

  test.each([
    ["end", { error: "", bail: false }],
    ["three", { error: "Program exited with non-zero exit code: 3", bail: false }],
    ["bail", { error: "", bail: true }],
    ["killed", { error: "Program exited with non-zero exit code: -1", bail: false }],
  ])("ends with %s and is reported as %j", async (entryPoint, report) => {
    expect(await run(entryPoint)).toEqual(report);
  });
});

describe("runtime.options", () => {
  const host = "the offline language host";

  test("pass nodeargs to Node, split as a shell does", async () => {
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
    [{}, `typescript: ${host} relies on Node's own TypeScript support, got true; set it to false`],
    [{ typescript: true }, `typescript: ${host} relies on Node's own TypeScript support, got true; set it to false`],
    [
      { typescript: false, tsconfig: "a" },
      `tsconfig: ${host} does not support it, got "a"; remove it, or use the official one`,
    ],
    [
      { typescript: false, packagemanager: "pnpm" },
      `packagemanager: ${host} does not support it, got "pnpm"; remove it, or use the official one`,
    ],
  ])("rejects the options %j", async (options, error) => {
    expect(await run("end", options)).toEqual({ error: `runtime.options.${error}`, bail: false });
    expect(folder.isStarted()).toBe(false);
  });

  test("rejects nodeargs that are no string", async () => {
    const error = "nodeargs option must be a string";
    expect(await run("end", { typescript: false, nodeargs: 1 })).toEqual({ error, bail: false });
  });
});

test("rejects a program without the SDK, with advice", async () => {
  folder.write("node_modules/@pulumi/pulumi/package.json", '{ "exports": {} }');
  expect((await run("end")).error).toBe(
    "It looks like the Pulumi SDK has not been installed. Have you run pulumi install?",
  );
});

describe("a running program", () => {
  const interrupted = { error: "Program exited with non-zero exit code: -1", bail: false };
  const cancel = () => host.ask((client, done) => client.cancel(new empty.Empty(), done));

  test("ends when the engine cancels", async () => {
    const running = run("wait");
    await isUp();
    await cancel();
    expect(await running).toEqual(interrupted);
  });

  test("is killed some seconds after a cancellation that it ignores", async () => {
    const running = run("ignore");
    await isUp();
    await cancel();
    expect(await running).toEqual(interrupted);
  });

  test.each([
    ["the end of its engine", (_: Host, itsEngine: Engine) => itsEngine.die()],
    ["SIGINT to the host", (itsHost: Host) => itsHost.process.kill("SIGINT")],
    ["SIGTERM to the host", (itsHost: Host) => itsHost.process.kill("SIGTERM")],
  ])("ends together with its host after %s", async (_when, strike) => {
    const itsEngine = await new Engine().start();
    const itsHost = await Host.start([itsEngine.address]);
    const running = run("wait", undefined, itsHost).catch(() => "lost");
    await isUp();
    strike(itsHost, itsEngine);
    await expect.poll(() => isAlive(folder.started().pid), polling).toBe(false);
    await expect.poll(() => itsHost.process.exitCode, polling).toBe(0);
    await running;
    itsEngine.die();
  });
});
