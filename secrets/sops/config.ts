import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Document, isMap, isSeq, parseDocument } from "yaml";
import { z } from "zod";
import type { Problem } from "../../model/problem.ts";
import { ruleNames, type SopsRule } from "./rule.ts";
import type { SopsSettings } from "./write.ts";

/** The rule of a `.sops.yaml` for one file. */
interface CreationRule {
  /** Public keys of age; undefined if other key groups take part, which slipway cannot judge. */
  readonly recipients: readonly string[] | undefined;
  readonly rule: SopsRule | undefined;
  readonly macOnlyEncrypted: boolean;
}

/** The rules of a `.sops.yaml`, or its problems. */
interface ReadSopsConfig {
  readonly rules: readonly (CreationRule & { readonly pathRegex: string | undefined })[];
  readonly problems: readonly Problem[];
}

/** The name of SOPS' configuration file, which lists recipients. */
export const sopsConfigName = ".sops.yaml";

const texts = z.union([z.string(), z.array(z.string())]).optional();
const ruleSchema = z.looseObject({
  path_regex: z.string().optional(),
  age: texts,
  mac_only_encrypted: z.boolean().optional(),
  ...Object.fromEntries(ruleNames.map((name) => [name, z.string().optional()])),
});
const configSchema = z.looseObject({ creation_rules: z.array(ruleSchema).optional() });

const foreign = ["pgp", "kms", "gcp_kms", "azure_keyvault", "hc_vault_transit_uri", "hckms", "key_groups"];

/** Reads `.sops.yaml`. */
export function readSopsConfig(text: string): ReadSopsConfig {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) {
    const line = error.linePos?.[0].line ?? 1;
    const what = `is not YAML: ${error.message.split("\n")[0]?.replace(/ at line.*$/, "") ?? ""}`;
    return { rules: [], problems: [{ path: `${sopsConfigName}:${line}`, what, todo: "correct it" }] };
  }
  const parsed = configSchema.safeParse(document.toJS() ?? {});
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path }) => ({
      path: path.length === 0 ? sopsConfigName : `${sopsConfigName}: ${path.join(".")}`,
      what: "has the wrong type",
      todo: "see SOPS' manual for creation_rules",
    }));
    return { rules: [], problems };
  }
  return { rules: (parsed.data.creation_rules ?? []).map(creationRule), problems: [] };
}

function creationRule(rule: z.output<typeof ruleSchema>): ReadSopsConfig["rules"][number] {
  const age = z.union([z.string(), z.array(z.string())]).parse(rule.age ?? "");
  const recipients = [age]
    .flat()
    .flatMap((words) => words.split(/[\s,]+/))
    .filter((word) => word !== "");
  const others = foreign.some((name) => rule[name] !== undefined);
  const [chosen] = ruleNames.flatMap((name) => {
    const text = rule[name];
    return typeof text === "string" && text !== "" ? [{ name, text }] : [];
  });
  return {
    pathRegex: rule.path_regex,
    recipients: others ? undefined : recipients,
    rule: chosen,
    macOnlyEncrypted: rule.mac_only_encrypted ?? false,
  };
}

/** The rule for a file: the first that matches, as in SOPS. `path` is relative to the folder of `.sops.yaml`. */
export function creationRuleFor({ rules }: ReadSopsConfig, path: string): CreationRule | undefined {
  return rules.find(({ pathRegex }) => pathRegex === undefined || pathRegex === "" || matches(pathRegex, path));
}

function matches(pattern: string, path: string): boolean {
  try {
    return new RegExp(pattern).test(path);
  } catch {
    return false;
  }
}

/** The settings for encrypting a new file, or the reason why there are none. */
interface FoundRule {
  readonly rule?: Omit<SopsSettings, "now">;
  /** True if there is no rule yet, so that one may be added. */
  readonly absent?: boolean;
  readonly problems: readonly Problem[];
}

/** Finds the settings for encrypting a file in the project's `.sops.yaml`. */
export function recipientsFor(root: string, path: string): FoundRule {
  const config = join(root, sopsConfigName);
  const todo = "run `slipway env init`, or write creation_rules with age recipients there";
  const there = statSync(config, { throwIfNoEntry: false });
  if (there?.isFile() === false)
    return { problems: [{ path: sopsConfigName, what: "is not a file", todo: "put a file in its place" }] };
  if (there === undefined) return { absent: true, problems: [{ path: sopsConfigName, what: "does not exist", todo }] };
  const read = readSopsConfig(readFileSync(config, "utf8"));
  if (read.problems.length > 0) return { problems: read.problems };
  const found = creationRuleFor(read, path);
  if (found === undefined) {
    const what = `has no rule for the file, got '${path}'`;
    return { absent: true, problems: [{ path: sopsConfigName, what, todo }] };
  }
  const { recipients, rule, macOnlyEncrypted } = found;
  if (recipients === undefined || recipients.length === 0) {
    const what = "has key groups other than age, for which slipway cannot encrypt";
    return { problems: [{ path: sopsConfigName, what, todo: "encrypt the file with `sops` itself" }] };
  }
  return { rule: { recipients, macOnlyEncrypted, ...(rule === undefined ? {} : { rule }) }, problems: [] };
}

/** The text of a `.sops.yaml` with one more rule, before the others; comments are kept. */
export function withCreationRule(text: string, path: string, recipient: string): string {
  const document = text.trim() === "" ? new Document({ creation_rules: [] }) : parseDocument(text);
  const rule = document.createNode({ path_regex: `(^|/)${escapeExpression(path)}$`, age: recipient });
  const rules = document.get("creation_rules");
  if (!isSeq(rules)) document.set("creation_rules", [rule]);
  else {
    // The YAML library attaches a comment above the first rule to the whole list.
    const [first] = rules.items;
    const comment = rules.commentBefore;
    if (isMap(first) && typeof comment === "string") {
      first.commentBefore = comment;
      rules.commentBefore = null;
    }
    rules.items.unshift(rule);
  }
  return document.toString({ lineWidth: 0 });
}

function escapeExpression(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
