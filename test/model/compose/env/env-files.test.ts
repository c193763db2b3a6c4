import { describe, expect, it } from "vitest";
import { composeOf, read, readService, type Trial } from "../trial.ts";

const decode = (content: Uint8Array | undefined): string => new TextDecoder().decode(content);

/** The env files of the service, in a few words each. */
function envFiles(lines: string, trial: Trial = {}): string[] {
  return readService("api", composeOf(lines), trial).envFiles.map(({ from, path }) => `${from}: ${path}`);
}

const problems = (lines: string, trial: Trial = {}): readonly string[] => read(composeOf(lines), trial).problems;
const notes = (lines: string, trial: Trial = {}): readonly string[] => read(composeOf(lines), trial).notes;

describe("the env files of a service", () => {
  const files = { "common.env": "A=1\nB=2\n", "web.env": "B=3\n" };

  it("are those that it names, in their order, from git or else from the stack (B7)", () => {
    expect(envFiles("env_file: [common.env, { path: .env, required: false }, ./web.env]", { files })).toEqual([
      "repository: common.env",
      "stack: .env",
      "repository: web.env",
    ]);
  });

  it("reach the server byte by byte if git has them", () => {
    const odd = "\ufeffexport A=\"x${B:-y}\" # said\r\nB: '$z'\n";
    const [file] = readService("api", composeOf("env_file: odd.env"), { files: { "odd.env": odd } }).envFiles;
    expect(file?.from === "repository" && decode(file.content)).toBe(
      new TextDecoder().decode(new TextEncoder().encode(odd)),
    );
    expect(file?.from === "repository" && file.values).toEqual({ A: "xy", B: "$z" });
  });

  it("are written in Compose's usual form if theirs is raw, which old versions do not know", () => {
    const raw = "# said\n  A='x' \"$B\" # y \\n\t\r\nC=\nPASSED\n";
    const service = readService("api", composeOf("env_file: [{ path: raw.env, format: raw }]"), {
      files: { "raw.env": raw },
      variables: { PASSED: "p" },
    });
    const [file] = service.envFiles;
    expect(file?.from === "repository" && decode(file.content)).toBe(
      'A="\'x\' \\"\\$B\\" # y \\\\n\\t"\nC=""\nPASSED\n',
    );
    expect(file?.from === "repository" && file.values).toEqual({ A: `'x' "$B" # y \\n\t`, C: "", PASSED: "p" });
  });

  it("use the stack's variables, and a secret stays on the server", () => {
    const url = "DATABASE_URL=postgres://app:${PASSWORD}@${HOST:-db}/x\nHOST=other\n";
    const trial = { files: { "api.env": url }, secrets: ["PASSWORD"] };
    const service = readService("api", composeOf("env_file: api.env"), trial);
    expect(service.variables).toEqual(["PASSWORD"]);
    expect(JSON.stringify(service.envFiles)).not.toContain("canary");
  });

  it("use what those of git before them set, unless the stack sets it", () => {
    const own = { "common.env": "NAME=web\nPORT=80\n", "web.env": "URL=http://${NAME}:${PORT}\n" };
    const { envFiles } = readService("api", composeOf("env_file: [common.env, web.env]"), {
      files: own,
      variables: { PORT: "8080" },
    });
    expect(envFiles.at(-1)).toMatchObject({ values: { URL: "http://web:8080" } });
  });

  it("are the stack's where the configuration says so, and a note tells it", () => {
    const trial = { files, envFiles: { "web.env": { B: "WEB_B" } }, secrets: ["WEB_B"] };
    expect(envFiles("env_file: web.env", trial)).toEqual(["stack: web.env"]);
    expect(notes("env_file: web.env", trial)).toEqual([
      "api: gets what env.files says of 'web.env', not the file of the repository",
    ]);
  });

  it("have paths from the folder of the configuration", () => {
    const included = "include: [deploy/compose.yaml]\n";
    const compose = composeOf("env_file: [../common.env, own.env]");
    const trial = { files: { ...files, "deploy/compose.yaml": compose, "deploy/own.env": "X=1" } };
    const { application } = read(included, trial);
    expect(application?.services["api"]?.envFiles.map(({ path }) => path)).toEqual(["common.env", "deploy/own.env"]);
  });

  it("that are not there and not required are left out with a note", () => {
    expect(envFiles("env_file: [{ path: local.env, required: false }]")).toEqual([]);
    expect(notes("env_file: [{ path: local.env, required: false }]")).toEqual([
      "api: the optional env_file 'local.env' is not there; an entry of env.files would make it",
    ]);
  });

  it.each<[string, string, Trial, string]>([
    [
      "a line that is none",
      "env_file: web.env",
      { files: { "web.env": "A=1\nB C\n" } },
      "compose.yaml:3:5: the env_file 'web.env' of service 'api' has a line that is not a variable, got web.env:2; " +
        "write NAME=value",
    ],
    [
      "a line of a raw file that is none",
      "env_file: [{ path: web.env, format: raw }]",
      { files: { "web.env": "A=1\nB C=1\n" } },
      "compose.yaml:3:16: the env_file 'web.env' of service 'api' has a line that is not a variable, got web.env:2; " +
        "write NAME=value",
    ],
    [
      "a variable that nothing sets, as after a dollar sign in a password",
      "env_file: web.env",
      { files: { "web.env": "PASSWORD=pa$word\n" } },
      "web.env: needs the variable word, which is not set for service 'api'; set variables.word or secrets.word, or " +
        "write a default; a dollar sign of a value is `$$`",
    ],
    [
      "a link",
      "env_file: web.env",
      { files: { "web.env": { kind: "link" } } },
      "compose.yaml:3:5: the env_file 'web.env' of service 'api' holds the link 'web.env'; put the file itself there",
    ],
    [
      "a key for a file that no service names",
      "env_file: web.env",
      { files, envFiles: { "wep.env": {} } },
      "env.files.wep.env: is not an env_file of a deployed service, got 'wep.env'; did you mean 'web.env'",
    ],
  ])("rejects %s", (_, lines, trial, problem) => {
    expect(problems(lines, trial)).toEqual([problem]);
  });
});

describe("env files that git does not have", () => {
  it("are told in the plan if there is one, but for the one that Compose reads by itself", () => {
    expect(notes("env_file: web.env")).toEqual([
      "api: 'web.env' is not in git, so it has the stack's variables that env.files gives to no other file",
    ]);
    expect(notes("env_file: .env")).toEqual([]);
  });

  const two = "services:\n  api: { image: a, env_file: api.env }\n  web: { image: a, env_file: web.env }\n";

  it("are rejected if there are several, since one's secrets must not reach the service of another one", () => {
    const problem = (place: string, path: string, other: string): string =>
      `compose.yaml:${place}: git has neither '${path}' nor '${other}', so it is not known which variables stand in ` +
      `which; name those of this file in env.files: \`files: { "${path}": [NAME, OTHER_NAME] }\`, or give it the ` +
      "path of an encrypted env file of its own; no other file has them then";
    expect(read(two).problems).toEqual([problem("2:20", "api.env", "web.env"), problem("3:20", "web.env", "api.env")]);
    const envFiles = { "api.env": { KEY: "KEY" }, "web.env": { KEY: "web.env KEY" } };
    expect(read(two, { envFiles, secrets: ["KEY"] }).problems).toEqual([]);
  });

  it("need a word about all but one, which has the rest", () => {
    const envFiles = { "api.env": { KEY: "KEY" } };
    expect(read(two, { envFiles, secrets: ["KEY"] }).problems).toEqual([]);
    const { problems: found } = read(two.replace("web.env", ".env"));
    expect(found.map((line) => line.split(":")[1])).toEqual(["2"]);
  });
});

describe("the folder of a database in a variable (M16)", () => {
  const pgdata = (lines: string, trial: Trial = {}): unknown => readService("api", composeOf(lines), trial).pgdata;
  const files = { "db.env": "PGDATA=/data/${VERSION:-17}\n" };

  it("is known by the variable's default, or by its value where that is no secret", () => {
    const written = 'environment: { PGDATA: "${PGDATA:-/var/lib/postgresql/data}" }';
    expect(pgdata(written)).toEqual({ value: "/var/lib/postgresql/data" });
    expect(pgdata(written, { variables: { PGDATA: "/data/pg" } })).toEqual({ value: "/data/pg" });
    expect(pgdata(written, { secrets: ["PGDATA"] })).toEqual({ value: undefined });
    expect(pgdata("environment: [PGDATA]", { variables: { PGDATA: "/data/pg" } })).toEqual({ value: "/data/pg" });
    expect(pgdata("environment: [OTHER=1]")).toBeUndefined();
  });

  it("is known from env files, of which the last one counts", () => {
    const trial = { files, variables: { PGDATA: "/data/own" } };
    expect(pgdata("env_file: db.env", trial)).toEqual({ value: "/data/17" });
    expect(pgdata("env_file: [db.env, .env]", trial)).toEqual({ value: "/data/own" });
    expect(pgdata("env_file: constructor", trial)).toEqual({ value: "/data/own" });
    const other = { ...trial, variables: { VERSION: "18" } };
    expect(pgdata("env_file: [.env, db.env]", other)).toEqual({ value: "/data/18" });
    expect(pgdata("env_file: db.env", { files, secrets: ["VERSION"] })).toEqual({ value: undefined });
    expect(pgdata('env_file: db.env\nenvironment: { PGDATA: "/x" }', { files })).toEqual({ value: "/x" });
  });
});
