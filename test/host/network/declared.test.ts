import { Buffer } from "node:buffer";
import { expect, test } from "vitest";
import { declaredNetworks, forgetDeclared, rememberDeclared } from "../../../host/network/declared.ts";
import { sumOf } from "../../../host/files/read.ts";
import { testServer } from "../verbs/server.ts";

const body = (compose: string) => ({ project: "shop", compose: Buffer.from(compose) });

test("the networks of a compose file are remembered with its sum, so that another file is read again", () => {
  const { state } = testServer().work("shared");
  const first = body("networks:\n  edge:\n    name: shop_edge\n  constructor:\n");
  expect(declaredNetworks(first, state)).toEqual(["shop_edge", "constructor"]);
  rememberDeclared(first, state);
  expect(declaredNetworks(first, state)).toEqual(["shop_edge", "constructor"]);
  expect(declaredNetworks(body("services: {}\n"), state)).toEqual([]);
  expect(declaredNetworks({ ...body("networks: { late: }\n"), after: "release" }, state)).toEqual(["late"]);
});

test("a compose file with the sum that is remembered is not read as YAML", () => {
  const { state } = testServer().work("shared");
  const unreadable = body("networks: {");
  expect(() => declaredNetworks(unreadable, state)).toThrow("Flow map");
  const memory = { sha256: sumOf(unreadable.compose), networks: ["edge"] };
  state.remember("networks in the file of shop", memory);
  expect(declaredNetworks(unreadable, state)).toEqual(["edge"]);
  forgetDeclared(unreadable, state);
  expect(() => declaredNetworks(unreadable, state)).toThrow();
});
