import { describe, expect, test } from "vitest";
import { dataAdoptionOf, type ExpectedData } from "../../../model/facts/data-adoption.ts";
import type { GuardedVolume } from "../../../model/facts/data-loss.ts";
import { readLastOutputs } from "../../../model/facts/last-outputs.ts";
import type { RememberedData, VolumeFact } from "../../../model/facts/observation.ts";
import { ensureDataIsOnThisServer, ensureDataIsThere, isAdopted } from "../../../model/facts/volumes.ts";
import { describeProblem } from "../../../model/problem.ts";

const volume = "shop_pgdata";
const here = { machine: "machine-1" };
const postgres: GuardedVolume = { volume, service: "postgres", data: "postgres", major: "17" };
const uploads: GuardedVolume = { volume, service: "api", data: "files", major: undefined };
const remembered: RememberedData = { service: "postgres", cluster: "7411", folder: "21.5", empty: false, ...here };
const files: RememberedData = { service: "api", cluster: "", folder: "21.5", empty: false, ...here };
const held: VolumeFact = {
  ...{ volume, exists: true, cluster: "7411", major: "17", folder: "21.5", empty: false, remembered, owner: "" },
};
const holdsFiles: VolumeFact = { ...held, cluster: "", major: "", remembered: files };
const gone = { exists: false, cluster: "", major: "", folder: "", empty: true };
const nothing: ExpectedData = { remembered: null, owner: "", former: [] };

function input(volumes: readonly VolumeFact[]) {
  return { volumes, claims: [], host: here };
}

function problems(guarded: GuardedVolume, volumes: readonly VolumeFact[], adopted?: string): string[] {
  return ensureDataIsThere({ ...guarded, wanted: [volume, "shop_other"], adopted }, input(volumes)).map(
    describeProblem,
  );
}

/** The end of a refusal, which names the way to accept a volume as it is. */
function adopting(found: VolumeFact, expected: Partial<ExpectedData>): string {
  const value = dataAdoptionOf("machine-1", found, { ...nothing, ...expected });
  const effect =
    found.exists && !found.empty ? "the volume is taken as it is now" : "the service starts with an empty volume";
  return `run \`pulumi config set --path 'adopt.data["${volume}"]' ${value}\` and \`pulumi up\`, by which ${effect}`;
}

describe("a data volume that holds what is remembered of it", () => {
  test.each<[string, GuardedVolume, VolumeFact]>([
    ["is accepted by its cluster", postgres, held],
    ["is accepted by its cluster in another folder: it was restored", postgres, { ...held, folder: "22.6" }],
    ["is accepted for a renamed service", postgres, { ...held, remembered: { ...remembered, service: "database" } }],
    ["is accepted if no cluster was known", postgres, { ...held, remembered: { ...remembered, cluster: "" } }],
    ["is accepted if nothing is remembered", postgres, { ...held, remembered: null, cluster: "1" }],
    ["is accepted by its folder, whatever lies in it (SEC-A7)", uploads, holdsFiles],
    [
      "is accepted if it was empty before (SEC-A7)",
      uploads,
      { ...holdsFiles, empty: true, remembered: { ...files, empty: true } },
    ],
    ["is accepted if it was empty and was filled", uploads, { ...holdsFiles, remembered: { ...files, empty: true } }],
  ])("%s", (_, guarded, fact) => {
    expect(problems(guarded, [fact])).toEqual([]);
  });
});

describe("a data volume that lost its data", () => {
  const restored = "restore the volume and run again, or";
  const accepted = "restore the volume and run again, which asks to accept it, or";
  const lacks = "restore what it lacks, then";

  test.each<[string, GuardedVolume, VolumeFact, string, string]>([
    ["is rejected if files are gone (F45)", uploads, { ...holdsFiles, ...gone }, "is gone, but held data", accepted],
    ["is rejected if it is gone (F45)", postgres, { ...held, ...gone }, "is gone, but held data", restored],
    [
      "is rejected if it is empty (F45)",
      postgres,
      { ...held, cluster: "", empty: true },
      "is empty, but held Postgres cluster 7411",
      restored,
    ],
    [
      "is rejected with another cluster (F83)",
      postgres,
      { ...held, cluster: "9" },
      "holds another Postgres cluster, got 9 for 7411",
      restored,
    ],
    [
      "is rejected on another machine than the remembered one (F83)",
      postgres,
      { ...held, remembered: { ...remembered, machine: "machine-0" } },
      "was remembered on another machine, got 'machine-1' for 'machine-0'",
      lacks,
    ],
    [
      "is rejected if files were emptied (SEC-A7, F137)",
      uploads,
      { ...holdsFiles, empty: true },
      "is empty, but held data",
      restored,
    ],
    [
      "is rejected if files lie in a volume that was made again (SEC-A7, F137)",
      uploads,
      { ...holdsFiles, folder: "21.6" },
      "was made again, and is not the one that held data",
      lacks,
    ],
    [
      "is rejected if it was made again, also where it was empty when it was seen last (SEC-A7)",
      uploads,
      { ...holdsFiles, folder: "21.6", empty: true, remembered: { ...files, empty: true } },
      "was made again, and is not the one that held data",
      accepted,
    ],
  ])("%s", (_, guarded, fact, what, first) => {
    const todo = adopting(fact, { remembered: fact.remembered });
    expect(problems(guarded, [fact])).toEqual([
      `services.${guarded.service}.data: volume '${volume}' ${what}; ${first} ${todo}`,
    ]);
  });

  test("rejects data of another major version (F46)", () => {
    expect(problems(postgres, [{ ...held, major: "16" }])).toEqual([
      `services.postgres.image: is Postgres 17, but volume '${volume}' was made by Postgres 16; ` +
        "upgrade the data first (dump and restore into a new volume), or keep the major",
    ]);
  });

  test("rejects a volume with the data of another stack that is no longer deployed (F83)", () => {
    const found = { ...held, remembered: null, owner: "shop/other" };
    expect(problems(postgres, [found])).toEqual([
      `services.postgres.data: volume '${volume}' holds the data of 'shop/other', which is not deployed now; ` +
        `choose another project, or ${adopting(found, { owner: "shop/other" })}`,
    ]);
  });

  test.each<[string, GuardedVolume, VolumeFact]>([
    ["cluster", postgres, { ...held, volume: "old" }],
    ["files", uploads, { ...holdsFiles, volume: "old" }],
  ])("rejects a new volume in place of the one with the service's %s (SEC-A7, F45, F137)", (_, guarded, old) => {
    const found: VolumeFact = { ...held, ...gone, remembered: null };
    const { service } = guarded;
    const message =
      `services.${service}.data: volume '${volume}' is not where the data of '${service}' is, which is volume 'old'; ` +
      `name that volume again, or ${adopting(found, { former: [old] })}`;
    expect(problems(guarded, [found, old])).toEqual([message]);
    expect(problems(guarded, [old, found])).toEqual([message]);
    expect(problems(guarded, [found, { ...old, ...gone }])).toEqual([message]);
    expect(problems({ ...guarded, service: "other" }, [found, old])).toEqual([]);
    const empty = old.remembered && { ...old.remembered, cluster: "", empty: true };
    expect(problems(guarded, [found, { ...old, empty: true, remembered: empty }])).toEqual([]);
    expect(problems(guarded, [found, { ...old, remembered: empty }])).toHaveLength(1);
  });

  test("rejects a new volume in place of one whose cluster is remembered, also where that one was seen empty", () => {
    const found: VolumeFact = { ...held, ...gone, remembered: null };
    const old: VolumeFact = { ...held, ...gone, volume: "old", remembered: { ...remembered, empty: true } };
    expect(problems(postgres, [found, old])).toHaveLength(1);
  });

  test("accepts a volume that is remembered itself beside one that had the service's data before", () => {
    expect(problems(uploads, [holdsFiles, { ...holdsFiles, volume: "old" }])).toEqual([]);
  });

  test("accepts a volume of another stack that is deployed, whose claim protects it (F83)", () => {
    const found = { ...holdsFiles, remembered: null, owner: "shop/other" };
    const of = (stack: string, volumes: readonly string[], folder?: string): number => {
      const facts = { ...input([found]), claims: [{ stack, volumes }] };
      return ensureDataIsThere({ ...uploads, folder, wanted: [volume], adopted: undefined }, facts).length;
    };
    expect(of("shop/other", [volume])).toBe(0);
    expect(of("shop/other", ["/srv/data"], "/srv/data/uploads")).toBe(0);
    expect(of("shop/other", ["shop_logs"])).toBe(1);
    expect(of("shop/third", [volume])).toBe(1);
  });

  test("accepts a further volume of a service that still mounts the one with its data", () => {
    const found: VolumeFact = { ...held, ...gone, remembered: null };
    expect(problems(uploads, [found, { ...holdsFiles, volume: "shop_other" }])).toEqual([]);
  });
});

describe("a key `adopt`", () => {
  const emptied: VolumeFact = { ...holdsFiles, empty: true };
  const value = dataAdoptionOf("machine-1", emptied, { ...nothing, remembered: files });

  test("accepts the volume as it is now, and no other state of it", () => {
    expect(problems(uploads, [emptied], value)).toEqual([]);
    expect(isAdopted({ ...uploads, wanted: [], adopted: value }, input([emptied]))).toBe(true);
    for (const other of [
      { ...emptied, folder: "21.6" },
      { ...emptied, ...gone },
      { ...emptied, remembered },
    ]) {
      expect(problems(uploads, [other], value)).toHaveLength(1);
    }
    expect(isAdopted({ ...uploads, wanted: [], adopted: value }, input([holdsFiles]))).toBe(false);
  });

  test("fits once: the same loss again has another value", () => {
    const again = { ...emptied, remembered: { ...files, adopted: value } };
    expect(problems(uploads, [again], value)).toHaveLength(1);
  });

  test("does not accept another major version (F46)", () => {
    const found = { ...held, cluster: "9", major: "16" };
    const adopted = dataAdoptionOf("machine-1", found, { ...nothing, remembered });
    expect(problems(postgres, [found], adopted)).toEqual([expect.stringContaining("is Postgres 17, but")]);
  });
});

describe("a reinstalled server (F12)", () => {
  const fresh: VolumeFact = { ...held, ...gone, remembered: null };
  const copied: VolumeFact = { ...held, remembered: null };
  const onOther: RememberedData = { ...remembered, machine: "machine-0" };

  function refusal(found: VolumeFact): string {
    return (
      `services.postgres.data: volume '${volume}' held Postgres cluster 7411 on machine 'machine-0' by the stack's ` +
      "outputs, and machine 'machine-1' remembers nothing of it; " +
      (found.exists
        ? "restore what it lacks, then "
        : "restore the volume and run again, which asks to accept it, or ") +
      adopting(found, { remembered: onOther })
    );
  }

  const another = { ...held, cluster: "9", remembered: { ...remembered, cluster: "9" } };
  const value = (found: VolumeFact, on = "machine-1") => dataAdoptionOf(on, found, { ...nothing, remembered: onOther });

  test.each<[string, VolumeFact, RememberedData, string | undefined, string[]]>([
    ["is rejected if the outputs name data that it lacks", fresh, onOther, undefined, [refusal(fresh)]],
    ["is rejected with a copy of the data that was not confirmed", copied, onOther, undefined, [refusal(copied)]],
    ["is accepted if the operator confirmed the copy", copied, onOther, value(copied), []],
    ["is rejected if the confirmed copy is gone", fresh, onOther, value(copied), [refusal(fresh)]],
    ["is rejected after another reinstallation", copied, onOther, value(copied, "machine-2"), [refusal(copied)]],
    ["is accepted if it remembers the data itself", { ...fresh, remembered: onOther }, onOther, undefined, []],
    ["is accepted with the same cluster on the same machine", copied, remembered, undefined, []],
    ["is accepted with another cluster that it remembers itself", another, onOther, undefined, []],
  ])("%s", (_, fact, last, adopted, expected) => {
    const outputs = readLastOutputs({ data: { main: { [volume]: last } } }, "main");
    const wanted = { ...postgres, wanted: [volume], adopted };
    expect(ensureDataIsOnThisServer(wanted, input([fact]), outputs).map(describeProblem)).toEqual(expected);
  });

  test("is rejected with files in another volume on the same machine (SEC-A7)", () => {
    const wanted = { ...uploads, wanted: [volume], adopted: undefined };
    const outputs = readLastOutputs({ data: { main: { [volume]: files } } }, "main");
    const found = { ...holdsFiles, remembered: null };
    expect(ensureDataIsOnThisServer(wanted, input([found]), outputs)).toEqual([]);
    expect(ensureDataIsOnThisServer(wanted, input([{ ...found, folder: "1.1" }]), outputs)).toHaveLength(1);
  });
});
