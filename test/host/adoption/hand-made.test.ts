import { expect, it } from "vitest";
import { handMadeFacts } from "../../../host/adoption/hand-made.ts";
import { containerWith } from "../observe/container.ts";

const nothing = { networks: [], claims: [], adoption: undefined, own: {} };

it("tells that a hand-made container runs in each state in which a stop is needed", () => {
  const container = containerWith("web", { project: "old" });
  const states = ["running", "restarting", "paused", "exited", "created", "dead"];
  const running = states.filter((state) => {
    const found = { ...nothing, containers: [{ ...container, state }] };
    return handMadeFacts(["old"], found)[0]?.containers[0]?.running;
  });
  expect(running).toEqual(["running", "restarting", "paused"]);
});

it("finds every hand-made project that no stack has, or only those that were asked for", () => {
  const containers = ["one", "two", "three"].map((project) => containerWith(project, { project }));
  const found = { ...nothing, containers, claims: [{ stack: "a/b", projects: ["two"] }] };
  const names = (asked: Parameters<typeof handMadeFacts>[0]) => handMadeFacts(asked, found).map((one) => one.project);
  expect(names("all")).toEqual(["one", "three"]);
  expect(names(["two", "four"])).toEqual(["two"]);
  expect(names(undefined)).toEqual([]);
});
