import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument, type Document } from "yaml";
import { Aaperture } from "../test/real/stack/aaperture.ts";
import type { Bench } from "./bench.ts";
import { decimal, secondsOf } from "./measure.ts";

/** A compose file with `count` services: one release service and shared ones. */
function composeFile(count: number, image: string): string {
  const shared = Array.from({ length: count - 1 }, (_, index) =>
    [`  worker-${index + 1}:`, `    image: ${image}`, "    mem_limit: 64m"].join("\n"),
  );
  return ["services:", "  api:", `    image: ${image}`, ...shared, ""].join("\n");
}

/** Replaces the application in a copy of aaperture by one with `count` services. */
function declare(folder: string, count: number, image: string): void {
  const api = { release: true, port: 8080, health: "/health" };
  writeFileSync(join(folder, "compose.yaml"), composeFile(count, image));
  rmSync(join(folder, ".env.example")); // it names variables of aaperture's services
  edit(join(folder, "Pulumi.yaml"), (file) => {
    file.setIn(["config", "services", "default"], { api });
    file.deleteIn(["config", "migration"]);
  });
  edit(join(folder, "Pulumi.staging.yaml"), (file) => file.setIn(["config", "aaperture:ports"], { api: 18080 }));
  edit(join(folder, "release.json"), (file) => file.setIn(["images"], { api: image }));
}

/** Changes a YAML or JSON file; the parser reads JSON as YAML. */
function edit(path: string, change: (file: Document) => void): void {
  const file = parseDocument(readFileSync(path, "utf8"));
  change(file);
  writeFileSync(path, path.endsWith(".json") ? JSON.stringify(file.toJS()) : file.toString());
}

/** Measures first deployments, deployments without changes and previews for several numbers of services. */
export async function benchServices({ folder, servers, ours, say }: Bench, counts: readonly number[]): Promise<void> {
  const app = await servers.buildAppRelease({ version: "many" });
  const rows: string[] = [];
  for (const count of counts) {
    // A new stack for each number, so that each first deployment is really a first one.
    const aaperture = await Aaperture.create(folder, servers, ["staging"]);
    declare(aaperture.folder, count, app.image);
    const first = await secondsOf(() => aaperture.succeed("up", "staging", ours));
    const again = await secondsOf(() => aaperture.succeed("up", "staging", ours));
    const preview = await secondsOf(() => aaperture.succeed("preview", "staging", ours));
    await aaperture.succeed("destroy", "staging", ours);
    const cells = [first, again, preview].map((seconds) => decimal(seconds).padStart(9));
    rows.push([String(count).padStart(8), ...cells, decimal(first / count).padStart(12)].join(" "));
  }
  say(["services", " first up", "no change", "  preview", " first/service"].join(" "));
  rows.forEach(say);
}
