import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDraft } from "../../config/draft.ts";
import { environmentSchema } from "../../config/schema.ts";
import { rightStack } from "./trial-repository.ts";

const right = {
  ...rightStack,
  domain: "a.example",
  images: {},
  variables: { A: "1" },
  secrets: { B: "2" },
  release: {},
};

/** The right stack, as texts, with some of it replaced. */
function texts(changes: Readonly<Record<string, unknown>>): Record<string, string> {
  const said = new Map<string, unknown>(Object.entries({ ...right, ...changes }));
  return Object.fromEntries(
    [...said].flatMap(([key, value]): [string, string][] =>
      value === undefined ? [] : [[key, typeof value === "string" ? value : JSON.stringify(value)]],
    ),
  );
}

/** A key's value as the loader understands its text. */
function parsed([key, text]: [string, string]): [string, unknown] {
  const plain = ["directory", "project", "environment", "domain", "compose", "fingerprintKey"].includes(key);
  try {
    return [key, plain ? text : JSON.parse(text)];
  } catch {
    return [key, text];
  }
}

describe("a configuration with faults", () => {
  it("keeps what is right of it, for the rules to look at in the same run", () => {
    const services = { api: { release: true, memory: "much", drop: ["/a", 5] }, web: { port: 80 }, db: 5 };
    const { draft, problems } = readDraft(texts({ services, directory: "/", ports: { api: 1, web: "x" } }), {});
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
    expect(draft.ports).toEqual({ api: { address: "127.0.0.1", port: 1 } });
    expect(draft.directory).toBeUndefined();
    expect(draft.project).toBe("trial");
  });

  it("names a variable that is missing, and nothing else about its text", () => {
    const host = { address: "${SERVER_HOST}", user: "${SERVER_USER}", hostKey: "${SERVER_HOST_KEY}" };
    const { problems } = readDraft(texts({ host }), {});
    expect(problems.map(({ path, what }) => `${path} ${what}`)).toEqual([
      "host.address needs the variable SERVER_HOST, which is not set",
      "host.user needs the variable SERVER_USER, which is not set",
      "host.hostKey needs the variable SERVER_HOST_KEY, which is not set",
    ]);
  });

  it("is read to its end whatever it says, and is refused or right", () => {
    const keys = fc.constantFrom(...Object.keys(environmentSchema.shape), "unknown");
    const names = fc.constantFrom("api", "release", "port", "hostKey", "user", "data", "drop", "file", "x");
    const value = fc.letrec((tie) => ({
      any: fc.oneof({ maxDepth: 3 }, fc.jsonValue({ maxDepth: 0 }), tie("map"), fc.array(tie("any"), { maxLength: 2 })),
      map: fc.dictionary(names, tie("any"), { maxKeys: 3 }),
    })).any;
    fc.assert(
      fc.property(fc.dictionary(keys, value, { maxKeys: 4 }), (changes) => {
        const { draft, problems } = readDraft(texts(changes), {});
        const whole = environmentSchema.safeParse(Object.fromEntries(Object.entries(texts(changes)).map(parsed)));
        expect(problems.length === 0).toBe(whole.success);
        if (whole.success) expect(draft).toEqual(whole.data);
        expect(Object.keys(draft).filter((key) => key === "unknown")).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
