import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { arch, totalmem } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readDocument } from "../../model/document/reader.ts";
import { readFacts } from "../../remote/facts.ts";
import { staging } from "./answer.ts";
import { Deployer, files } from "./deploy.ts";
import { LocalHost, type Fact } from "./host-program.ts";

let host: LocalHost;

beforeEach(() => {
  host = new LocalHost();
});
afterEach(() => {
  expect(host.engine.misunderstood).toBe("");
  host.remove();
});

async function observe(...wants: string[]): Promise<Fact[]> {
  const run = host.attend(staging);
  const found = await run.observe(...wants);
  expect(await run.end()).toMatchObject({ code: 0, stderr: "" });
  return found;
}

async function deployFiles(): Promise<void> {
  const app = join(host.folder, "app");
  mkdirSync(app);
  const session = await host.session(staging, "one");
  await new Deployer(host, "files").apply({ directory: app, files: files({ "a.yml": "a\n" }) });
  await session.end();
}

const of = (facts: readonly Fact[], name: string): Fact[] => facts.filter(({ fact }) => fact === name);

describe("an observation of a server", { timeout: 60_000 }, () => {
  it("has the form that the runner reads", async () => {
    host.engine.start();
    await deployFiles();
    const found = await observe(`want directory ${host.folder}/app`, "want project app", "want volume app_pgdata");
    const lines = found.map((one) => JSON.stringify(one));
    const seen = readFacts(lines);
    expect(seen.host).toMatchObject({ engine: "26.1.5", compose: "2.26.1", memoryTotal: totalmem() });
    expect(seen.host.architecture).toBe(arch() === "arm64" ? "aarch64" : "x86_64");
    expect(seen.volumes).toEqual([
      { volume: "app_pgdata", exists: false, cluster: "", major: "", remembered: null, owner: "" },
    ]);
    expect(seen.disks.map(({ path }) => path)).toEqual([host.state, `${host.folder}/docker`, `${host.folder}/app`]);
    expect(seen.files.map(({ path, written }) => `${path} ${written}`)).toEqual(["a.yml 1.a"]);
    expect(seen.journal).toHaveLength(2);
    expect(seen.applied.map(({ text }) => readDocument(text)?.document)).toEqual([
      { kind: "files", resource: "files", body: { directory: `${host.folder}/app`, files: files({ "a.yml": "a\n" }) } },
    ]);
  });

  it("asks Compose itself if docker does not know it", async () => {
    host.engine.start();
    host.engine.hidePlugins();
    expect(of(await observe(`want directory ${host.folder}/app`), "host")[0]).toMatchObject({ compose: "2.26.1" });
  });

  it("resolves a directory's links, even before it exists", async () => {
    mkdirSync(join(host.folder, "real"));
    symlinkSync(join(host.folder, "real"), join(host.folder, "link"));
    const path = join(host.folder, "link", "not", "yet");
    expect(of(await observe(`want directory ${path}`), "directory")).toEqual([
      { fact: "directory", path, real: join(host.folder, "real", "not", "yet"), writable: true },
    ]);
  });

  it("writes nothing, even on a server without slipway", async () => {
    host.engine.start();
    const all = () =>
      execFileSync("find", [host.folder, "-path", host.run, "-prune", "-o", "-printf", "%p %T@ %C@ %s\\n"], {
        encoding: "utf8",
      });
    const empty = all();
    await observe(`want directory ${host.folder}/app`, "want port 80", "want volume x", "want cluster x .");
    expect(all()).toBe(empty);
    await deployFiles();
    const deployed = all();
    await observe(`want directory ${host.folder}/app`, "want port 80", "want volume x", "want cluster x .");
    expect(all()).toBe(deployed);
  });

  it("has everything else if no engine answers (F25)", async () => {
    host.engine.start();
    await deployFiles();
    const session = await host.session(staging, "two");
    expect(await new Deployer(host, "networks").apply({ networks: { app_data: "data" } })).toBe("applied");
    await session.end();
    host.engine.stop();
    const found = await observe(`want directory ${host.folder}/app`, "want project app", "want volume x");
    expect(of(found, "host")[0]).toMatchObject({ engine: "", compose: "2.26.1" });
    expect(of(found, "applied").map(({ object, differences }) => ({ object, differences }))).toEqual(
      expect.arrayContaining([
        { object: "files", differences: [] },
        {
          object: "networks",
          differences: [
            {
              where: "networks",
              expected: "can be compared",
              found: expect.stringContaining("the Docker engine does not answer") as string,
            },
          ],
        },
      ]),
    );
    expect(of(found, "volume")).toEqual([]);
  });

  it("says that an object cannot be compared if its document is cut, or of an unknown kind", async () => {
    await deployFiles();
    const applied = join(host.stackState(staging), "applied");
    const [name = ""] = readdirSync(applied);
    const file = join(applied, name);
    const cut = "1.a\nhash\nfiles\nfiles\nkind: 'files'\nresource: 'files'\n";
    writeFileSync(file, cut);
    expect(of(await observe(), "applied")[0]?.["differences"]).toEqual([
      { where: "files", expected: "can be compared", found: expect.stringContaining("document: line 2") as string },
    ]);
    writeFileSync(file, cut.replace("'files'", "'magic'"));
    expect(of(await observe(), "applied")[0]).toMatchObject({
      kind: "magic",
      differences: [{ where: "magic", expected: "a kind that this version knows", found: "a kind of another version" }],
    });
    rmSync(file);
    expect(of(await observe(), "applied")).toEqual([]);
  });

  it("has the state at its beginning, while a verb of a dead run applies another object (F2)", async () => {
    await deployFiles();
    const later = 'files_differences() { cp "$stack_state"/applied/[0-9a-f]* "$stack_state/applied/later"; }';
    const { code, stdout, stderr } = await host.source(
      staging,
      `presence=${host.folder} engine=; ${later}; files_facts() { :; }; observe_applied`,
    );
    expect([code, stderr]).toEqual([0, ""]);
    expect(readdirSync(join(host.stackState(staging), "applied"))).toContain("later");
    expect(stdout.match(/"fact":"applied"/g)).toHaveLength(1);
  });

  it("uses the stored reading of an applied document, unless that is cut or of another document", async () => {
    await deployFiles();
    const applied = join(host.stackState(staging), "applied");
    const [name = ""] = readdirSync(applied);
    const kept = join(host.stackState(staging), "read-2", name);
    const text = readFileSync(kept, "utf8");
    const differences = async (reading: string): Promise<unknown> => {
      writeFileSync(kept, reading);
      return of(await observe(), "applied").map((fact) => fact["differences"]);
    };
    const other = text.replaceAll("0644", "0600");
    expect(await differences(other)).toEqual([[{ where: "a.yml mode", expected: "0600", found: "0644" }]]);
    expect(await differences(other.slice(0, -2))).toEqual([[]]);
    expect(await differences(other.replaceAll(/^# .*/gm, "# of another"))).toEqual([[]]);
  });

  it("names the holder of the lease, if there is one", async () => {
    expect(of(await observe(), "lease")).toEqual([]);
    const session = await host.session("aaperture/production", '"7"');
    expect(of(await observe(), "lease")).toEqual([{ fact: "lease", holder: '"7" of aaperture/production' }]);
    await session.end();
    expect(of(await observe(), "lease")).toEqual([]);
  });

  it("quotes strange names", async () => {
    mkdirSync(join(host.state, "claims-1"));
    const strange = String.raw`/srv/a "b" \c &d` + "\te\u0001é";
    writeFileSync(join(host.state, "claims-1", "other@stack"), `slipway claim 1\ndirectory ${strange}\nend\n`);
    expect(of(await observe(), "claim")[0]).toMatchObject({ stack: "other/stack", directory: strange, readable: true });
  });
});
