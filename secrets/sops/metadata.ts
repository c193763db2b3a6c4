import type { Problem } from "../../model/problem.ts";
import { defaultRule, ruleNames, type SopsRule } from "./rule.ts";
import type { SopsText } from "./text.ts";

/** The data key of a file, encrypted for one recipient. */
export interface WrappedKey {
  readonly recipient: string;
  /** In age's armor format. */
  readonly armour: string;
}

/** SOPS' own entries of a file. */
export interface SopsMetadata {
  readonly age: readonly WrappedKey[];
  /** Other holders of the data key, such as `pgp` and `kms`, which only SOPS itself can ask. */
  readonly foreign: readonly string[];
  readonly lastModified: string;
  /** Encrypted like the values. */
  readonly mac: string;
  readonly rule: SopsRule;
  readonly macOnlyEncrypted: boolean;
}

/** The entries, or the problems of those that are missing or wrong. */
interface ReadSopsMetadata {
  readonly metadata?: SopsMetadata;
  readonly problems: readonly Problem[];
}

const foreignGroups = ["pgp", "kms", "gcp_kms", "azure_kv", "hc_vault", "hckms", "key_groups"];

/** Reads SOPS' own entries of a dotenv file. */
export function readSopsMetadata({ path, metadata }: SopsText): ReadSopsMetadata {
  const problem = (entry: string, what: string): Problem => ({ path, what: `${entry} ${what}`, todo: damaged });
  const age = wrappedKeys(metadata);
  const foreign = foreignGroups.filter((group) => [...metadata.keys()].some((key) => key.startsWith(`${group}__`)));
  if ((metadata.get("shamir_threshold") ?? "0") !== "0") foreign.push("shamir_threshold");
  const lastModified = metadata.get("lastmodified");
  const mac = metadata.get("mac");
  const rules = ruleNames
    .flatMap((name) => ({ name, text: metadata.get(name) ?? "" }))
    .filter(({ text }) => text !== "");
  const only = metadata.get("mac_only_encrypted") ?? "false";
  const problems = [
    ...(age === undefined ? [problem("sops_age", "is not complete")] : []),
    ...(age?.length === 0 && foreign.length === 0 ? [problem("sops_age", "has no recipient")] : []),
    ...(lastModified === undefined ? [problem("sops_lastmodified", "is missing")] : []),
    ...(lastModified === undefined || timeForm.test(lastModified)
      ? []
      : [problem("sops_lastmodified", "is not a time")]),
    ...(mac === undefined ? [problem("sops_mac", "is missing")] : []),
    ...(rules.length > 1 ? [problem(rules.map(({ name }) => `sops_${name}`).join(" and "), "exclude each other")] : []),
    ...(["true", "false"].includes(only) ? [] : [problem("sops_mac_only_encrypted", "is neither true nor false")]),
  ];
  if (problems.length > 0 || lastModified === undefined || mac === undefined || age === undefined) return { problems };
  const rule = rules[0] ?? defaultRule;
  return { metadata: { age, foreign, lastModified, mac, rule, macOnlyEncrypted: only === "true" }, problems };
}

const damaged = "it was truncated or edited by hand: restore it from the repository with `git checkout`";
const timeForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/;

/** The entries for age, which SOPS numbers from 0; undefined if one is incomplete. */
function wrappedKeys(metadata: ReadonlyMap<string, string>): WrappedKey[] | undefined {
  const found = new Map<string, { recipient?: string; armour?: string }>();
  for (const [key, value] of metadata) {
    const [, index, field] = /^age__list_(\d+)__map_(recipient|enc)$/.exec(key) ?? [];
    if (index === undefined) {
      if (key.startsWith("age__")) return undefined;
      continue;
    }
    found.set(index, { ...found.get(index), ...(field === "enc" ? { armour: value } : { recipient: value }) });
  }
  const complete = [...found].flatMap(([index, { recipient, armour }]) =>
    recipient === undefined || armour === undefined || Number(index) >= found.size ? [] : [{ recipient, armour }],
  );
  return complete.length === found.size ? complete : undefined;
}

/** SOPS' entries as lines, in SOPS' own order. */
export function writeSopsMetadata(metadata: Omit<SopsMetadata, "foreign">): string {
  const { age, lastModified, mac, rule, macOnlyEncrypted } = metadata;
  const entries = [
    ...age.flatMap(({ recipient, armour }, index): [string, string][] => [
      [`age__list_${index}__map_enc`, armour],
      [`age__list_${index}__map_recipient`, recipient],
    ]),
    ["lastmodified", lastModified],
    ["mac", mac],
    ...(macOnlyEncrypted ? [["mac_only_encrypted", "true"]] : []),
    [rule.name, rule.text],
    ["version", formatVersion],
  ];
  return entries.map(([name = "", value = ""]) => `sops_${name}=${value.replaceAll("\n", "\\n")}\n`).join("");
}

/** The version of SOPS whose format is written. */
const formatVersion = "3.11.0";
