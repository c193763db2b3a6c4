import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Body } from "../../../model/document/bodies.ts";
import { secrets } from "../../../host/verbs/secrets.ts";
import { testServer } from "./server.ts";

function server() {
  const made = testServer();
  const directory = join(made.folder, "shop");
  mkdirSync(directory);
  const body: Body<"secrets"> = {
    directory,
    files: {
      ".env": { mode: "0600", owner: "root", staged: "env", entries: { TOKEN: "f1", LEVEL: "f2" } },
      "secrets/key": { mode: "0400", owner: "1000", staged: "variable.KEY", entries: { KEY: "f3" } },
    },
  };
  const bytes = (env: string): ReadonlyMap<string, Uint8Array> =>
    new Map([
      ["env", Buffer.from(env)],
      ["variable.KEY", Buffer.from("canary-key")],
    ]);
  const at = (path: string): string => join(directory, path);
  return { ...made, at, body, bytes };
}

const env = 'TOKEN="canary-token"\nLEVEL="info"\n';

describe("the secrets of a stack", () => {
  it("reach only their owners: root's env file, and a file for the user of a container (E9)", async () => {
    const { at, body, bytes, work } = server();
    await secrets.apply(body, work("secrets", { secrets: bytes(env) }));
    expect(readFileSync(at(".env"), "utf8")).toBe(env);
    expect(readFileSync(at("secrets/key"), "utf8")).toBe("canary-key");
    expect(statSync(at(".env"))).toMatchObject({ uid: 0, mode: 0o100600 });
    expect(statSync(at("secrets/key"))).toMatchObject({ uid: 1000, mode: 0o100400 });
    expect(statSync(at("secrets"))).toMatchObject({ uid: 0, mode: 0o040700 });
    expect(await secrets.differences(body, work("secrets"))).toEqual([]);
  });

  it("that were changed by hand are named by their variables, never with a value", async () => {
    const { at, body, bytes, work } = server();
    await secrets.apply(body, work("secrets", { secrets: bytes(env) }));
    writeFileSync(at(".env"), 'TOKEN="canary-other"\nMORE="1"\n');
    chmodSync(at("secrets"), 0o755);
    const found = await secrets.differences(body, work("secrets"));
    expect(found).toEqual([
      { where: ".env TOKEN", expected: "as it was delivered", found: "changed by hand" },
      { where: ".env MORE", expected: "as it was delivered", found: "added by hand" },
      { where: ".env LEVEL", expected: "as it was delivered", found: "missing" },
      { where: "secrets mode", expected: "0700", found: "0755" },
    ]);
    await secrets.apply(body, work("secrets", { secrets: bytes(env) }));
    expect(await secrets.differences(body, work("secrets"))).toEqual([]);
  });

  it("are named by their env file, where a service has one of its own", async () => {
    const { at, body, bytes, work } = server();
    const own = { mode: "0600", owner: "root", staged: "env.1", entries: { TOKEN: "f3" } };
    const both = { ...body, files: { ...body.files, "slipway-env/web.env": own } };
    const staged = new Map([...bytes(env), ["env.1", Buffer.from('TOKEN="canary-web"\n')]]);
    await secrets.apply(both, work("secrets", { secrets: staged }));
    expect(readFileSync(at("slipway-env/web.env"), "utf8")).toBe('TOKEN="canary-web"\n');
    expect(statSync(at("slipway-env/web.env"))).toMatchObject({ uid: 0, mode: 0o100600 });
    expect(await secrets.differences(both, work("secrets"))).toEqual([]);
    writeFileSync(at("slipway-env/web.env"), 'TOKEN="canary-token"\n');
    expect(await secrets.differences(both, work("secrets"))).toEqual([
      { where: "slipway-env/web.env TOKEN", expected: "as it was delivered", found: "changed by hand" },
    ]);
  });

  it("rejects one that the session did not bring, and leaves everything as it was", async () => {
    const { at, body, bytes, work } = server();
    await secrets.apply(body, work("secrets", { secrets: bytes(env) }));
    await expect(async () => secrets.apply(body, work("secrets"))).rejects.toThrow(
      "the session brought nothing as 'env' for '.env' (document 4.2); run `pulumi up` again",
    );
    expect(readFileSync(at(".env"), "utf8")).toBe(env);
  });
});
