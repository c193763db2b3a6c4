import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { staging } from "./answer.ts";
import { Deployer } from "./deploy.ts";
import { LocalHost } from "./host-program.ts";

let host: LocalHost;
let claim: Deployer;
let directory: Deployer;

beforeEach(() => {
  host = new LocalHost();
  host.engine.start();
  claim = new Deployer(host, "claim");
  directory = new Deployer(host, "directory");
});
afterEach(() => {
  expect(host.engine.misunderstood).toBe("");
  host.remove();
});

const claimed = (also: Readonly<Record<string, string>> = {}) => ({
  ...{ directory: join(host.folder, "app"), networks: {}, ports: {}, projects: {}, volumes: {} },
  ...also,
});
const folder = () => ({ path: join(host.folder, "app"), owner: userInfo().username, mode: "0750" });
const object = () => `directory:${join(host.folder, "app")}`;
const isThere = () => existsSync(join(host.folder, "app"));

const refusal = (verb: string, of: string, number = "1.a") =>
  `${verb}: aaperture/staging is protected, and no open session may remove ${of} (document ${number}); ` +
  "run `slipway destroy`, which asks for the stack's name, or drop it from the stack and run `slipway up`\n";

/** Deploys a claim and a directory, and ends the session. */
async function deploy(also: Readonly<Record<string, string>>): Promise<void> {
  const session = await host.session(staging, "one");
  expect(await claim.apply(claimed(also))).toBe("applied");
  expect(await directory.apply(folder())).toBe("applied");
  await session.end();
}

describe("a protected stack", { timeout: 60_000 }, () => {
  it("rejects a delete without a session, as in `pulumi destroy`, and keeps everything (F99)", async () => {
    await deploy({ protected: "true" });
    expect(await directory.delete(folder())).toBe(refusal("directory", object()));
    expect(await claim.delete(claimed({ protected: "true" }))).toBe(refusal("claim", "claim"));
    expect(isThere()).toBe(true);
    expect(existsSync(join(host.state, "claims-1", "aaperture@staging"))).toBe(true);
  });

  it("rejects a delete without waiting for another stack's lease", async () => {
    await deploy({ protected: "true" });
    const other = await host.session("aaperture/production", "two");
    expect(await directory.delete(folder())).toBe(refusal("directory", object()));
    await other.end();
  });

  it("rejects a delete in a session for another object", async () => {
    await deploy({ protected: "true" });
    const session = await host.session(staging, "two");
    await session.allowRemoval("claim");
    expect(await directory.delete(folder())).toBe(refusal("directory", object()));
    await session.end();
    expect(isThere()).toBe(true);
  });

  it("loses the objects that its session may remove, and its claim last", async () => {
    await deploy({ protected: "true" });
    const session = await host.session(staging, "two");
    await session.allowRemoval("claim", object());
    expect(await directory.delete(folder())).toBe("deleted");
    expect(await claim.delete(claimed({ protected: "true" }))).toBe("deleted");
    expect(await directory.delete(folder())).toBe("not ours");
    await session.end();
    expect(isThere()).toBe(false);
    expect(existsSync(join(host.state, "claims-1", "aaperture@staging"))).toBe(false);
    expect(await claim.delete(claimed({ protected: "true" }))).toBe("not ours");
  });

  it("rejects a delete after its session has ended", async () => {
    await deploy({ protected: "true" });
    const session = await host.session(staging, "two");
    await session.allowRemoval(object());
    await session.end();
    expect(await directory.delete(folder())).toBe(refusal("directory", object()));
  });

  it("answers the delete of a foreign object as any other stack, so that a state can be corrected", async () => {
    await deploy({ protected: "true" });
    expect(await new Deployer(host, "directory", staging, "former").delete(folder())).toBe("not ours");
  });

  it("is like any other stack once its protection is removed", async () => {
    await deploy({ protected: "true" });
    const session = await host.session(staging, "two");
    expect(await claim.apply(claimed())).toBe("applied");
    await session.end();
    expect(await directory.delete(folder())).toBe("deleted");
  });
});

describe("a stack that is not protected", { timeout: 60_000 }, () => {
  it("is removed without a session, even if a volume is called protected", async () => {
    const session = await host.session(staging, "one");
    expect(await claim.apply({ ...claimed(), volumes: { protected: "true" } })).toBe("applied");
    expect(await directory.apply(folder())).toBe("applied");
    await session.end();
    expect(await directory.delete(folder())).toBe("deleted");
  });
});
