import { expect, test } from "vitest";
import { ensureDataIsThere } from "../../model/data-guard.ts";
import type { VolumeFact } from "../../model/observation.ts";
import { describeProblem } from "../../model/problem.ts";
import { aaperture } from "./aaperture.ts";
import { observed } from "./observed.ts";

const wanted = aaperture();
const volume = `${wanted.project}_pgdata`;
const remembered = { cluster: "7411", machine: "machine-1" };

function problems(fact: Partial<VolumeFact>): string[] {
  const found = { volume, exists: true, cluster: "7411", major: "17", remembered, owner: "", ...fact };
  return ensureDataIsThere(wanted, observed({ volumes: [found] })).map(describeProblem);
}

test("rejects a volume with the data that another stack left behind (F83)", () => {
  expect(problems({ remembered: null, owner: "shop/other" })).toEqual([
    `services.postgres.data: volume '${volume}' holds the data of 'shop/other', which is not deployed now; choose another project, or move that data away`,
  ]);
});

const todo = "restore the volume and run again, or take what is there with `slipway adopt postgres`";

test.each<[string, Partial<VolumeFact>, string[]]>([
  ["a volume with the remembered cluster is right", {}, []],
  ["a volume that nobody remembers is new, or is taken over", { remembered: null, cluster: "1" }, []],
  [
    "rejects a volume that is gone (F45)",
    { exists: false, cluster: "" },
    [`services.postgres.data: volume '${volume}' is gone, which held data; ${todo}`],
  ],
  [
    "rejects a volume that is empty (F45)",
    { cluster: "" },
    [`services.postgres.data: volume '${volume}' is empty, which held Postgres cluster 7411; ${todo}`],
  ],
  [
    "rejects another cluster's volume (F83)",
    { cluster: "9" },
    [`services.postgres.data: volume '${volume}' holds another Postgres cluster, got 9 for 7411; ${todo}`],
  ],
  [
    "rejects a machine that is not the remembered one (F83)",
    { remembered: { cluster: "7411", machine: "machine-0" } },
    [
      `services.postgres.data: volume '${volume}' was remembered on another machine, got 'machine-1' for 'machine-0'; ${todo}`,
    ],
  ],
  [
    "rejects data of another major (F46)",
    { major: "16" },
    [
      `services.postgres.image: is Postgres 17, but volume '${volume}' was made by Postgres 16; upgrade the data first (dump and restore into a new volume), or keep the major`,
    ],
  ],
])("%s", (_, fact, expected) => {
  expect(problems(fact)).toEqual(expected);
});
