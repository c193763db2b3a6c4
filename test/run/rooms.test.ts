import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { describe, expect, test } from "vitest";
import { checkout } from "../../toolchain/paths.ts";

/** The rooms of host/ that each room imports from. Files beside the rooms are what all rooms need, or the doors. */
function importsOfRooms(): Map<string, Set<string>> {
  const files = readdirSync(join(checkout, "host"), { recursive: true, encoding: "utf8" });
  const rooms = new Map<string, Set<string>>();
  for (const file of files.filter((name) => name.endsWith(".ts") && name.includes("/"))) {
    const imported = rooms.get(dirname(file)) ?? new Set();
    rooms.set(dirname(file), imported);
    const text = readFileSync(join(checkout, "host", file), "utf8");
    for (const [, path = ""] of text.matchAll(/ from "(\.[^"]+)"/g)) {
      const room = posix.dirname(posix.join(dirname(file), path));
      if (room !== "." && !room.startsWith("..") && room !== dirname(file)) imported.add(room);
    }
  }
  return rooms;
}

/** Removes each room whose imports are all removed, until nothing changes; what is left is in a circle. */
function circle(rooms: Map<string, Set<string>>): string[] {
  const left = new Map(rooms);
  for (;;) {
    const free = [...left].filter(([, imported]) => ![...imported].some((room) => left.has(room)));
    if (free.length === 0) return [...left.keys()];
    for (const [room] of free) left.delete(room);
  }
}

describe("the rooms of host/", () => {
  test("import from one another in one direction", () => {
    const rooms = importsOfRooms();
    expect(rooms.get("verbs")).toContain("release");
    expect(circle(rooms)).toEqual([]);
  });

  test("are found to be in a circle where two import from each other", () => {
    const rooms = importsOfRooms();
    rooms.get("release")?.add("verbs");
    expect(circle(rooms)).toContain("release");
  });
});
