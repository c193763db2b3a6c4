import { appendFileSync, chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { staging } from "./answer.ts";
import { LocalHost } from "./host-program.ts";

let host: LocalHost;
let file: (name: string) => string;

beforeEach(() => {
  host = new LocalHost();
  mkdirSync(join(host.folder, "blue"));
  file = (name) => join(host.folder, "blue", name);
  for (const name of ["compose.yaml", ".env"]) writeFileSync(file(name), `KEY="canary-one"\n`);
  inspected("canary-one");
});
afterEach(() => {
  host.remove();
});

const secretFields = ["command", "entry point", "health check", "log", "label traefik.auth", "variable TOKEN"] as const;

/** Sets the engine's answer on the container: this value wherever a compose file can put it. */
function inspected(value: string): void {
  const lines = [...secretFields, "user"].map((field) => `api\x1f${field}\x1f["${field === "user" ? "1000" : value}"]`);
  writeFileSync(join(host.folder, "inspected"), `${lines.join("\n")}\n`);
}

/** Runs a piece of the program, with one container of project `app`. */
async function run(script: string): Promise<string> {
  const { stdout, stderr } = await host.source(
    staging,
    `mkdir -p "$stack_state"; object=rollout number=1.a folder=${host.folder}; docker_facts=()
     docker_read() {
       docker_ids=(one)
       docker_facts=(["one name"]=api ["one project"]=app ["one state"]=running ["one oneoff"]=False)
     }
     docker_do() { cat ${host.folder}/inspected; }
     ${script}`,
  );
  expect(stderr).toBe("");
  return stdout;
}

const remember = () => run(`drift_remember release app ${file("compose.yaml")} ${file(".env")}`);
const differences = async () => (await run("drift_differences release app")).trim().split("\n").sort();

describe("the memory of a project", () => {
  it("holds no value that a compose file may have from the env file (F111)", async () => {
    await remember();
    const memory = await run("memory_read release");
    expect(memory).toContain('api\x1fuser\x1f["1000"]');
    for (const field of secretFields) expect(memory).toMatch(new RegExp(`\x1fapi\x1f${field}\x1f[0-9a-f]{64}\n`));
    expect(memory).not.toContain("canary");
  });

  it("stays the same while nothing changes", async () => {
    await remember();
    expect(await differences()).toEqual([""]);
  });

  it("names changes by hand, without a value or its hash (F96)", async () => {
    await remember();
    inspected("canary-two");
    const changed = secretFields.map((field) => `api ${field}\tthe value that was applied\tanother value`);
    expect(await differences()).toEqual([...changed].sort());
  });

  it("names a changed mode and changed variables of an env file, or its loss, without a hash (F96)", async () => {
    await remember();
    appendFileSync(file(".env"), "# mine\n");
    expect(await differences()).toEqual([`${file(".env")}\tas it was applied\tchanged by hand`]);
    writeFileSync(file(".env"), 'OTHER="canary-two"\n');
    expect(await differences()).toEqual([
      `${file(".env")} KEY\tas it was applied\tmissing`,
      `${file(".env")} OTHER\tas it was applied\tadded by hand`,
    ]);
    writeFileSync(file(".env"), 'KEY="canary-two"\n');
    expect(await differences()).toEqual([`${file(".env")} KEY\tas it was applied\tchanged by hand`]);
    chmodSync(file(".env"), 0o604);
    expect((await differences())[1]).toMatch(/env mode\t0\d{3}\t0604$/);
    rmSync(file(".env"));
    expect(await differences()).toEqual([`${file(".env")}\tas it was applied\tmissing`]);
    appendFileSync(file("compose.yaml"), readFileSync(file("compose.yaml")));
    expect((await differences())[1]).toMatch(/compose\.yaml\tsha256:\w{64}\tsha256:\w{64}$/);
  });
});
