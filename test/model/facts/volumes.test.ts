import { describe, expect, test } from "vitest";
import { ensureDataIsOnThisServer, ensureDataIsThere } from "../../../model/facts/volumes.ts";
import type { RememberedData, VolumeFact } from "../../../model/facts/observation.ts";
import { describeProblem } from "../../../model/problem.ts";
import { readLastOutputs } from "../../../model/facts/last-outputs.ts";
import { aaperture } from "../stack/aaperture.ts";
import { observed } from "./observed.ts";
import { hostOf } from "../stack/main-host.ts";

const wanted = aaperture();
const { volumes: guardedVolumes } = hostOf(wanted);
const volume = `${wanted.project}_pgdata`;
const remembered = { service: "postgres", cluster: "7411", machine: "machine-1" };
const file = `/var/lib/slipway/data-1/aaperture@staging@${volume}`;

function problems(...facts: Partial<VolumeFact>[]): string[] {
  const common = { volume, exists: true, cluster: "7411", major: "17", remembered, owner: "" };
  const volumes = facts.map((fact) => ({ ...common, ...fact }));
  const guarded = guardedVolumes.map((one) => ({ ...one, stack: wanted.stack }));
  return guarded.flatMap((one) => ensureDataIsThere(one, observed({ volumes }))).map(describeProblem);
}

test("rejects a volume with the data of another stack that is no longer deployed (F83)", () => {
  expect(problems({ remembered: null, owner: "shop/other" })).toEqual([
    `services.postgres.data: volume '${volume}' holds the data of 'shop/other', which is not deployed now; ` +
      `choose another project, or remove '/var/lib/slipway/data-1/shop@other@${volume}' on the server, which ` +
      "makes slipway forget that data: this stack then takes what is there",
  ]);
});

const forget =
  "on the server, which makes slipway forget that data: the next run takes what is there, and starts with " +
  "an empty volume if there is none";
const todo = `restore the volume and run again, or remove '${file}' ${forget}`;

test("rejects a new volume in place of the one with the service's cluster (F45)", () => {
  const before = { volume: "old_pgdata", remembered };
  const empty = { exists: false, cluster: "", major: "", remembered: null };
  const message =
    `services.postgres.data: volume '${volume}' is not where the Postgres cluster of 'postgres' is, which is ` +
    "volume 'old_pgdata'; " +
    `name that volume again, or remove '/var/lib/slipway/data-1/aaperture@staging@old_pgdata' ${forget}`;
  expect(problems(empty, before)).toEqual([message]);
  expect(problems(before, empty)).toEqual([message]);
  expect(problems(empty, { ...before, remembered: { ...remembered, service: "other" } })).toEqual([]);
  expect(problems(empty, { ...before, remembered: { ...remembered, cluster: "" } })).toEqual([]);
  expect(problems({}, before)).toEqual([]);
});

test.each<[string, Partial<VolumeFact>, string[]]>([
  ["accepts a volume with the remembered cluster", {}, []],
  ["accepts the volume of a renamed service", { remembered: { ...remembered, service: "database" } }, []],
  ["accepts a volume that was remembered without a cluster", { remembered: { ...remembered, cluster: "" } }, []],
  ["accepts a volume that is not remembered", { remembered: null, cluster: "1" }, []],
  [
    "rejects a lost volume (F45)",
    { exists: false, cluster: "" },
    [`services.postgres.data: volume '${volume}' is gone, which held data; ${todo}`],
  ],
  [
    "rejects an empty volume (F45)",
    { cluster: "" },
    [`services.postgres.data: volume '${volume}' is empty, which held Postgres cluster 7411; ${todo}`],
  ],
  [
    "rejects a volume with another cluster (F83)",
    { cluster: "9" },
    [`services.postgres.data: volume '${volume}' holds another Postgres cluster, got 9 for 7411; ${todo}`],
  ],
  [
    "rejects another machine than the remembered one (F83)",
    { remembered: { ...remembered, machine: "machine-0" } },
    [
      `services.postgres.data: volume '${volume}' was remembered on another machine, got 'machine-1' for ` +
        `'machine-0'; ${todo}`,
    ],
  ],
  [
    "rejects data of another major version (F46)",
    { major: "16" },
    [
      `services.postgres.image: is Postgres 17, but volume '${volume}' was made by Postgres 16; ` +
        "upgrade the data first (dump and restore into a new volume), or keep the major",
    ],
  ],
])("%s", (_, fact, expected) => {
  expect(problems(fact)).toEqual(expected);
});

describe("a reinstalled server (F12)", () => {
  const fresh = { volume, exists: false, cluster: "", major: "", remembered: null, owner: "" };
  const onOther = { service: "postgres", cluster: "7411", machine: "machine-0" };
  const refusal =
    `services.postgres.data: volume '${volume}' held Postgres cluster 7411 on machine 'machine-0' by the stack's ` +
    `outputs, and machine 'machine-1' remembers nothing of it; restore the volume here, then run \`pulumi config ` +
    `set --path 'adopt["${volume}"]' machine-1\`, which takes what this machine holds: nothing, where nothing ` +
    "was restored";

  test.each<[string, Partial<VolumeFact>, Partial<RememberedData>, Record<string, string>, string[]]>([
    ["is rejected if the outputs name data that it lacks", {}, {}, {}, [refusal]],
    [
      "is rejected with a copy of the data that was not confirmed",
      { exists: true, cluster: "7411" },
      {},
      {},
      [refusal],
    ],
    ["is accepted if the operator confirmed this machine", {}, {}, { [volume]: "machine-1" }, []],
    ["is rejected again after another reinstallation", {}, {}, { [volume]: "machine-2" }, [refusal]],
    ["is accepted if it remembers the data itself", { remembered: onOther }, {}, {}, []],
    [
      "is accepted with the same cluster on the same machine",
      { exists: true, cluster: "7411" },
      { machine: "machine-1" },
      {},
      [],
    ],
  ])("%s", (_, fact, last, adopt, expected) => {
    const found = observed({ volumes: [{ ...fresh, ...fact }] });
    const outputs = readLastOutputs({ data: { main: { [volume]: { ...onOther, ...last } } } }, "main");
    const problems = guardedVolumes.flatMap((one) => ensureDataIsOnThisServer(one, adopt[one.volume], found, outputs));
    expect(problems.map(describeProblem)).toEqual(expected);
  });
});
