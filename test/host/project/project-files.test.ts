import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bodySchemas } from "../../../model/document/bodies.ts";
import { sumOf } from "../../../host/files/read.ts";
import { releaseFiles } from "../../../host/project/files.ts";
import { ProjectFiles } from "../../../host/project/project-files.ts";
import { testServer } from "../verbs/server.ts";

const odd = ["it's.yml", 'a "b".yml', "[env].json", "-x", "$(touch pwned)", "line\nbreak", "{{x}}"];

/** A colour of a release below a stack's directory. */
function colour() {
  const { folder, said, work } = testServer();
  mkdirSync(join(folder, "shop"));
  const directory = join(folder, "shop", "green");
  const staged = new Map([
    ["env", Buffer.from('TOKEN="canary-one"\nLEVEL="info"\n')],
    ["variable.DB", Buffer.from("canary-db")],
  ]);
  const body = bodySchemas.rollout.shape.secrets.unwrap().parse({
    "secrets/db.70": { mode: "0400", owner: "70", staged: "variable.DB" },
  });
  const document = (files: readonly string[] = odd) => ({
    compose: Buffer.from("name: shop-<colour>\nservices: { web-<colour>: {} }\n"),
    env: { ".env": { staged: "env" } },
    files: Object.fromEntries(files.map((name) => [`conf/${name}`, { mode: "0644", content: Buffer.from(name) }])),
    secrets: body,
  });
  const own = (secrets: ReadonlyMap<string, Uint8Array> = staged) => work("rollout", { secrets });
  const files = () => new ProjectFiles({ project: "shop-green", directory }, own().state);
  const deliver = (names?: readonly string[], secrets?: ReadonlyMap<string, Uint8Array>) => {
    const wanted = releaseFiles(document(names), own(secrets), "green");
    files().deliver(wanted, "4.2", (message) => said.push(message));
  };
  const { state } = own();
  return { at: (path: string) => join(directory, path), directory, folder, files, deliver, said, state };
}

describe("the files of a colour", () => {
  it("are in its own folder, whatever they are called, secrets for their owner alone (E9, SEC-A4, F134)", () => {
    const { at, deliver, directory, files } = colour();
    deliver();
    expect(readFileSync(at("compose.yaml"), "utf8")).toBe("name: shop-green\nservices: { web-green: {} }\n");
    expect(readdirSync(at("conf")).sort()).toEqual([...odd].sort());
    expect(readFileSync(at("secrets/db.70"), "utf8")).toBe("canary-db");
    expect(statSync(at("secrets/db.70"))).toMatchObject({ uid: 70, mode: 0o100400 });
    expect(statSync(at("secrets"))).toMatchObject({ uid: 0, mode: 0o040700 });
    expect(statSync(at(".env"))).toMatchObject({ uid: 0, mode: 0o100600 });
    expect(statSync(at("compose.yaml"))).toMatchObject({ uid: 0, mode: 0o100644 });
    expect(statSync(directory)).toMatchObject({ uid: 0, mode: 0o040755 });
    expect(files().differences()).toEqual([]);
  });

  it("keep their inodes while nothing changes, and go one by one, with their folders, when they are not named", () => {
    const { at, deliver, directory, files, said } = colour();
    deliver();
    const inodes = () => ["compose.yaml", ".env", "secrets/db.70"].map((path) => statSync(at(path)).ino);
    const before = inodes();
    said.length = 0;
    deliver(["-x"]);
    expect(inodes()).toEqual(before);
    expect(said).toEqual([]);
    expect(readdirSync(at("conf"))).toEqual(["-x"]);
    files().remove(() => undefined);
    expect(existsSync(directory)).toBe(false);
    expect(files().differences()).toMatchObject([{ found: "nothing that is remembered" }]);
  });

  it("are named when they were changed by hand, variables by name, without a value or its sum (F96)", () => {
    const { at, deliver, files } = colour();
    deliver([]);
    writeFileSync(at(".env"), 'TOKEN="canary-two"\nMORE="1"\n');
    writeFileSync(at("secrets/db.70"), "canary-three");
    rmSync(at("compose.yaml"));
    chmodSync(at("secrets"), 0o755);
    expect(files().differences()).toEqual([
      { where: at("compose.yaml"), expected: "file", found: "missing" },
      { where: at(".env TOKEN"), expected: "as it was delivered", found: "changed by hand" },
      { where: at(".env MORE"), expected: "as it was delivered", found: "added by hand" },
      { where: at(".env LEVEL"), expected: "as it was delivered", found: "missing" },
      { where: at("secrets/db.70"), expected: "as it was delivered", found: "changed by hand" },
      { where: at("secrets mode"), expected: "0700", found: "0755" },
    ]);
    deliver([]);
    expect(files().differences()).toEqual([]);
  });

  it("rejects one whose value the session did not bring, and writes none", () => {
    const { deliver, directory } = colour();
    expect(() => deliver([], new Map())).toThrow("the session brought nothing as 'env' for '.env' (document 4.2)");
    const env = new Map([["env", Buffer.from("")]]);
    expect(() => deliver([], env)).toThrow("the session brought nothing as 'variable.DB' for 'secrets/db.70'");
    expect(existsSync(directory)).toBe(false);
  });

  it("reject a file that slipway did not write (SEC-B4)", () => {
    const { at, deliver, directory } = colour();
    mkdirSync(directory);
    writeFileSync(at("compose.yaml"), "mine\n");
    expect(() => deliver()).toThrow("compose.yaml' is there already and slipway did not write it");
    expect(readFileSync(at("compose.yaml"), "utf8")).toBe("mine\n");
    expect(readdirSync(directory)).toEqual(["compose.yaml"]);
  });

  it("follow no link when they are written or removed (SEC-A2, SEC-A3)", () => {
    const { at, deliver, files, folder } = colour();
    deliver(["a.yml"]);
    const outside = join(folder, "outside");
    mkdirSync(outside);
    writeFileSync(join(outside, "a.yml"), "of others");
    rmSync(at("conf"), { recursive: true });
    symlinkSync(outside, at("conf"));
    const found = expect.stringMatching(/conf' is a link/) as unknown;
    expect(files().differences()).toEqual([{ where: at("conf/a.yml"), expected: "file", found }]);
    expect(() => deliver(["a.yml"])).toThrow(/document 4\.2.*conf' is a link/);
    const left: string[] = [];
    files().remove((message) => left.push(message));
    expect(left).toEqual([
      expect.stringMatching(/^keeps 'green\/conf\/a.yml', which slipway did not write: .*conf' is a link/),
    ]);
    expect(readFileSync(join(outside, "a.yml"), "utf8")).toBe("of others");
  });

  it("name the containers of the compose file as it is, also after somebody changed it", () => {
    const { at, deliver, files } = colour();
    deliver();
    expect([...files().containerNames()]).toEqual([["shop-green-web-green-1", "web-green"]]);
    writeFileSync(at("compose.yaml"), "services: { other: {} }\n");
    expect([...files().containerNames()]).toEqual([["shop-green-other-1", "other"]]);
  });

  it("name them from memory as long as the compose file is the delivered one", () => {
    const { at, deliver, files, state } = colour();
    deliver();
    const sha256 = sumOf(readFileSync(at("compose.yaml")));
    state.remember("project shop-green", { forms: {}, variables: {}, compose: { sha256, names: { "shop-1": "web" } } });
    expect([...files().containerNames()]).toEqual([["shop-1", "web"]]);
  });
});
