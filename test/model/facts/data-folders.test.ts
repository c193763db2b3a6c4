import { describe, expect, it } from "vitest";
import { boundFolder, placeElsewhere } from "../../../model/data-place.ts";
import { ensureClaimIsFree } from "../../../model/facts/collisions.ts";
import type { ClaimFact, RememberedData, VolumeFact } from "../../../model/facts/observation.ts";
import { ensureDataIsThere } from "../../../model/facts/volumes.ts";
import { describeProblem } from "../../../model/problem.ts";
import { dataFile } from "../../../model/server-places.ts";

const machine = "machine-1";
const folder = "/srv/shop/data";
const fact: VolumeFact = {
  ...{ volume: folder, exists: true, cluster: "", major: "", folder: "21.5", empty: false, owner: "" },
  remembered: { service: "db", cluster: "", folder: "21.5", empty: false, machine },
};
const gone = { exists: false, folder: "", empty: true };

interface Wanted {
  readonly external?: boolean;
  readonly elsewhere?: string;
  readonly adopted?: string;
}

function problems(found: VolumeFact, wanted: Wanted = {}): string[] {
  const { volume } = found;
  const guarded = { volume, service: "db", data: "files", major: undefined, wanted: [volume] } as const;
  const facts = { volumes: [found], claims: [], host: { machine } };
  return ensureDataIsThere({ ...guarded, adopted: undefined, ...wanted }, facts).map((problem) =>
    describeProblem(problem).replace(/ machine-1:[0-9a-f]{16}`/, " …`"),
  );
}

describe("a data folder on a server", () => {
  it("is accepted while it holds what is remembered of it, or where nothing is remembered", () => {
    expect(problems(fact)).toEqual([]);
    expect(problems({ ...fact, ...gone, remembered: null })).toEqual([]);
  });

  it.each<[string, Partial<VolumeFact>, string]>([
    ["is gone", gone, "is gone, but held data; restore the folder and run again, which asks to accept it, or"],
    ["was emptied", { empty: true }, "is empty, but held data; restore the folder and run again, or"],
    [
      "is another one",
      { folder: "22.6" },
      "was made again, and is not the one that held data; restore what it lacks, then",
    ],
  ])("is rejected where it %s (F137)", (_, change, problem) => {
    const effect =
      (change.empty ?? false) ? "the service starts with an empty folder" : "the folder is taken as it is now";
    expect(problems({ ...fact, ...change })).toEqual([
      `services.db.data: folder '${folder}' ${problem} run ` +
        `\`pulumi config set --path 'adopt.data["${folder}"]' …\` and \`pulumi up\`, by which ${effect}`,
    ]);
  });

  it("is rejected on another machine than the one that remembers it (F12)", () => {
    const remembered: RememberedData = { service: "db", cluster: "", folder: "21.5", empty: false, machine: "other" };
    expect(problems({ ...fact, remembered })[0]).toContain(
      `folder '${folder}' was remembered on another machine, got '${machine}' for 'other'`,
    );
  });

  it("is remembered in a file whose name is no path", () => {
    expect(dataFile("shop/staging", folder)).toMatch(/^\/var\/lib\/slipway\/data\/shop@staging@=[0-9a-f]{16}\.json$/);
    expect(dataFile("shop/staging", "/srv/other")).not.toBe(dataFile("shop/staging", folder));
  });
});

describe("an external volume on a server", () => {
  const volume: VolumeFact = { ...fact, volume: "old_data" };

  it("is taken as it is (M3)", () => {
    expect(problems({ ...volume, remembered: null }, { external: true })).toEqual([]);
  });

  it("is rejected where it is missing, and no adoption makes it (M3)", () => {
    const missing = { ...volume, ...gone, remembered: null };
    const message =
      "services.db.data: volume 'old_data' is external in the compose file, and is not on this server; restore it " +
      "there, or run `docker volume create old_data` on the server where no data exists yet";
    expect(problems(missing, { external: true })).toEqual([message]);
    expect(problems(missing)).toEqual([]);
  });
});

describe("a volume with a driver's options on a server", () => {
  const nfs = { options: { type: "nfs", device: ":/srv", o: "addr=192.0.2.1,password=secret" } };

  it("has a place that tells no password", () => {
    expect(placeElsewhere(nfs)).toBe("local :/srv");
    expect(placeElsewhere({ driver: "rclone" })).toBe("rclone");
    expect(placeElsewhere({ options: { size: "5" } })).toBeUndefined();
  });

  it("is a folder of the server by a bind, and only by one", () => {
    expect(boundFolder({ options: { type: "none", o: "rw,bind", device: "/srv/a" } })).toBe("/srv/a");
    expect(boundFolder({ options: { type: "none", o: "rbind", device: "/srv/a/../b" } })).toBe("/srv/b");
    expect(boundFolder({ options: { type: "none", o: "binding", device: "/srv/a" } })).toBeUndefined();
    expect(boundFolder({ driver: "rclone", options: { o: "bind", device: "/srv/a" } })).toBeUndefined();
    expect(boundFolder(nfs)).toBeUndefined();
  });

  it("is rejected where the one that is there lies elsewhere, with a way that keeps its data", () => {
    const volume = { ...fact, volume: "media", remembered: null };
    const elsewhere = "local :/srv";
    expect(problems({ ...volume, folder: "local :/srv" }, { elsewhere })).toEqual([]);
    expect(problems({ ...volume, folder: "local :/srv 1.2" }, { elsewhere })).toEqual([]);
    expect(problems({ ...volume, ...gone }, { elsewhere })).toEqual([]);
    expect(problems(volume, { elsewhere })).toEqual([
      "services.db.data: volume 'media' was made in another place than the compose file says, got 'the engine's own " +
        "folder' for 'local :/srv'; write `external: true` and its `name` to take it as it is, or name another " +
        "volume and copy the data into it",
    ]);
  });
});

describe("the data folders of a claim (A5)", () => {
  const memory = { parts: {}, reserve: 0 };
  const nothing = { projects: {}, ports: {}, networks: {}, containers: {}, subnets: {}, memory, protected: false };
  const wanted = { ...nothing, stack: "shop/staging", directory: "/srv/shop", project: "shop", path: "host" };
  const other = {
    stack: "shop/other",
    readable: true,
    projects: [],
    ports: [],
    networks: [],
    containers: [],
    subnets: [],
  };

  const collisions = (volumes: Readonly<Record<string, string>>, theirs: readonly string[]): string[] => {
    const claims: ClaimFact[] = [{ ...other, directory: "/srv/other", real: "/srv/other", volumes: theirs }];
    const server = { claims, listeners: [], containers: [], namesakes: [], networks: [], routes: [], applied: [] };
    return ensureClaimIsFree({ ...wanted, volumes }, server).map(describeProblem);
  };

  it.each<[string, Record<string, string>, string[], string]>([
    ["the same folder", { "/mnt/a": "db" }, ["/mnt/a"], "services.db.data: '/mnt/a' is a folder"],
    [
      "a folder in theirs",
      { "/mnt/a/b": "db" },
      ["/mnt/a"],
      "services.db.data: '/mnt/a/b' overlaps '/mnt/a', a folder",
    ],
    ["a folder around theirs", { "/mnt": "db" }, ["/mnt/a"], "services.db.data: '/mnt' overlaps '/mnt/a', a folder"],
    [
      "one in their directory",
      { "/srv/other/x": "db" },
      [],
      "services.db.data: '/srv/other/x' overlaps '/srv/other', a folder",
    ],
    ["theirs in the directory", {}, ["/srv/shop/x"], "directory: '/srv/shop' overlaps '/srv/shop/x', a folder"],
  ])("collide with %s", (_, volumes, theirs, problem) => {
    expect(collisions(volumes, theirs)).toEqual([`${problem} of stack 'shop/other' on this server; choose another`]);
  });

  it("may lie beside those of other stacks", () => {
    expect(collisions({ "/mnt/a": "db", pgdata: "db" }, ["/mnt/ab", "/srv/other/data", "other_pgdata"])).toEqual([]);
  });
});
