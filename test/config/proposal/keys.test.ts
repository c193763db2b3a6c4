import { expect, test } from "vitest";
import { applicationKeys, environmentKeys, type ProposedKeys } from "../../../config/proposal/keys.ts";

const nothing: ProposedKeys = {
  ...{
    compose: undefined,
    services: {},
    migrations: [],
    folders: [],
    files: {},
    ports: {},
    variables: [],
    secrets: [],
  },
};

test("keys that would have their defaults are left out", () => {
  expect(applicationKeys(nothing)).toEqual({});
  expect(Object.keys(environmentKeys(nothing, { name: "shop", value: "x" }))).toEqual(["host", "directory", "project"]);
});

test("one compose file and one migration are texts, and several are lists", () => {
  expect(applicationKeys({ ...nothing, compose: ["a.yaml"], migrations: ["a"] })).toEqual({
    ...{ compose: "a.yaml", migration: { service: "a" } },
  });
  expect(applicationKeys({ ...nothing, compose: ["a.yaml", "b.yaml"], migrations: ["a", "b"] })).toEqual({
    ...{ compose: ["a.yaml", "b.yaml"], migration: { service: ["a", "b"] } },
  });
});

test("folders are named as the compose file names them", () => {
  const folders = ["data", ".cache/db", "../up", "/srv/x", "~/y"];
  expect(applicationKeys({ ...nothing, folders })).toEqual({
    folders: { "./data": {}, "./.cache/db": {}, "../up": {}, "/srv/x": {}, "~/y": {} },
  });
});
