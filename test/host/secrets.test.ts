import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { staging } from "./answer.ts";
import { Deployer } from "./deploy.ts";
import { LocalHost, type LocalRun } from "./host-program.ts";

const canary = "c4n4ry";
const env = `DB=${canary}1\nKEY="${canary}2"\nTOKEN=${canary}3\n`;

let host: LocalHost;
let session: LocalRun;
let deployer: Deployer;
let app: string;

beforeEach(async () => {
  host = new LocalHost();
  app = join(host.folder, "app");
  mkdirSync(app);
  deployer = new Deployer(host, "secrets");
  session = await host.session(staging, "one");
});
afterEach(async () => {
  await session.end();
  host.remove();
});

const key = [0, 255, 10, 13];
const body = (fingerprint = "f1") => ({
  directory: app,
  files: {
    ".env": { mode: "0600", owner: "root", staged: "env", entries: { DB: fingerprint, KEY: "f2", TOKEN: "f3" } },
    "secrets/key.pem": { mode: "0400", owner: "999", staged: "key", entries: {} },
  },
});

async function stage(text = env): Promise<void> {
  session.stage("env", text);
  session.stage("key", Buffer.from(key));
  await session.observe();
}

async function differences(): Promise<unknown> {
  const found = await session.observe();
  return found.find(({ fact }) => fact === "applied")?.["differences"];
}

describe("the verb secrets", { timeout: 60_000 }, () => {
  it("writes the staged values, to the byte, for their owner alone", async () => {
    await stage();
    expect(await deployer.apply(body())).toBe("applied");
    expect(readFileSync(join(app, ".env"), "utf8")).toBe(env);
    expect(statSync(join(app, ".env")).mode & 0o777).toBe(0o600);
    const file = join(app, "secrets", "key.pem");
    expect([...readFileSync(file)]).toEqual(key);
    expect({ mode: statSync(file).mode & 0o777, uid: statSync(file).uid }).toEqual({ mode: 0o400, uid: 999 });
    expect(await deployer.apply(body(), true)).toBe("unchanged");
  });

  it("names variables that were changed by hand, without a value", async () => {
    await stage();
    await deployer.apply(body());
    writeFileSync(join(app, ".env"), `DB=${canary}1\nKEY=${canary}x\nOTHER=${canary}\n`);
    const found = await session.observe();
    expect(found.find(({ fact }) => fact === "applied")?.["differences"]).toEqual([
      { where: ".env KEY", expected: "as it was delivered", found: "changed by hand" },
      { where: ".env OTHER", expected: "as it was delivered", found: "added by hand" },
      { where: ".env TOKEN", expected: "as it was delivered", found: "missing" },
    ]);
    expect(JSON.stringify(found)).not.toContain(canary);
    expect(await deployer.apply(body())).toBe("applied");
    expect(await differences()).toEqual([]);
    appendFileSync(join(app, ".env"), "# a comment\n");
    expect(await differences()).toEqual([{ where: ".env", expected: "as it was delivered", found: "changed by hand" }]);
  });

  it("rejects a file that was not staged, and leaves the old one", async () => {
    expect(await deployer.apply(body())).toContain(
      "secrets: the session staged nothing as 'env' for '.env' (document 1.a); run `pulumi up` again\n",
    );
    expect(existsSync(join(app, ".env"))).toBe(false);
  });

  it("names and repairs content, modes, owner and loss of secret files, without a value (E9)", async () => {
    const names = ["content", "mode", "owner", "absence"].map((name) => `secrets/${name}.999`);
    const file = { mode: "0400", owner: "999", staged: "key", entries: {} };
    const several = { ...body(), files: Object.fromEntries(names.map((name) => [name, file])) };
    await stage();
    await deployer.apply(several);
    const [content, mode, owner, absence] = names.map((name) => join(app, name)) as [string, string, string, string];
    expect(statSync(join(app, "secrets")).mode & 0o777).toBe(0o700);
    writeFileSync(content, `PART=${canary}`); // it looks like a variable, and its first part may be half of a secret
    chmodSync(mode, 0o444);
    chownSync(owner, 4711, 0);
    rmSync(absence);
    chmodSync(join(app, "secrets"), 0o755);
    const facts = await session.observe();
    expect(facts.find(({ fact }) => fact === "applied")?.["differences"]).toEqual([
      { where: "secrets/absence.999", expected: "file", found: "missing" },
      { where: "secrets/content.999", expected: "as it was delivered", found: "changed by hand" },
      { where: "secrets/mode.999 mode", expected: "0400", found: "0444" },
      { where: "secrets/owner.999 owner", expected: "999", found: "4711" },
      { where: "secrets mode", expected: "0700", found: "0755" },
    ]);
    expect(JSON.stringify(facts)).not.toContain(canary);
    expect(await deployer.apply(several)).toBe("applied");
    expect(await differences()).toEqual([]);
    expect([content, absence].map((path) => [...readFileSync(path)])).toEqual([key, key]);
  });

  it("keeps values only in the file (F113)", async () => {
    await stage();
    await deployer.apply(body());
    await session.end();
    const left = execFileSync("bash", ["-c", `grep -rlF ${canary} ${host.folder} || true`], { encoding: "utf8" });
    expect(left).toBe(`${app}/.env\n`);
    expect(await deployer.delete(body())).toBe("deleted");
    expect(existsSync(join(app, ".env"))).toBe(false);
    expect(existsSync(join(app, "secrets"))).toBe(false);
  });
});
