import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { noteContainer, removeLeftContainers } from "../../../host/command/left-containers.ts";

it("the container of a command whose door was killed goes, and that of a door that lives stays", async () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-left-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { pid: ofDead } = spawnSync("true");
  const removed: string[] = [];
  const said: string[] = [];
  const engine = {
    removeContainer: (name: string) => {
      removed.push(name);
      return name === "shop-web-run-2" ? Promise.reject(new Error("the engine is away")) : Promise.resolve();
    },
  };
  {
    using _note = noteContainer(folder, "a", "shop-web-run-0");
    for (const number of [1, 2]) {
      const note = { container: `shop-web-run-${number}`, pid: ofDead };
      writeFileSync(join(folder, "commands", `${number}.json`), JSON.stringify(note));
    }
    await removeLeftContainers(folder, engine, (phase, message) => said.push(`${phase}: ${message}`));
  }
  expect(removed).toEqual(["shop-web-run-1", "shop-web-run-2"]);
  expect(said).toEqual([
    "run: removed 'shop-web-run-1', whose command was killed",
    "run: 'shop-web-run-2' stays, whose command was killed: the engine is away",
  ]);
  await removeLeftContainers(join(folder, "none"), engine, () => undefined);
});
