import { describe, expect, it } from "vitest";
import { read, readService, type Trial } from "./trial.ts";

const known: Trial = { secrets: ["DB_PASSWORD"], variables: { LICENSE: "plain", WORKER_UID: "1234" } };

/** A service with these lines, and two secrets that are variables. */
const compose = (lines: string): string => `
services:
  api:
${lines.replace(/^/gm, "    ")}
secrets:
  db_password: { environment: DB_PASSWORD }
  license: { environment: LICENSE }
`;

const secret = { type: "secret", name: "db_password", variable: "DB_PASSWORD", target: "/run/secrets/db_password" };

describe("a secret that is a variable (E9)", () => {
  it.each([
    ["[db_password]", { ...secret, uid: "0" }],
    ["[license]", { ...secret, name: "license", variable: "LICENSE", target: "/run/secrets/license", uid: "0" }],
    ["[{ source: db_password }]", { ...secret, uid: "0" }],
    ["[{ source: db_password, target: pg }]", { ...secret, target: "/run/secrets/pg", uid: "0" }],
    ["[{ source: db_password, target: /etc/app/pg }]", { ...secret, target: "/etc/app/pg", uid: "0" }],
    ["[{ source: db_password, uid: '999' }]", { ...secret, uid: "999" }],
    ["[{ source: db_password, uid: '${WORKER_UID}' }]", { ...secret, uid: "1234" }],
    ["[{ source: db_password, uid: '999', mode: 0400 }]", { ...secret, uid: "999" }],
    ["[{ source: db_password, uid: '999', mode: 0o400 }]", { ...secret, uid: "999" }],
  ])("is mounted with the options of %s", (written, expected) => {
    const { application, problems } = read(compose(`secrets: ${written}`), known);
    expect(problems).toEqual([]);
    expect(application?.services["api"]?.mounts).toEqual([expected]);
  });

  it.each([
    ["user: '1000'", "1000"],
    ["user: 1000:1000", "1000"],
    ["user: '${WORKER_UID}:0'", "1234"],
    ["user: root", "0"],
  ])("belongs to the service's %s", (user, uid) => {
    expect(readService("api", compose(`${user}\nsecrets: [db_password]`), known).mounts).toEqual([{ ...secret, uid }]);
  });

  it("belongs to its own uid before the service's user", () => {
    const lines = "user: '1000'\nsecrets: [{ source: db_password, uid: '999' }]";
    expect(readService("api", compose(lines), known).mounts).toEqual([{ ...secret, uid: "999" }]);
  });

  it("belongs to root if the user is a name, with a note", () => {
    const { application, problems, notes } = read(compose("user: node\nsecrets: [db_password]"), known);
    expect(problems).toEqual([]);
    expect(application?.services["api"]?.mounts).toEqual([{ ...secret, uid: "0" }]);
    expect(notes).toEqual([
      "api: only root may read the secret 'db_password', since the service's user 'node' is not a number; " +
        "set `uid` of the secret, or services.api.openSecrets",
    ]);
  });

  it("belongs to root if nothing says who needs it, with a note", () => {
    expect(read(compose("secrets: [db_password]"), known).notes).toEqual([
      "api: only root may read the secret 'db_password', since neither a uid nor the service's user is given; " +
        "set `uid` of the secret, or services.api.openSecrets",
    ]);
    expect(read(compose("user: '1000'\nsecrets: [db_password]"), known).notes).toEqual([]);
  });

  it("ignores gid and mode, with a note", () => {
    const lines = "secrets: [{ source: db_password, uid: '999', gid: '999', mode: 0440 }]";
    expect(read(compose(lines), known).notes).toEqual([
      "api: ignores gid and mode of the secret 'db_password'; its file is 0400, and only its uid may read it",
    ]);
  });

  it("does not appear in the service's environment", () => {
    const { fields, variables, envFiles } = readService("api", compose("secrets: [db_password]"), known);
    expect({ fields, variables, envFiles }).toEqual({ fields: {}, variables: [], envFiles: [] });
  });

  it.each([
    [
      "[db_password]",
      { variables: { LICENSE: "x" } },
      "the secret 'db_password' of service 'api' needs the variable DB_PASSWORD, which is not set; " +
        "add DB_PASSWORD to the environment's secrets, or correct `environment` of the secret",
    ],
    [
      "[{ source: db_password, uid: postgres }]",
      known,
      "the secret 'db_password' of service 'api' has a uid that is not a number, got 'postgres'; " +
        "write the number that the user has in the image",
    ],
    [
      "[{ source: db_password, uid: '${DB_PASSWORD}' }]",
      known,
      "secrets uses a variable that is secret, got '${DB_PASSWORD}'; " +
        "use a variable that is not secret; if this one is not, move it to `variables`",
    ],
    [
      "[other]",
      known,
      "secrets names 'other', which is not defined; " +
        "add it below the file's top-level secrets, or name in `compose` the file that has it",
    ],
  ])("rejects %s", (written, trial, problem) => {
    expect(read(compose(`secrets: ${written}`), trial).problems).toEqual([`compose.yaml:4:5: ${problem}`]);
  });
});

describe("a secret that is a file", () => {
  const wayOut = "write `environment: <VARIABLE>` instead: slipway delivers that variable's value as a file";
  const asking = (top: string): string => `services:\n  api:\n    secrets: [key]\nsecrets:\n  key: ${top}\n`;

  it("is delivered if git tracks it", () => {
    const { problems, application } = read(asking("{ file: key.pem }"), { files: { "key.pem": "k" } });
    expect(problems).toEqual([]);
    expect(application?.services["api"]?.mounts).toMatchObject([{ type: "file", target: "/run/secrets/key" }]);
  });

  it.each([
    ["{ file: key.pem }", "the mounted 'key.pem' does not exist", {}],
    ["{ file: key.pem }", "the mounted 'key.pem' is not tracked by git", { "key.pem": { untracked: "k" } }],
    ["{ external: true }", "secrets.key is external, which only Docker Swarm has", {}],
  ])("rejects %s with the way out: %s", (top, what, files) => {
    expect(read(asking(top), { files }).problems).toEqual([`compose.yaml:5:3: ${what}; ${wayOut}`]);
  });
});
