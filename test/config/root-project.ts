import { cpSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../../toolchain/paths.ts";
import { lockText, TrialRepository } from "./trial-repository.ts";

const files = ["Pulumi.yaml", "Pulumi.staging.yaml", "Pulumi.production.yaml", "compose.yaml", ".env.example", "infra"];

/** Copies the root project, with a lock of made-up digests: only who can ask its registries has the real ones. */
export function copyRootProject(): TrialRepository {
  const trial = new TrialRepository();
  for (const name of files) cpSync(join(checkout, name), join(trial.folder, name), { recursive: true });
  const tags = ["postgres:17-alpine", "prom/prometheus:latest", "grafana/grafana:latest", "traefik:v3.6"];
  trial.write("slipway.lock", lockText(...tags));
  trial.git("add", "--all");
  return trial;
}
