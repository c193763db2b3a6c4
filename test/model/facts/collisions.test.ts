import { describe, expect, it, test } from "vitest";
import { ensureClaimIsFree } from "../../../model/facts/collisions.ts";
import type { ClaimFact, ListenerFact, Observation } from "../../../model/facts/observation.ts";
import { describeProblem } from "../../../model/problem.ts";
import { claimDocument } from "../../../model/plan/documents.ts";
import { DocumentNumbers } from "../../../model/plan/planned-document.ts";
import { readLastOutputs } from "../../../model/facts/last-outputs.ts";
import { aaperture } from "../stack/aaperture.ts";
import { observed } from "./observed.ts";
import { stackOf } from "../../../model/stack/derive.ts";
import { claimOf } from "../../../model/plan/claim.ts";
import { hostOf } from "../stack/main-host.ts";

const wanted = aaperture();
const held = claimOf(stackOf(wanted), hostOf(wanted));

function problems(found: Partial<Observation>): string[] {
  return ensureClaimIsFree({ ...held, path: "host" }, observed(found)).map(describeProblem);
}

function claim(also: Partial<ClaimFact>): ClaimFact {
  const nothing = { projects: [], ports: [], volumes: [], networks: [], containers: [], subnets: [] };
  return { readable: true, stack: "shop/other", directory: "/srv/other", real: "/srv/other", ...nothing, ...also };
}

function listener(also: Partial<ListenerFact>): ListenerFact {
  const process = { address: "127.0.0.1", pid: "812", command: "nginx", container: "", project: "" };
  return { port: "18080", protocol: "tcp", ...process, ...also };
}

const todo = "choose another";

describe("a claim beside another stack (A5)", () => {
  const real = wanted.directory;
  test.each<[string, Partial<ClaimFact>, string]>([
    [
      "the directory",
      { real },
      `directory: overlaps '${real}', the directory of stack 'shop/other' on this server, got '${real}'; ${todo}`,
    ],
    [
      "a folder in the directory",
      { real: `${real}/inside` },
      `directory: overlaps '${real}/inside', the directory of stack 'shop/other' on this server, ` +
        `got '${real}'; ${todo}`,
    ],
    [
      "the project",
      { projects: [wanted.project] },
      `project: '${wanted.project}' is a compose project of stack 'shop/other' on this server; ${todo}`,
    ],
    [
      "a container's name (E21)",
      { containers: [`${wanted.project}-api-green`] },
      `services.api: '${wanted.project}-api-green' is a container of stack 'shop/other' on this server; ${todo}`,
    ],
    [
      "a port",
      { ports: ["0.0.0.0:18080"] },
      `ports.api: '0.0.0.0:18080' is a port of stack 'shop/other' on this server; ${todo}`,
    ],
    [
      "a volume",
      { volumes: [`${wanted.project}_pgdata`] },
      `services.postgres.data: '${wanted.project}_pgdata' is a volume of stack 'shop/other' on this ` +
        `server; ${todo}`,
    ],
    [
      "a network",
      { networks: [`${wanted.project}_default`] },
      `project: '${wanted.project}_default' is a network of stack 'shop/other' on this server; ${todo}`,
    ],
  ])("rejects %s of that stack", (_, taken, message) => {
    expect(problems({ claims: [claim(taken)] })).toEqual([message]);
  });

  it("rejects a claim of that stack that cannot be read", () => {
    expect(problems({ claims: [claim({ real: "", directory: "", readable: false })] })).toEqual([
      "host.address: the claim of stack 'shop/other' on this server cannot be read, got " +
        "'/var/lib/slipway/claims/shop@other.json'; restore that file, or remove it if the stack is gone",
    ]);
  });

  it("rejects a directory that a symbolic link leads to", () => {
    const directory = { path: wanted.directory, real: "/data/other/www", writable: true, state: "empty" as const };
    expect(problems({ directory, claims: [claim({ real: "/data/other" })] })).toEqual([
      `directory: overlaps '/data/other', the directory of stack 'shop/other' on this server, ` +
        `got '${real}'; ${todo}`,
    ]);
  });
});

describe("a port in use", () => {
  it("is rejected with the id and name of a foreign process (F34)", () => {
    expect(problems({ listeners: [listener({})] })).toEqual([
      "ports.api: is in use on 127.0.0.1 by process 812 (nginx), got '18080'; " +
        "choose another port, or stop what uses it",
    ]);
  });

  it("is rejected with the project of a foreign container", () => {
    expect(problems({ listeners: [listener({ container: "old-api-1", project: "old" })] })).toEqual([
      "ports.api: is in use on 127.0.0.1 by container old-api-1 of project old, got '18080'; " +
        "choose another port, or stop what uses it",
    ]);
  });

  it("is rejected with a foreign project that is named like a property of every object", () => {
    expect(problems({ listeners: [listener({ container: "x", project: "constructor" })] })).toHaveLength(1);
  });

  it("is allowed if a container of the stack publishes it", () => {
    expect(problems({ listeners: [listener({ project: `${wanted.project}-slipway-proxy`, container: "x" })] })).toEqual(
      [],
    );
  });

  it("is free where only a range, a protocol or an address beside it is in use", () => {
    const claims = [claim({ ports: ["0.0.0.0:18080/udp", "10.0.0.1:18080", "[::]:18080", "0.0.0.0:18082-19089"] })];
    const listeners = [listener({ protocol: "udp" }), listener({ address: "10.0.0.1" }), listener({ address: "::1" })];
    expect(problems({ claims, listeners })).toEqual([]);
    expect(problems({ claims: [claim({ ports: ["0.0.0.0:18082-19090"] })] })).toEqual([
      `ports.prometheus: '0.0.0.0:18082-19090' is a port of stack 'shop/other' on this server; ${todo}`,
    ]);
  });

  it("is in use where a process listens on every address, of IPv6 too unless a container has IPv4", () => {
    expect(problems({ listeners: [listener({ address: "0.0.0.0" })] })).toHaveLength(1);
    expect(problems({ listeners: [listener({ address: "::" })] })).toHaveLength(1);
    const own = listener({ container: "x", project: wanted.project, address: "0.0.0.0" });
    expect(problems({ listeners: [listener({ address: "::" }), own] })).toEqual([]);
  });

  it("is reported once if another stack's claim explains it", () => {
    const other = claim({ ports: ["127.0.0.1:18080"], projects: ["other"] });
    expect(problems({ claims: [other], listeners: [listener({ project: "other", container: "x" })] })).toHaveLength(1);
  });
});

describe("a stack's own directory and project", () => {
  const container = { service: "api", name: "api-1", image: "x", state: "running", exitCode: 0, health: "", since: "" };

  it("are rejected if slipway did not make the project's containers (F33)", () => {
    const containers = [{ ...container, project: wanted.project, restarts: 0, done: false }];
    expect(problems({ containers })).toEqual([
      `project: containers of a compose project '${wanted.project}' that slipway did not make run there; ` +
        `choose another project, or stop them with \`docker compose --project-name … down\` (volumes stay)`,
    ]);
  });

  it.each([
    ["accepted", "its project", "", "claim"],
    ["rejected", "its project", "", "rollout"],
    ["rejected", "a colour", "-blue", "claim"],
    ["accepted", "a colour", "-blue", "rollout"],
    ["accepted", "a colour", "-green", `compose:${wanted.project}`],
  ])("are %s with containers of %s (%j) where the stack has applied '%s' (F33)", (outcome, _, end, object) => {
    const applied = [{ object, kind: object, resource: object, number: "1.a", hash: "", text: "", differences: [] }];
    const containers = [{ ...container, project: `${wanted.project}${end}`, restarts: 0, done: false }];
    expect(problems({ containers, applied })).toHaveLength(outcome === "accepted" ? 0 : 1);
  });

  it("are rejected if somebody else has a container with a name of the stack's (F33, E21)", () => {
    const name = `${wanted.project}-postgres`;
    const [plain, composed] = ["", "old"].map((project) => ({ name, project, image: "postgres:15" }));
    const todo = "rename or remove it, or choose another project";
    expect(problems({ namesakes: [plain, composed].flatMap((one) => one ?? []) })).toEqual([
      `services.postgres: '${name}' is a container (postgres:15) that is not of this stack; ${todo}`,
      `services.postgres: '${name}' is a container of project 'old' (postgres:15) that is not of this stack; ${todo}`,
    ]);
    const other = claim({ containers: [name] });
    expect(problems({ claims: [other], namesakes: [plain, composed].flatMap((one) => one ?? []) })).toHaveLength(1);
  });

  it("are rejected if they differ from those of the deployed stack", () => {
    const own = claim({ stack: wanted.stack, directory: "/srv/before", projects: ["before"] });
    expect(problems({ claims: [own] })).toEqual([
      `directory: cannot move from '/srv/before', got '${wanted.directory}'; ` +
        "change it back, or destroy the stack first (its volumes stay)",
      `project: cannot move from 'before', got '${wanted.project}'; ` +
        "change it back, or destroy the stack first (its volumes stay)",
    ]);
  });

  it("are compared with the applied document and not with a claim that was edited by hand (F96)", () => {
    const own = claim({ stack: wanted.stack, directory: "/srv/before", projects: ["before"] });
    const planned = new DocumentNumbers({ observation: observed(), last: readLastOutputs({}, "main") }, () => "a").plan(
      claimDocument(held),
    );
    const { kind, resource } = planned.document;
    const { number, hash, text, object } = planned;
    const applied = [{ kind, resource, number, hash, text, object, differences: [] }];
    expect(problems({ claims: [own], applied })).toEqual([]);
  });
});
