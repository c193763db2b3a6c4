import { describe, expect, it } from "vitest";
import { adoptedPlaces, foldersWithPlaces } from "../../config/adopted-places.ts";
import type { HandMade, HandMadeContainer } from "../../model/facts/hand-made/hand-made.ts";
import { describeProblem } from "../../model/problem.ts";
import { hostOf } from "../model/stack/main-host.ts";
import { deployment, digest, service } from "../model/stack/aaperture.ts";

const folder = { type: "folder", source: "data/files", path: "/srv/shop/data/files", readOnly: false } as const;
const volume = { type: "volume", source: "rows", target: "/rows", readOnly: false } as const;
const host = hostOf(
  deployment([
    service("db", { image: digest("db", "1"), mounts: [volume] }),
    service("web", { image: digest("web", "1"), mounts: [{ ...folder, target: "/files" }] }),
  ]),
);

function handMade(mounts: Readonly<Record<string, HandMadeContainer["mounts"]>>): HandMade {
  const containers = Object.entries(mounts).map(([name, all]) => {
    return { name: `old-${name}-1`, service: name, image: name, running: true, ports: [], mounts: all };
  });
  return { project: "old", folder: "", containers, networks: [] };
}

describe("the places of the data of a hand-made project (X1)", () => {
  it("are found where the same service mounts them", () => {
    const found = handMade({
      db: [{ kind: "volume", source: "old_rows", target: "/rows" }],
      web: [{ kind: "folder", source: "/opt/old/files", target: "/files" }],
    });
    expect(adoptedPlaces(host, found)).toEqual({
      volumes: { rows: "old_rows" },
      folders: { "data/files": "/opt/old/files" },
      problems: [],
    });
  });

  it("need no key where the stack has them already", () => {
    const found = handMade({ db: [{ kind: "volume", source: "shop_rows", target: "/rows" }] });
    expect(adoptedPlaces(host, found)).toEqual({ volumes: {}, folders: {}, problems: [] });
  });

  it("are problems where they are of another kind, or of one container alone", () => {
    const found = handMade({
      db: [{ kind: "own volume", source: "f".repeat(64), target: "/rows" }],
      web: [{ kind: "volume", source: "old_files", target: "/files" }],
    });
    const { volumes, folders, problems } = adoptedPlaces(host, found);
    expect([volumes, folders]).toEqual([{}, {}]);
    const todo = "copy the data there while nothing runs, or let the compose file mount what the server has";
    expect(problems.map(describeProblem)).toEqual([
      `services.web.data: is folder '/srv/shop/data/files' ('data/files' in the compose file), and the hand-made ` +
        `project has it in volume 'old_files'; ${todo}`,
      `services.db.data: is volume 'shop_rows' ('rows' in the compose file), and the hand-made project has it ` +
        `in an unnamed volume at '/rows'; ${todo}`,
    ]);
  });

  it("stand in the key beside the other folders of the project", () => {
    const places = { uploads: "/srv/old/uploads", files: "/srv/old/files" };
    const project = JSON.stringify({ "./uploads/": {}, "./media": {}, "./logs": { path: "/var/log/shop" } });
    expect(foldersWithPlaces(project, places)).toEqual({
      "./uploads/": { path: "/srv/old/uploads" },
      "./media": {},
      "./logs": { path: "/var/log/shop" },
      files: { path: "/srv/old/files" },
    });
    expect(foldersWithPlaces(undefined, places)).toEqual({
      uploads: { path: "/srv/old/uploads" },
      files: { path: "/srv/old/files" },
    });
    expect(foldersWithPlaces(project, {})).toEqual({});
  });
});
