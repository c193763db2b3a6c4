import { describe, expect, it } from "vitest";
import { composeOf, read } from "../trial.ts";

function volume(definition: string, variables: Readonly<Record<string, string>> = {}): unknown {
  const { application, problems } = read(composeOf("volumes: [db:/db]", `volumes:\n  db: ${definition}`), {
    variables,
  });
  expect(problems).toEqual([]);
  return application?.volumes["db"];
}

describe("a volume of the compose file", () => {
  it.each([
    ["", {}],
    ["{ driver: local }", {}],
    ["{ external: false }", {}],
    ["{ external: true }", { external: true, name: "db" }],
    ["{ external: true, name: old_db }", { external: true, name: "old_db" }],
    ["{ external: { name: old_db } }", { external: true, name: "old_db" }],
    ["{ name: '${NAME:-x}_db' }", { name: "shop_db" }],
    ["{ labels: [a=b] }", { labels: { a: "b" } }],
    ["{ driver: rclone }", { driver: "rclone" }],
    [
      "{ driver: local, driver_opts: { type: nfs, o: 'addr=10.0.0.1', device: ':/srv' } }",
      { options: { type: "nfs", o: "addr=10.0.0.1", device: ":/srv" } },
    ],
  ])("is read from %s (M3)", (definition, expected) => {
    expect(volume(definition, { NAME: "shop" })).toEqual(expected);
  });

  it("tells that labels are set only once", () => {
    const { notes } = read(composeOf("volumes: [db:/db]", "volumes:\n  db: { labels: { a: b } }"));
    expect(notes).toEqual(["volumes.db: its labels are set when the volume is made; one that is there keeps its own"]);
  });

  it("that no service mounts is not made", () => {
    expect(read(composeOf("image: a", "volumes: { db: { external: true } }")).application?.volumes).toEqual({});
  });
});
