import { Buffer } from "node:buffer";
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeDocument } from "../../model/document/writer.ts";
import { staging } from "./answer.ts";
import { LocalHost } from "./host-program.ts";

const canary = "c4n4ry=value";
let host: LocalHost;

beforeEach(() => {
  host = new LocalHost();
  const staged = { "secrets/db.4710": { mode: "0400", owner: "4710", staged: "variable.DB" } };
  const body = {
    directory: host.folder,
    project: "app",
    release: "2",
    compose: Buffer.from("services: {}\n"),
    routes: Buffer.from("\n"),
    env: { staged: "env", entries: {} },
    files: {},
    secrets: staged,
    services: { api: { image: "api", deadline: "5" } },
  };
  const text = writeDocument({ kind: "rollout", resource: "rollout", body }, { order: 1, attempt: "a" });
  writeFileSync(join(host.folder, "document"), text);
  mkdirSync(join(host.folder, "secrets"));
  writeFileSync(join(host.folder, "secrets", "env"), "");
  writeFileSync(join(host.folder, "secrets", "variable.DB"), canary);
});
afterEach(() => {
  host.remove();
});

/** Runs a piece of the program on the document of a release, on a server without containers. */
async function run(script: string): Promise<{ readonly code: number | null; readonly said: string }> {
  const { code, stdout, stderr } = await host.source(
    staging,
    `mkdir -p "$stack_state"; object=rollout number=1.a hash=abc folder=${host.folder}
     project_remove_all() { :; }; docker_forget() { :; }; drift_inspect() { drift_lines='' drift_sum=none; }
     document_read ${host.folder}/document; ${script}`,
  );
  return { code, said: stdout + stderr };
}

const file = (colour: string): string => join(host.folder, colour, "secrets", "db.4710");

function form(path: string): { readonly mode: number; readonly uid: number } {
  const { mode, uid } = statSync(path);
  return { mode: mode & 0o777, uid };
}

describe("secret files of a release (E9)", () => {
  it("are in the colour's own folder, for their owner alone, and are removed with the colour", async () => {
    expect(await run("rollout_write green")).toEqual({ code: 0, said: "" });
    expect(readFileSync(file("green"), "utf8")).toBe(canary);
    expect(form(file("green"))).toEqual({ mode: 0o400, uid: 4710 });
    expect(form(join(host.folder, "green", "secrets"))).toEqual({ mode: 0o700, uid: 0 });
    expect(existsSync(file("blue"))).toBe(false);
    expect(await run("rollout_clear green")).toEqual({ code: 0, said: "" });
    expect(existsSync(join(host.folder, "green"))).toBe(false);
  });

  it("keep their inode if nothing changed, so that no container restarts", async () => {
    await run("rollout_write green");
    const { ino } = statSync(file("green"));
    await run("rollout_write green");
    expect(statSync(file("green")).ino).toBe(ino);
  });

  it("rejects a release without a staged value", async () => {
    rmSync(join(host.folder, "secrets", "variable.DB"));
    expect(await run("rollout_write green")).toEqual({
      code: 1,
      said: "app-green: the session staged nothing for 'secrets/db.4710' (document 1.a); run `pulumi up` again\n",
    });
  });

  it("rejects a release without a staged env file", async () => {
    rmSync(join(host.folder, "secrets", "env"));
    expect(await run("rollout_write green")).toEqual({
      code: 1,
      said: "app-green: the session staged no env file (document 1.a); run `pulumi up` again\n",
    });
  });

  it("have their changes by hand named, without a value or its hash", async () => {
    await run("rollout_write green; rollout_remember green");
    const differences = 'drift_differences_of_files "$(memory_read "$(rollout_memory green)")"';
    const told = async (): Promise<string> => (await run(differences)).said.replaceAll(`${host.folder}/green/`, "");
    expect(await told()).toBe("");
    writeFileSync(file("green"), "other");
    chownSync(file("green"), 4711, 0);
    expect(await told()).toBe(
      "secrets/db.4710 owner\t4710\t4711\nsecrets/db.4710\tas it was applied\tchanged by hand\n",
    );
    rmSync(file("green"));
    expect(await told()).toBe("secrets/db.4710\tas it was applied\tmissing\n");
  });
});

describe("a shared service that mounts a secret file", () => {
  const place = "/run/secrets/db";

  /** The message about a container's mounts after a change of the delivered file. */
  async function told(act: (at: string) => void): Promise<string> {
    const app = join(host.folder, "app");
    const at = join(app, "secrets", "db.999");
    const services = { cache: { image: "cache", deadline: "5", mounts: { [place]: "f1" }, variables: {} } };
    const body = { directory: app, project: "app", env: `${app}/.env`, compose: Buffer.from("a\n"), services };
    const text = writeDocument({ kind: "compose", resource: "shared", body }, { order: 1, attempt: "a" });
    writeFileSync(join(host.folder, "shared"), text);
    mkdirSync(join(app, "secrets"), { recursive: true });
    writeFileSync(at, canary);
    const sum = `$(sha256sum <${at})`;
    const remember = `sum=${sum}; printf 'file 1.a %s secrets/db.999\\n' "\${sum%% *}" | memory_write secrets`;
    await run(remember);
    act(at);
    const { said } = await run(
      `document_read ${host.folder}/shared; drift_differences() { :; }
       docker_select() { docker_selected=(one); }
       declare -A docker_facts=(["one pid"]=0 ["one name"]=app-cache-1 ["one binds"]="${at}$(printf '\\x1e')${place}")
       compose_differences`,
    );
    return said;
  }

  it.each([
    { what: "changed", act: (at: string) => writeFileSync(at, "other") },
    { what: "is gone", act: (at: string) => rmSync(at) },
  ])("must restart when the file $what, since it is rewritten", async ({ act }) => {
    expect(await told(act)).toBe(`app-cache-1 ${place}\tthe file as it is\tan earlier one\n`);
  });

  it("keeps running while the file's content is as delivered, even with another owner", async () => {
    expect(await told((at) => chownSync(at, 4711, 0))).toBe("");
  });
});
