import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { arch, totalmem } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { EngineConnection } from "../../../host/docker/connection.ts";
import { Engine } from "../../../host/docker/engine.ts";
import { Lock } from "../../../host/lock.ts";
import { observe } from "../../../host/observe/observe.ts";
import { stackPlaces } from "../../../host/places.ts";
import { takeLease } from "../../../host/session/lease.ts";
import { directory } from "../../../host/verbs/directory.ts";
import { files } from "../../../host/verbs/files.ts";
import { ServerView } from "../../../host/view.ts";
import type { DocumentMap } from "../../../model/document/document.ts";
import { parseNumber } from "../../../model/document/number.ts";
import { readDocument } from "../../../model/document/reader.ts";
import { writeDocument } from "../../../model/document/writer.ts";
import { observationSchema, type Observation } from "../../../model/facts/observation.ts";
import { onlyTheServer, type ObservationScope } from "../../../model/facts/scope.ts";
import { testServer } from "../verbs/server.ts";

/** A server on which no engine answers. */
function server() {
  const { folder, work } = testServer();
  const places = stackPlaces({ state: join(folder, "state"), run: join(folder, "run") }, "shop/staging");
  const look = async (scope: Partial<ObservationScope> = {}): Promise<Observation> => {
    const engine = new Engine(new EngineConnection(join(folder, "no.sock"), 0));
    return await observe(new ServerView(places, engine), { ...onlyTheServer, ...scope });
  };
  const { state } = work("x");
  const applied = (object: string, body: DocumentMap, text?: string): void => {
    const number = parseNumber("1.a");
    const [kind = ""] = object.split(":");
    const document = text ?? writeDocument({ kind, resource: object, body }, number);
    state.writeApplied({ object, resource: object, kind, number, hash: "h", text: document });
  };
  const path = join(folder, "shop");
  /** Deploys a directory with one file. */
  const deploy = async (): Promise<void> => {
    const body = { directory: path, files: { "conf/motd": { mode: "0644", content: Buffer.from("hello") } } };
    await directory.apply({ path, owner: "root", mode: "0750" }, work(`directory:${path}`));
    await files.apply(body, work("files"));
    applied("files", body);
    state.journal("one");
    state.journal("two");
  };
  return { folder, places, path, look, deploy, applied, state };
}

describe("an observation of a server", () => {
  it("has the form that the runner reads, and all but the engine's part if no engine answers (F25)", async () => {
    const { path, places, look, deploy } = server();
    await deploy();
    const found = await look({ directory: path, ports: ["1"], projects: ["shop"], volumes: ["shop_data"] });
    expect(observationSchema.parse(JSON.parse(JSON.stringify(found)))).toEqual(found);
    expect(found.host).toMatchObject({ engine: "", memoryTotal: totalmem() });
    expect(found.host.architecture).toBe(arch() === "arm64" ? "aarch64" : "x86_64");
    expect(found.directory).toEqual({ path, real: path, writable: true, state: "ours" });
    expect(found.disks.map((disk) => disk.path)).toEqual([places.state, path]);
    expect(found.disks.every(({ free }) => free > 0)).toBe(true);
    expect(found.applied.map(({ object, differences }) => ({ object, differences }))).toEqual([
      { object: "files", differences: [] },
    ]);
    expect(readDocument(found.applied[0]?.text ?? "")?.document.kind).toBe("files");
    expect(found.files).toEqual([
      { path: "conf/motd", written: "4.2", sha256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" },
    ]);
    expect(found.journal).toEqual(["one", "two"]);
    expect([found.containers, found.listeners, found.volumes, found.remarks]).toEqual([[], [], [], []]);
  });

  it("writes nothing, also on a server without slipway", async () => {
    const { folder, path, look, deploy } = server();
    const all = (): string => execFileSync("find", [folder, "-printf", "%p %T@ %C@ %s\\n"], { encoding: "utf8" });
    const empty = all();
    await look({ directory: path, ports: ["1"] });
    expect(all()).toBe(empty);
    await deploy();
    const deployed = all();
    await look({ directory: path, ports: ["1"] });
    expect(all()).toBe(deployed);
  });

  it("says that an object cannot be compared if its document is cut, unknown, or needs the engine", async () => {
    const { look, applied } = server();
    applied("files", {}, "kind: 'files'\n");
    applied("magic", {});
    applied("networks", { range: "10.213.0.0/16", networks: { shop_back: { prefix: "26" } } });
    const differences = (await look()).applied.flatMap((fact) => fact.differences);
    expect(differences.map(({ where, expected }) => `${where} ${expected}`)).toEqual([
      "files can be compared",
      "magic can be compared",
      "networks can be compared",
    ]);
    expect(differences.map(({ found }) => found)).toEqual([
      expect.stringContaining("the document is cut, or of another version"),
      expect.stringContaining("there is no verb 'magic'"),
      expect.stringContaining("the Docker engine does not answer"),
    ]);
  });

  it("names the file of an applied document that is damaged (F95)", async () => {
    const { look, deploy, places } = server();
    await deploy();
    const folder = join(places.stackState, "applied");
    const [name = ""] = readdirSync(folder);
    writeFileSync(join(folder, name), "{");
    const found = await look();
    expect(found.applied).toMatchObject([
      { object: join(folder, name), differences: [{ expected: "can be read", found: "damaged" }] },
    ]);
    expect(found.files).toEqual([]);
    rmSync(join(folder, name));
    expect((await look()).applied).toEqual([]);
  });

  it("tells a delivered file that is gone, or behind a link, without a sum (F96)", async () => {
    const { path, look, deploy } = server();
    await deploy();
    rmSync(path, { recursive: true });
    expect((await look()).files).toEqual([{ path: "conf/motd", written: "4.2", sha256: "" }]);
    mkdirSync(join(path, "elsewhere"), { recursive: true });
    writeFileSync(join(path, "elsewhere/motd"), "hello");
    symlinkSync(join(path, "elsewhere"), join(path, "conf"));
    expect((await look()).files).toEqual([{ path: "conf/motd", written: "4.2", sha256: "" }]);
  });

  it("names the holder of the lease as long as there is one, and takes no lock", async () => {
    const { look, places } = server();
    expect((await look()).leaseHolder).toBeUndefined();
    const say = (): void => undefined;
    {
      using _lease = await takeLease(places, { seconds: 0, holder: 'shop/live, "7"', say });
      expect((await look()).leaseHolder).toBe('shop/live, "7"');
    }
    expect((await look()).leaseHolder).toBeUndefined();
    expect(await Lock.isHeld(join(places.state, "lease.lock"))).toBe(false);
  });
});
