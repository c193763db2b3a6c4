import { expect, it } from "vitest";
import { stagedEnvFile, variableOfFile } from "../../../../model/stack/env/env-files.ts";
import { plainEntries } from "../../../../model/stack/env/plain-entries.ts";

const entries = { DB: "DB", KEY: variableOfFile("web.env", "KEY"), NAME: "TOKEN" };
const services = [{ envFiles: [{ from: "stack", path: "slipway-env/web.env", entries }] as const }];
const values = [
  { name: "DB", value: "shop" },
  { name: "TOKEN", value: "canary" },
  { name: "web.env KEY", value: "canary" },
];

it("a name is plain in each env file that has the plain variable, and no other name is", () => {
  expect(plainEntries(services, values, { DB: "shop" })).toEqual({
    env: ["DB"],
    [stagedEnvFile("slipway-env/web.env")]: ["DB"],
  });
});

it("a name is no plain one where a source sets another value for it", () => {
  expect(plainEntries([], values, { DB: "shop", TOKEN: "default", NONE: "x" })).toEqual({ env: ["DB"] });
});
