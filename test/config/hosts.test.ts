import { describe, expect, it, test } from "vitest";
import { readDraft } from "../../config/draft.ts";
import { describeProblem } from "../../model/problem.ts";
import { rightStack } from "./trial-repository.ts";

const { host, ...others } = rightStack;

/** Reads the draft of a stack with these keys for its servers. */
function read(keys: Readonly<Record<string, unknown>>) {
  const texts = Object.entries({ ...others, ...keys }).map(([key, value]): [string, string] => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return readDraft({ texts: Object.fromEntries(texts), environment: { SERVER_HOST: "192.0.2.9" }, stack: "staging" });
}

function problems(keys: Readonly<Record<string, unknown>>): string[] {
  return read(keys).problems.map(describeProblem);
}

describe("the servers of a stack", () => {
  it("are one server called main if it is given as host", () => {
    expect(read({ host }).draft.hosts).toEqual({ main: { ...host, connection: "ssh", port: 22, path: "host" } });
  });

  it("have the names that hosts gives them, and may name variables, too", () => {
    const { hosts } = read({ hosts: { web: { ...host, address: "${SERVER_HOST}" } } }).draft;
    expect(hosts).toEqual({ web: { ...host, address: "192.0.2.9", connection: "ssh", port: 22, path: "hosts.web" } });
  });

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    [
      "no server",
      {},
      "host: is missing; set host.address, host.user and host.hostKey, or the same keys below hosts.<name>",
    ],
    ["an empty list of servers", { hosts: {} }, "hosts: names no server; name one"],
    [
      "both keys",
      { host, hosts: { web: host } },
      "hosts: is set as well as host, which is short for hosts.main; keep one of them",
    ],
    [
      "two servers",
      { hosts: { web: host, data: host } },
      "hosts: names 2 servers, got 'web, data', and a stack is deployed to one for now; keep one of them, " +
        "and give the others to stacks of their own",
    ],
  ])("rejects %s", (_, keys, message) => {
    expect(problems(keys)).toEqual([message]);
  });

  it("rejects a name that no resource can have", () => {
    expect(problems({ hosts: { "Web 1": host } })).toEqual([
      "hosts.Web 1: is not a server's name in a stack, got 'Web 1'; " +
        "use at most 30 small letters and digits, and begin with a letter, such as main",
    ]);
  });

  it.each(["a-volume-x", "1a", "a".repeat(31)])("rejects the name %s, which others could be mistaken for", (name) => {
    expect(problems({ hosts: { [name]: host } })).toEqual([
      `hosts.${name}: is not a server's name in a stack, got '${name}'; ` +
        "use at most 30 small letters and digits, and begin with a letter, such as main",
    ]);
  });
});

describe("a name that every object has", () => {
  const reason = (name: string) => `is a name that every object of JavaScript has, got '${name}'; choose another one`;

  it.each(["constructor", "__proto__", "toString"])("is rejected for a server: %s", (name) => {
    const hosts = JSON.stringify({ [name]: host });
    expect(problems({ hosts })).toEqual([`hosts.${name}: ${reason(name)}`]);
    expect(read({ hosts }).draft.hosts).toEqual({});
  });

  it("is counted among the servers", () => {
    const found = problems({ hosts: { ["__proto__"]: host, web: host } });
    expect(found).toEqual([`hosts.__proto__: ${reason("__proto__")}`, expect.stringContaining("names 2 servers")]);
  });

  it.each(["services", "ports", "variables", "secrets", "adopt"])("is rejected in %s", (key) => {
    expect(problems({ host, [key]: { ["__proto__"]: {} } })).toEqual([`${key}.__proto__: ${reason("__proto__")}`]);
  });
});
