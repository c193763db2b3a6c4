import type { Problem } from "../../model/problem.ts";
import type { Contract } from "../contract/contract.ts";
import type { FoundVariable } from "./found-variable.ts";

interface EnvSettings {
  /** Path of the encrypted file, from the folder of Pulumi.yaml; undefined for infra/env/<environment>.env.enc. */
  readonly file?: string | undefined;
  /** A command that prints an env document. */
  readonly command?: readonly string[] | undefined;
  /** Seconds that the command may take. */
  readonly timeout: number;
}

/** What is needed to read the variables of one environment. */
export interface EnvRequest {
  /** The folder of Pulumi.yaml. */
  readonly root: string;
  readonly environment: string;
  readonly settings: EnvSettings;
  /** Secret config by name; undefined values are encrypted, and nobody decrypts them here. */
  readonly secrets: Readonly<Record<string, string | undefined>>;
  /** Whether all of secret config is encrypted as one value, which nobody decrypts here. */
  readonly sealed: boolean;
  readonly contract: Contract | undefined;
  readonly process: NodeJS.ProcessEnv;
  /** Whether values may stay unknown, and no command is run. */
  readonly offline: boolean;
}

/** The variables of one environment from the one source that counts, and all that is wrong with it. */
export interface EnvSource {
  /** For people: "infra/env/staging.env.enc", "command", "secret config" or "CI variables". */
  readonly name: string;
  readonly kind: "file" | "command" | "config" | "ci";
  readonly variables: readonly FoundVariable[];
  /** Names without a value; they are not delivered. */
  readonly empty: readonly FoundVariable[];
  /** What people should know: recipients, what else knows a variable, what was left to other programs. */
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
  /** Whether values are unknown because nobody gave the key or nobody asked. */
  readonly closed: boolean;
  /** What to do to give the source one more variable. */
  readonly add: (variable: string) => string;
  readonly hint?: string;
}
