import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument, type Document } from "yaml";
import { Aaperture } from "../test/real/stack/aaperture.ts";
import type { Bench } from "./aaperture.ts";
import { secondsOf, shown } from "./measure.ts";

/** A compose file with one release service and so many shared ones. */
function composeFile(count: number, image: string): string {
  const shared = Array.from({ length: count - 1 }, (_, index) =>
    [`  worker-${index + 1}:`, `    image: ${image}`, "    mem_limit: 64m"].join("\n"),
  );
  return ["services:", "  api:", `    image: ${image}`, ...shared, ""].join("\n");
}

/** Turns a copy of aaperture into an application of one release service and so many shared ones. */
function declare(folder: string, count: number, image: string): void {
  const api = { release: true, port: 8080, health: "/health" };
  writeFileSync(join(folder, "compose.yaml"), composeFile(count, image));
  rmSync(join(folder, ".env.example")); // it speaks of aaperture's own services
  edit(join(folder, "Pulumi.yaml"), (file) => {
    file.setIn(["config", "services", "default"], { api });
    file.deleteIn(["config", "migration"]);
  });
  edit(join(folder, "Pulumi.staging.yaml"), (file) => file.setIn(["config", "aaperture:ports"], { api: 18080 }));
  edit(join(folder, "release.json"), (file) => file.setIn(["images"], { api: image }));
}

/** JSON is YAML too. */
function edit(path: string, change: (file: Document) => void): void {
  const file = parseDocument(readFileSync(path, "utf8"));
  change(file);
  writeFileSync(path, path.endsWith(".json") ? JSON.stringify(file.toJS()) : file.toString());
}

/** From five to fifty services: what each more costs, in a first deploy, in one without changes, and in a preview. */
export async function benchServices({ folder, servers, ours, say }: Bench, counts: readonly number[]): Promise<void> {
  const app = await servers.buildAppRelease({ version: "many" });
  const rows: string[] = [];
  for (const count of counts) {
    const aaperture = await Aaperture.create(folder, servers, ["staging"]);
    declare(aaperture.folder, count, app.image);
    const first = await secondsOf(() => aaperture.succeed("up", "staging", ours));
    const again = await secondsOf(() => aaperture.succeed("up", "staging", ours));
    const preview = await secondsOf(() => aaperture.succeed("preview", "staging", ours));
    await aaperture.succeed("destroy", "staging", ours);
    const cells = [first, again, preview].map((seconds) => shown(seconds).padStart(9));
    rows.push([String(count).padStart(8), ...cells, shown(first / count).padStart(12)].join(" "));
  }
  say(["services", " first up", "no change", "  preview", " first/service"].join(" "));
  rows.forEach(say);
}
