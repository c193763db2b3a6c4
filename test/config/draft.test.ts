import { ensureOneHost, hostsOf } from "../../config/hosts.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readDraft, type ReadDraft } from "../../config/draft.ts";
import { environmentSchema } from "../../config/schema.ts";
import { rightStack } from "./trial-repository.ts";

const right = {
  ...rightStack,
  domain: "a.example",
  variables: { A: "1" },
  secrets: { B: "2" },
  release: {},
};

/** The texts of a valid stack, with some keys replaced. */
function texts(changes: Readonly<Record<string, unknown>>): Record<string, string> {
  const said = new Map<string, unknown>(Object.entries({ ...right, ...changes }));
  return Object.fromEntries(
    [...said].flatMap(([key, value]): [string, string][] =>
      value === undefined ? [] : [[key, typeof value === "string" ? value : JSON.stringify(value)]],
    ),
  );
}

function read(changes: Readonly<Record<string, unknown>>): ReadDraft {
  return readDraft({ texts: texts(changes), environment: {}, stack: "staging" });
}

const { properties = {} } = z.toJSONSchema(environmentSchema, { io: "input", unrepresentable: "any" });

/** Parses a key's text as the loader does. */
function parsed([key, text]: [string, string]): [string, unknown] {
  const property = properties[key];
  const plain = typeof property === "object" && property.type === "string";
  try {
    return [key, plain ? text : JSON.parse(text)];
  } catch {
    return [key, text];
  }
}

describe("a configuration with faults", () => {
  it("shows a text as it is written in the file, and not what its variables hold", () => {
    const changes = { domain: "${WHERE}", host: { ...rightStack.host, user: "${WHERE}" } };
    const environment = { WHERE: "top secret words" };
    const { problems } = readDraft({ texts: texts(changes), environment, stack: "staging" });
    expect(problems.map(({ path, what }) => [path, what.replace(/.*, /, "")])).toEqual([
      ["host.user", "got '${WHERE}'"],
      ["domain", "got '${WHERE}'"],
    ]);
  });

  it("keeps its valid keys, so that the rules check them in the same run", () => {
    const services = { api: { release: true, memory: "much", drop: ["/a", 5] }, web: { port: 80 }, db: 5 };
    const { draft, problems } = read({ services, directory: "/", ports: { api: 1, web: "x" } });
    expect(problems.map(({ path }) => path)).toEqual([
      "directory",
      "ports.web",
      "services.api.memory",
      "services.api.drop.1",
      "services.db",
    ]);
    expect(draft.services).toEqual({
      api: { release: true, boot: 60, drop: ["/a"] },
      web: { release: false, boot: 60, drop: [], port: 80 },
    });
    expect(draft.ports).toEqual({ api: { only: [{ first: 1, last: 1, address: undefined }] } });
    expect(draft.directory).toBeUndefined();
    expect(draft.project).toBe("trial");
  });

  it("rejects a missing variable, and tells no other fault of its text", () => {
    const host = { address: "${SERVER_HOST}", user: "${SERVER_USER}", hostKey: "${SERVER_HOST_KEY}" };
    const { problems } = read({ host });
    expect(problems.map(({ path, what }) => `${path} ${what}`)).toEqual([
      "host.address needs the variable SERVER_HOST, which is not set",
      "host.user needs the variable SERVER_USER, which is not set",
      "host.hostKey needs the variable SERVER_HOST_KEY, which is not set",
    ]);
  });

  it("may name variables only in host, directory, project and domain (A7)", () => {
    const text = "${A}";
    const { unset } = read({
      host: { ...right.host, user: text },
      ...{ directory: text, project: text, domain: text, environment: text, compose: text, fingerprintKey: text },
      ...{ variables: { B: text }, secrets: { C: text }, release: { file: text } },
    });
    expect(unset).toEqual(["host.user", "directory", "project", "domain"]);
  });

  it("has the schema's default for a missing or faulty key", () => {
    const { draft } = read({ compose: "", release: { file: 5 }, env: { timeout: "long", file: "" }, adopt: [] });
    expect(draft).toMatchObject({ adopt: { done: false, data: {} } });
    expect(draft).not.toHaveProperty("compose");
    expect(draft.release).toEqual({ from: "pipeline", file: "release.json" });
    expect(draft.env.timeout).toBe(60);
    expect(draft.env.contract).toEqual({ path: ".env.example", named: false });
  });

  it("takes its environment from the stack's name, and the encrypted file's path from the environment (A1)", () => {
    const places = (changes: object): string[] => {
      const { environment, env } = read({ ...changes }).draft;
      return [environment, env.file.path];
    };
    expect(places({})).toEqual(["staging", "infra/env/staging.env.enc"]);
    expect(places({ environment: "eu" })).toEqual(["eu", "infra/env/eu.env.enc"]);
    expect(places({ env: { file: "own/<environment>.enc" } })).toEqual(["staging", "own/<environment>.enc"]);
  });

  it("is always read to its end, and then refused or valid", () => {
    const keys = fc.constantFrom(...Object.keys(environmentSchema.shape), "unknown");
    const names = fc.constantFrom("api", "release", "port", "hostKey", "user", "data", "drop", "file", "x");
    const value = fc.letrec((tie) => ({
      any: fc.oneof({ maxDepth: 3 }, fc.jsonValue({ maxDepth: 0 }), tie("map"), fc.array(tie("any"), { maxLength: 2 })),
      map: fc.dictionary(names, tie("any"), { maxKeys: 3 }),
    })).any;
    fc.assert(
      fc.property(fc.dictionary(keys, value, { maxKeys: 4 }), (changes) => {
        const { draft, problems } = read(changes);
        const said = Object.fromEntries(Object.entries(texts(changes)).map(parsed));
        const whole = environmentSchema.safeParse(said);
        expect(problems.length === 0).toBe(whole.success && ensureOneHost(said).length === 0);
        if (whole.success) {
          const { host, hosts, ...config } = whole.data;
          const { environment, env, hostKey } = draft;
          expect(draft).toEqual({ ...config, environment, env, hostKey, hosts: hostsOf({ host, hosts }) });
        }
        expect(Object.keys(draft).filter((key) => key === "unknown")).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
