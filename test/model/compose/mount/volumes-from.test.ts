import { expect, test } from "vitest";
import { composeOf, readService } from "../trial.ts";

test.each([
  ["db", false],
  ["db:rw", false],
  ["db:ro", true],
])("the volumes of another service are mounted as `volumes_from: [%s]` says", (entry, readOnly) => {
  expect(readService("api", `${composeOf(`volumes_from: ["${entry}"]`)}  db: {}\n`).volumesFrom).toEqual([
    { service: "db", readOnly },
  ]);
});
