import { describe, expect, it, onTestFinished } from "vitest";
import { variableProblems } from "../../../config/variables/variable-problems.ts";
import { allVariables, fingerprintOf, ownVariables } from "../../../config/variables/stack-variables.ts";
import { describeProblem } from "../../../model/problem.ts";
import type { FoundVariable } from "../../../secrets/source/found-variable.ts";
import type { Draft } from "../../../config/draft.ts";
import { readDraft } from "../../../config/draft.ts";
import { rightStack, TrialRepository } from "../trial-repository.ts";

function draft(changes: object, stack = "staging"): Draft {
  const said = new Map<string, unknown>(Object.entries({ ...rightStack, ...changes }));
  const texts = [...said].map(([key, value]): [string, string] => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return readDraft({ texts: Object.fromEntries(texts), environment: {}, stack }).draft;
}

const ofPorts = { API_PORT: "18080" };

const problems = (changes: object): string[] => {
  const { variables, secrets } = draft(changes);
  const found = { kind: "config" as const, variables: foundOf(secrets) };
  const plain = Object.entries(variables).map(([name, value]) => ({ name, value, place: `variables.${name}` }));
  return variableProblems(plain, found, { own: ownVariables(draft(changes), ofPorts), ofPorts }).map(describeProblem);
};

function foundOf(secrets: Readonly<Record<string, string>>): FoundVariable[] {
  return Object.entries(secrets).map(([name, value]) => ({ name, value, place: `secrets.${name}` }));
}

describe("variables of the env file", () => {
  it("include slipway's own, from environment, project, directory, domain and ports (A6, A9)", () => {
    expect(ownVariables(draft({ domain: "staging.aaperture.com" }), { API_PORT: "18080" })).toEqual({
      ENVIRONMENT: "staging",
      COMPOSE_PROJECT_NAME: "trial",
      SERVER_APP_DIR: "/opt/trial",
      DOMAINNAME: "staging.aaperture.com",
      API_PORT: "18080",
    });
  });

  it("have the environment that the stack sets, which may differ from its name", () => {
    expect(ownVariables(draft({ environment: "production" }, "eu"), {})).toMatchObject({ ENVIRONMENT: "production" });
  });

  it("are one list, sorted by name", () => {
    const all = draft({ variables: { B: "1" }, secrets: { A: "2" } });
    const source = { variables: foundOf(all.secrets) };
    const nothing = { defaults: { variables: [], secret: [], notes: [] }, files: { contents: {}, variables: [] } };
    expect(allVariables({ ...nothing, configured: all.variables, source, own: { C: "3" } })).toEqual([
      { name: "A", value: "2" },
      { name: "B", value: "1" },
      { name: "C", value: "3" },
    ]);
  });

  it("have fingerprints that change with name, value and key, and reveal nothing else", () => {
    const variable = { name: "POSTGRES_PASSWORD", value: "canary" };
    // printf 'POSTGRES_PASSWORD\0canary' | openssl dgst -sha256 -hmac key
    expect(fingerprintOf("key", variable)).toBe("0cd49dfc04cb552c");
    expect(fingerprintOf("other", variable)).not.toBe(fingerprintOf("key", variable));
    expect(fingerprintOf("key", { ...variable, name: "OTHER" })).not.toBe(fingerprintOf("key", variable));
    expect(fingerprintOf("key", { name: "A", value: "BC" })).not.toBe(fingerprintOf("key", { name: "AB", value: "C" }));
  });

  it("may repeat slipway's own values", () => {
    expect(problems({ variables: { ENVIRONMENT: "staging", API_PORT: "18080" } })).toEqual([]);
  });

  it.each([
    [
      "a variable that says otherwise than slipway",
      { variables: { API_PORT: "8080" } },
      "variables.API_PORT: is a host port of the compose file, which ports has as '18080', got '8080'; " +
        "remove it, write its value in ports, or name another variable in the compose file",
    ],
    [
      "a secret that says otherwise than slipway, without its value",
      { secrets: { ENVIRONMENT: "canary" } },
      "secrets.ENVIRONMENT: is set by slipway to 'staging', got a value that is kept secret; remove it",
    ],
    [
      "a name that is variable and secret",
      { variables: { A: "1" }, secrets: { A: "1" } },
      "secrets.A: is also set in variables; keep one of them",
    ],
    [
      "a name that no variable may have",
      { variables: { "A B": "1" } },
      'variables.A B: is not a valid variable name, got "A B"; use letters, digits, `_`, `.` and `-`, ' +
        "and begin with a letter or `_`",
    ],
    [
      "a value that no variable may have",
      { secrets: { A: "canary\0" } },
      "secrets.A: contains a NUL, which no variable can hold; encode the value, for instance as base64",
    ],
  ])("rejects %s", (_, changes, problem) => {
    expect(problems(changes)).toEqual([problem]);
  });
});

describe("secrets that are too short to be hidden in logs", () => {
  it("are named in a note, without their values (SEC-C8)", async () => {
    const trial = new TrialRepository();
    onTestFinished(() => trial.remove());
    const secrets = { PIN: "8#3", LONG: "8#34", EMPTY: "", ABC: "9" };
    const notes = (await trial.load({ secrets, variables: { PLAIN: "1" } })).notes.join("\n");
    expect(notes).toContain(
      "values of fewer than 4 characters cannot be hidden in logs: ABC, PIN; give each that is a secret a longer value",
    );
    expect(notes).not.toContain("8#3");
    expect((await trial.load({ secrets: { LONG: "8#34" } })).notes.join("\n")).not.toContain("cannot be hidden");
  });
});
