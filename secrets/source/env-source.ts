import type { Problem } from "../../model/problem.ts";
import type { Contract } from "../contract/contract.ts";
import type { FoundVariable, Known } from "./found-variable.ts";

interface EnvSettings {
  /** The encrypted file, by its path from the folder of Pulumi.yaml. One that the stack names has to exist. */
  readonly file: { readonly path: string; readonly named: boolean };
  /** A command that prints an env document. */
  readonly command?: readonly string[] | undefined;
  /** Seconds that the command may take. */
  readonly timeout: number;
}

/**
 * The reason to read the variables of an environment. A run needs every value. An offline plan and a check take those that are known here, and run no command.
 * A CI check reads the CI's own variables, whatever other source there is.
 */
export type Purpose = "run" | "offline plan" | "check" | "CI check";

/** A question for the variables of one environment. */
export interface EnvRequest {
  /** The folder of Pulumi.yaml. */
  readonly root: string;
  readonly environment: string;
  readonly settings: EnvSettings;
  /** Secret config by name, with undefined for a value that is encrypted; "not known here" where all of it is encrypted as one value. */
  readonly secrets: Readonly<Record<string, string | undefined>> | "not known here";
  readonly contract: Contract | undefined;
  readonly process: NodeJS.ProcessEnv;
  readonly purpose: Purpose;
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
  /** Whether `variables` and `empty` name everything that the source holds. */
  readonly names: Known;
  /** Whether every value is there, and verified. */
  readonly values: Known;
  /** What to do to give the source one more variable. */
  readonly add: (variable: string) => string;
  readonly hint?: string;
}
