import { expect, it } from "vitest";
import { restoreDocuments } from "../../../host/colours/kept-documents.ts";
import type { Applied } from "../../../host/state/stack-state.ts";
import { documentHash, writeDocument } from "../../../model/document/writer.ts";
import { testServer } from "../verbs/server.ts";

/** A document of a release, as it was applied. */
function applied(object: string, release: string, resource = object): Applied {
  const document = { kind: object, resource, body: { release } };
  const number = { order: 3, attempt: release };
  return {
    object,
    resource,
    kind: object,
    number,
    hash: documentHash(document),
    text: writeDocument(document, number),
  };
}

/** The documents that are applied after those of a colour, with another release, are put back. */
function restore(kept: readonly Applied[]) {
  const { state } = testServer().work("rollout");
  for (const object of ["images", "rollout"]) state.writeApplied(applied(object, "2"));
  state.remember(
    "documents in blue",
    kept.map(({ object, resource, kind, hash, text }) => ({ object, resource, kind, hash, text })),
  );
  restoreDocuments("blue", kept.at(-1)?.hash ?? "", state);
  return state;
}

it("the documents of a release that serves again are the applied ones, with a number that none had", () => {
  const kept = [applied("images", "1"), applied("rollout", "1")];
  const state = restore(kept);
  expect(kept.map(({ object, hash }) => state.applied(object)?.hash === hash)).toEqual([true, true]);
  expect(state.applied("rollout")?.number).toEqual({ order: 4, attempt: "back2" });
});

it("none of them is, if one is of a resource with a former name", () => {
  const state = restore([applied("images", "1"), applied("rollout", "1", "former")]);
  for (const object of ["images", "rollout"]) expect(state.applied(object)).toEqual(applied(object, "2"));
});
