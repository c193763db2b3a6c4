import { describe, expect, it } from "vitest";
import { composeOf, read, readService, type Trial } from "../trial.ts";

const trial: Trial = {
  secrets: ["ADMIN", "OTHER"],
  only: { ADMIN: { services: ["migrate"], place: ".env.example:4" } },
};

const compose = `
x-env: &env { ADMIN: "\${ADMIN}", URL: "postgres://\${ADMIN}@db", OTHER: "\${OTHER}" }
services:
  api: { image: a, env_file: .env, environment: *env }
  migrate: { image: a, env_file: .env, environment: *env }
`;

describe("a variable that only some services may get", () => {
  it("is in no environment of another service, and a note names who loses it", () => {
    const { application, problems, notes } = read(compose, trial);
    expect(problems).toEqual([]);
    expect(application?.services["api"]?.fields).toEqual({ environment: { OTHER: "${OTHER}" } });
    expect(application?.services["api"]?.variables).toEqual(["OTHER"]);
    expect(Object.keys(application?.services["migrate"]?.fields["environment"] ?? {})).toEqual([
      "ADMIN",
      "URL",
      "OTHER",
    ]);
    expect(notes).toEqual([
      "api: does not get ADMIN, which only migrate may get (.env.example:4)",
      "api: does not get URL, since its value has ADMIN, which only migrate may get (.env.example:4)",
      "api: does not get ADMIN of '.env', which only migrate may get (.env.example:4)",
    ]);
  });

  it("is not passed by its name alone", () => {
    expect(readService("api", composeOf("environment: [ADMIN, OTHER]"), trial).fields).toEqual({
      environment: { OTHER: null },
    });
  });

  it.each([
    ["its command", 'command: ["run", "${ADMIN}"]', {}, "compose.yaml:3:5: service 'api' uses ADMIN in command"],
    [
      "a secret file",
      "secrets: [s]",
      { top: "secrets: { s: { environment: ADMIN } }" },
      "compose.yaml:3:5: service 'api' uses ADMIN in secrets",
    ],
    [
      "an env file of the repository",
      "env_file: a.env",
      { files: { "a.env": "A=${ADMIN}" } },
      "compose.yaml:3:5: the env_file 'a.env' of service 'api' uses ADMIN",
    ],
  ])("is rejected in %s of another service, where it cannot be left out", (_, lines, also, start) => {
    const { top = "", ...files } = { ...also } as { top?: string } & Trial;
    expect(read(composeOf(lines, top), { ...trial, ...files }).problems).toEqual([
      `${start}, which only migrate may get (.env.example:4); remove it there, or name 'api' too`,
    ]);
  });
});
