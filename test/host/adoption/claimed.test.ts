import { expect, it } from "vitest";
import { claimedProjects, claimProject } from "../../../host/adoption/claimed.ts";
import { Claims } from "../../../host/claims/claims.ts";
import { forgetAdoption, rememberAdoption } from "../../../host/state/adoption-memory.ts";
import { testServer } from "../verbs/server.ts";

it("claims an adopted project until it is given up or goes back, and never loses the stack's own (X1)", () => {
  const { state } = testServer().work("adoption");
  const own = { shop: "shared", "shop-blue": "blue" };
  expect(claimedProjects(own, state)).toEqual(own);
  const adoption = { done: false, containers: [], networks: [] };
  rememberAdoption(state, { ...adoption, project: "old" });
  expect(claimedProjects(own, state)).toEqual({ ...own, old: "adopted" });
  rememberAdoption(state, { ...adoption, project: "shop" });
  expect(claimedProjects(own, state)).toEqual(own);
  rememberAdoption(state, { ...adoption, project: "old", done: true });
  expect(claimedProjects(own, state)).toEqual(own);
  forgetAdoption(state);
  expect(claimedProjects(own, state)).toEqual(own);
});

it("writes no claim for a stack that holds none (X1)", () => {
  const work = testServer().work("adoption");
  claimProject(work);
  expect(new Claims(work.places).all()).toEqual([]);
});
