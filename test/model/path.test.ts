import { expect, test } from "vitest";
import { isInside, pathIn } from "../../model/path.ts";

test.each([
  { folder: "/data", path: "/data", found: "." },
  { folder: "/data/", path: "/data/pg/18", found: "pg/18" },
  { folder: "/data", path: "/data-of-others", found: undefined },
  { folder: "/data/pg", path: "/data", found: undefined },
  { folder: "/data", path: "/data/..rows", found: "..rows" },
  { folder: "/", path: "/data", found: "data" },
  { folder: "data", path: "./data/pg", found: "pg" },
  { folder: "data", path: "../data", found: undefined },
  { folder: "../data", path: "../data/pg", found: "pg" },
  { folder: ".", path: "data", found: "data" },
  { folder: ".", path: "../data", found: undefined },
  { folder: ".", path: "~/data", found: undefined },
  { folder: "/", path: "~/data", found: undefined },
])("in the folder $folder, $path is $found", ({ folder, path, found }) => {
  expect(pathIn(folder, path)).toBe(found);
  expect(isInside(path, folder)).toBe(found !== undefined);
});
