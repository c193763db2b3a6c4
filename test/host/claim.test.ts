import { createServer, type AddressInfo } from "node:net";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { staging } from "./answer.ts";
import { Deployer } from "./deploy.ts";
import { LocalHost, type LocalRun } from "./host-program.ts";

const production = "aaperture/production";
let host: LocalHost;
let session: LocalRun;

beforeEach(async () => {
  host = new LocalHost();
  host.engine.start();
  session = await host.session(staging, "one");
});
afterEach(async () => {
  await session.end();
  expect(host.engine.misunderstood).toBe("");
  host.remove();
});

function body(name: string, port = "15432", directory = join(host.folder, name)) {
  return {
    directory,
    networks: { [`${name}_data`]: "data" },
    ports: { [port]: "postgres" },
    projects: { [name]: "shared", [`${name}-blue`]: "blue" },
    volumes: { [`${name}_pgdata`]: "postgres" },
  };
}

/** Claims as production after staging's claim was made. */
async function askAsProduction(wanted: ReturnType<typeof body>): Promise<string> {
  expect(await new Deployer(host, "claim").apply(body("staging"))).toBe("applied");
  await session.end();
  session = await host.session(production, "two");
  return await new Deployer(host, "claim", production).apply(wanted);
}

const taken = (what: string, wanted: string, theirs = wanted) =>
  `claim: ${what} '${wanted}' belongs to aaperture/staging, which holds '${theirs}' (document 1.a); ` +
  `choose another, so that the two stacks share nothing\n`;

describe("the verb claim", { timeout: 60_000 }, () => {
  it("succeeds for two stacks that share nothing, and is in each observation (A5)", async () => {
    expect(await askAsProduction(body("production", "5432"))).toBe("applied");
    const found = await session.observe();
    expect(found.filter(({ fact }) => fact === "claim").map(({ stack }) => stack)).toEqual([production, staging]);
    expect(found.find(({ stack }) => stack === staging)).toEqual({
      fact: "claim",
      stack: staging,
      directory: join(host.folder, "staging"),
      real: join(host.folder, "staging"),
      projects: ["staging", "staging-blue"],
      ports: ["15432"],
      volumes: ["staging_pgdata"],
      networks: ["staging_data"],
      readable: true,
    });
  });

  it("rejects everything at once that another stack holds (A5)", async () => {
    const wanted = { ...body("staging"), directory: join(host.folder, "staging", "inside") };
    expect(await askAsProduction(wanted)).toBe(
      [
        taken("directory", wanted.directory, join(host.folder, "staging")),
        taken("project", "staging"),
        taken("project", "staging-blue"),
        taken("port", "15432"),
        taken("volume", "staging_pgdata"),
        taken("network", "staging_data"),
      ].join(""),
    );
    expect(existsSync(join(host.state, "claims-1", "aaperture@production"))).toBe(false);
  });

  it("rejects the directory of another stack behind a link (F21)", async () => {
    mkdirSync(join(host.folder, "staging"));
    symlinkSync(join(host.folder, "staging"), join(host.folder, "alias"));
    const wanted = body("production", "5432", join(host.folder, "alias"));
    expect(await askAsProduction(wanted)).toBe(taken("directory", wanted.directory, join(host.folder, "staging")));
  });

  it("takes a folder whose name begins like another one's", async () => {
    expect(await askAsProduction(body("staging2", "5432"))).toBe("applied");
  });

  it("frees what it held when it is deleted", async () => {
    const deployer = new Deployer(host, "claim");
    await deployer.apply(body("staging"));
    await session.end();
    expect(await deployer.delete(body("staging"))).toBe("deleted");
    session = await host.session(production, "two");
    expect(await new Deployer(host, "claim", production).apply(body("staging"))).toBe("applied");
  });

  it("rejects a port that a process listens on, and names it (F34)", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const text = String(port);
    expect(await new Deployer(host, "claim").apply(body("staging", text))).toBe(
      `claim: port '${text}' is in use on 127.0.0.1 by process ${process.pid} ` +
        `(${readFileSync("/proc/self/comm", "utf8").trim()}) (document 1.a); choose another port, ` +
        `or stop what uses it\n`,
    );
    const found = await session.observe(`want port ${text}`, "want port 1");
    expect(found.filter(({ fact }) => fact === "listener")).toEqual([
      {
        fact: "listener",
        port: text,
        address: "127.0.0.1",
        pid: String(process.pid),
        command: readFileSync("/proc/self/comm", "utf8").trim(),
        container: "",
        project: "",
      },
    ]);
    await new Promise((resolve) => server.close(resolve));
  });

  it("names changes by hand, and repairs them", async () => {
    const deployer = new Deployer(host, "claim");
    await deployer.apply(body("staging"));
    const file = join(host.state, "claims-1", "aaperture@staging");
    writeFileSync(file, readFileSync(file, "utf8").replace("port 15432 postgres\n", "port 1 postgres\n"));
    const found = await session.observe();
    expect(found.find(({ fact }) => fact === "applied")?.["differences"]).toEqual([
      { where: "claim port 15432", expected: "port 15432 postgres", found: "missing" },
      { where: "claim port 1", expected: "nothing of the kind", found: "port 1 postgres" },
    ]);
    expect(await deployer.apply(body("staging"), true)).toBe("applied");
    expect(readFileSync(file, "utf8")).toContain("port 15432 postgres\n");
  });

  it("rejects any claim while another one cannot be read", async () => {
    mkdirSync(join(host.state, "claims-1"));
    writeFileSync(join(host.state, "claims-1", "other@stack"), "slipway claim 1\ndirectory /var");
    expect(await new Deployer(host, "claim").apply(body("staging"))).toContain(
      "claim: the claim of other/stack cannot be read, so nothing more may be claimed",
    );
    const found = await session.observe();
    expect(found.find(({ fact }) => fact === "claim")).toMatchObject({ stack: "other/stack", readable: false });
  });
});
