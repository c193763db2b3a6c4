import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readDriftReport } from "../../../model/report/drift.ts";
import { readPrintedPlan, type PrintedHost } from "../../../model/report/printed-plan.ts";
import type { Ended } from "../../../process/child.ts";
import { AapertureServer } from "./aaperture-server.ts";
import { mainOf } from "../../model/stack/main-host.ts";

const directory = "/var/www/aaperture-staging";
const file = `${directory}/infra/prometheus/prometheus.yml`;
const long = 600_000;
let opened: AapertureServer;

beforeAll(async () => {
  opened = await AapertureServer.open(["staging"]);
  await opened.aaperture.succeed("up", "staging", opened.server);
}, long);

afterAll(async () => {
  await opened.close();
});

function slipway(...words: string[]): Promise<Ended> {
  return opened.aaperture.slipway(words, "staging", opened.server);
}

async function plan(): Promise<PrintedHost> {
  const { code, stdout, stderr } = await slipway("plan", "--json");
  const read = code === 0 ? readPrintedPlan(stdout) : undefined;
  if (read === undefined) throw new Error(`slipway plan ended with ${code}\n${stderr}`);
  return mainOf(read.hosts);
}

function up(saved: string): Promise<Ended> {
  return slipway("up", "--yes", "--skip-preview", "--non-interactive", "--color", "never", "--plan", saved);
}

describe("the printed plan of a real server", () => {
  test(
    "says that a server is as declared, and drift ends with 0",
    async () => {
      const printed = await plan();
      expect({ made: printed.made, drift: printed.drift, services: printed.services }).toEqual({
        made: "observed",
        drift: [],
        services: [],
      });
      expect(printed.documents.filter(({ change }) => change.kind !== "same")).toEqual([]);
      expect(printed.images.every(({ running, declared }) => running?.join() === declared)).toBe(true);
      const { code, stdout } = await slipway("drift");
      expect(stdout).toMatch(/everything is as it was applied\n/);
      expect(code).toBe(0);
    },
    long,
  );

  test(
    "shows drift with the expected and the found state, and ends with 3 (F96, F100)",
    async () => {
      await opened.on(`echo '# by hand' >>${file}`);
      const { code, stdout } = await slipway("drift", "--json");
      expect(code).toBe(3);
      expect(mainOf(readDriftReport(stdout).hosts).drift).toContainEqual(
        expect.objectContaining({ resource: "files" }),
      );
      const printed = await plan();
      expect(printed.services).toEqual([
        {
          service: "prometheus",
          move: "restarts",
          reasons: ["its file infra/prometheus/prometheus.yml is rewritten"],
        },
      ]);
    },
    long,
  );

  test(
    "is exactly what up does when it must follow the saved plan",
    async () => {
      const saved = join(opened.folder, "saved.json");
      expect((await slipway("plan", "--save", saved)).code).toBe(0);
      expect(readFileSync(saved, "utf8")).not.toContain("canary-staging");
      await opened.on("docker stop aaperture-staging-grafana");
      const refused = await up(saved);
      expect(refused.code).not.toBe(0);
      expect(refused.stdout + refused.stderr).toContain(
        "compose:aaperture-staging: changed on the server since the plan was saved: " +
          "aaperture-staging-grafana: expected running, found exited",
      );
      expect(await opened.on(`tail -n 1 ${file}`)).toBe("# by hand");
      const markdown = await slipway("plan", "--markdown", "--save", saved);
      expect(markdown.stdout).toContain("| `grafana` | restarts | `its container was found exited (");
      const done = await up(saved);
      expect({ code: done.code, output: done.code === 0 ? "" : done.stdout + done.stderr }).toEqual({
        code: 0,
        output: "",
      });
      expect((await slipway("drift")).code).toBe(0);
    },
    long,
  );
});
