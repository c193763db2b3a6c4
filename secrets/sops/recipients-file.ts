import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "../../model/problem.ts";
import { creationRuleFor, readSopsConfig, sopsConfigName } from "./config.ts";
import type { SopsSettings } from "./write.ts";

/** For whom and how a new file is encrypted, or why that is not known. */
interface FoundRule {
  readonly rule?: Omit<SopsSettings, "now">;
  /** Nothing says it yet, so that a rule may be added. */
  readonly absent?: boolean;
  readonly problems: readonly Problem[];
}

/** Asks the project's `.sops.yaml` for whom a file is encrypted. */
export function recipientsFor(root: string, path: string): FoundRule {
  const config = join(root, sopsConfigName);
  const todo = "run `slipway env init`, or write creation_rules with age recipients there";
  if (!existsSync(config)) return { absent: true, problems: [{ path: sopsConfigName, what: "is not there", todo }] };
  const read = readSopsConfig(readFileSync(config, "utf8"));
  if (read.problems.length > 0) return { problems: read.problems };
  const found = creationRuleFor(read, path);
  if (found === undefined) {
    const what = `has no rule for the file, got '${path}'`;
    return { absent: true, problems: [{ path: sopsConfigName, what, todo }] };
  }
  const { recipients, rule, macOnlyEncrypted } = found;
  if (recipients === undefined || recipients.length === 0) {
    const what = "has other key groups than age's, for which slipway cannot encrypt";
    return { problems: [{ path: sopsConfigName, what, todo: "encrypt the file with `sops` itself" }] };
  }
  return { rule: { recipients, macOnlyEncrypted, ...(rule === undefined ? {} : { rule }) }, problems: [] };
}
