import { mkdirSync } from "node:fs";
import { beforeAll, expect, it } from "vitest";
import { smallDisk } from "../../../host/small-disk.ts";
import { messageOf } from "../../../../model/problem.ts";
import { switchBackByHand } from "./operator-run.ts";
import { ReleaseStack } from "./release-stack.ts";

const running = { rollout: { warm: "running" } } as const;
const asked = { who: "ada on laptop", why: "the cart is empty" };

let stack: ReleaseStack;

beforeAll(async () => {
  const opened = await ReleaseStack.open();
  ({ stack } = opened);
  return opened.close;
});

it("a switch back on a full disk says what it could not record, and the next run records it (F14)", async () => {
  mkdirSync(stack.places.state, { recursive: true });
  const disk = smallDisk(stack.places.state, "2m");
  const { sight, session } = stack;
  for (const version of ["1.0.0", "2.0.0"]) expect((await stack.up({ version }, running)).error).toBe("");
  disk.leave(1);
  const why = await switchBackByHand(stack, asked).then(() => "", messageOf);
  expect(why).toMatch(
    /^1\.0\.0 in blue serves again, but cannot write .*ENOSPC.*; the next run holds the one that was left/,
  );
  expect(await sight.serves()).toBe("1.0.0");
  expect((await sight.verdicts()).at(-1)).toBe("run-2 verified 2.0.0");
  disk.free();
  await session.begin();
  await session.end();
  expect(await sight.colours()).toEqual(["blue live 1.0.0 verified", "green held 2.0.0 verified"]);
  expect(await sight.verdicts()).toContain("run-3 switched back 1.0.0");
});
