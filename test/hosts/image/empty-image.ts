import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Brings an image without a layer into this machine's engine, for a platform of choice. */
export function loadEmptyImage(folder: string, tag: string, architecture: string): void {
  const config = { architecture, os: "linux", config: {}, rootfs: { type: "layers", diff_ids: [] } };
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  writeFileSync(
    join(folder, "manifest.json"),
    JSON.stringify([{ Config: "config.json", RepoTags: [tag], Layers: [] }]),
  );
  const input = execFileSync("tar", ["--create", "--directory", folder, "config.json", "manifest.json"]);
  execFileSync("docker", ["load"], { input });
}
