import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { Entrance } from "./container-namespaces.ts";

test("nothing is run where the first process has ended, nor where there never was one", async () => {
  const first = spawn("sleep", ["600"]);
  const entrance = new Entrance(first.pid ?? 0);
  first.kill("SIGKILL");
  await once(first, "exit");
  expect(await entrance.run(["true"], "root", "")).toBeUndefined();
  expect(await new Entrance(0).run(["true"], "root", "")).toBeUndefined();
  expect(await new Entrance(NaN).run(["true"], "root", "")).toBeUndefined();
});
