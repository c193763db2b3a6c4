import { expect, test } from "vitest";
import { ensureHostIsFit } from "../../../model/facts/fitness.ts";
import type { Observation } from "../../../model/facts/observation.ts";
import { describeProblem } from "../../../model/problem.ts";
import { deployment, service } from "../stack/aaperture.ts";
import { observed } from "./observed.ts";
import { stackOf } from "../../../model/stack/derive.ts";
import { hostNeeds } from "../../../model/plan/claim.ts";
import { hostProblems } from "../../../model/facts/rules.ts";
import { readLastOutputs } from "../../../model/facts/last-outputs.ts";
import { hostOf } from "../stack/main-host.ts";

const { host } = observed();

test.each<[string, Partial<Observation>, string[]]>([
  ["accepts a server with an engine, Compose v2 and enough room", {}, []],
  [
    "rejects a server without an engine (F25)",
    { host: { ...host, engine: "", compose: "" } },
    ["host.address: no Docker engine answers there; start it, or install it as `slipway host prepare` prints"],
  ],
  [
    "rejects an engine older than 20.10, whose answers are others (F19)",
    { host: { ...host, engine: "19.03.15" } },
    [
      "host.address: its Docker engine is too old, got '19.03.15' of 20.10 at least; " +
        "install a newer one as `slipway host prepare` prints",
    ],
  ],
  [
    "rejects the versions of Compose that lose networks with an engine before 25 (F19)",
    { host: { ...host, engine: "20.10.24+dfsg1", compose: "5.1.1" } },
    [
      "host.address: Compose 5.1.1 does not work with Docker Engine 20.10.24+dfsg1: containers miss networks; " +
        "install Compose 5.1.2 or a newer one there",
    ],
  ],
  ["accepts those after them", { host: { ...host, engine: "20.10.24+dfsg1", compose: "5.1.10" } }, []],
  ["accepts Engine 20.10 as Debian builds it (F19)", { host: { ...host, engine: "20.10.24+dfsg1" } }, []],
  ["accepts the newest engine (F19)", { host: { ...host, engine: "29.0.1" } }, []],
  [
    "rejects a server without Compose",
    { host: { ...host, compose: "" } },
    ["host.address: there is no `docker compose`; install Compose v2 as `slipway host prepare` prints"],
  ],
  [
    "rejects Compose v1 (F53)",
    { host: { ...host, compose: "1.29.2" } },
    ["host.address: Compose is too old, got '1.29.2'; install Compose v2 as `slipway host prepare` prints"],
  ],
  [
    "rejects a disk that is nearly full (F14)",
    { disks: [{ path: "/var/lib/docker", free: 1024 ** 2 }] },
    [
      "host.address: too little room below '/var/lib/docker', got 1 MB of 512 MB at least; " +
        "make room; `docker system df` lists what Docker uses, and `docker builder prune` removes its build cache",
    ],
  ],
  [
    "rejects a disk without free inodes (F14)",
    { disks: [{ path: "/srv", free: 1024 ** 4, inodes: 12 }] },
    [
      "host.address: too few free inodes below '/srv', got 12 of 10000 at least; " +
        "make room; `docker system df` lists what Docker uses, and `docker builder prune` removes its build cache",
    ],
  ],
  [
    "rejects a directory that is not writable",
    { directory: { path: "/srv/shop", real: "/srv/shop", writable: false, state: "missing" } },
    [
      "directory: is not writable on the server, got '/srv/shop'; " +
        "choose another folder, or look for a read-only file system or a file of that name",
    ],
  ],
])("%s", (_, found, expected) => {
  expect(ensureHostIsFit({ path: "host", versions: [] }, observed(found)).map(describeProblem)).toEqual(expected);
});

test("rejects an engine that ignores the part of a volume that a service mounts", () => {
  const options = { subpath: "data" };
  const mounts = [{ type: "volume", source: "all", target: "/data", readOnly: false, options } as const];
  const cache = deployment([service("cache", { mounts })]);
  const problems = (engine: string): string[] => {
    const found = observed({ host: { ...host, engine } });
    return hostProblems(hostNeeds(stackOf(cache), hostOf(cache)), found, readLastOutputs({}, "main")).map(
      describeProblem,
    );
  };
  expect(problems("26.1.5+dfsg1")).toEqual([]);
  expect(problems("20.10.24+dfsg1")).toEqual([
    "compose.services.cache.volumes: mounts a part of a volume, which needs Docker Engine 26, got " +
      "'20.10.24+dfsg1'; install a newer Docker Engine there, or take that out of the compose file",
  ]);
});
