import type { Problem } from "../../model/problem.ts";
import type { Contract } from "../contract/contract.ts";
import type { NamedFile } from "../contract/file.ts";
import type { FoundVariable, Known } from "./found-variable.ts";

interface EnvSettings {
  /** The encrypted file, with its path from the folder of Pulumi.yaml. */
  readonly file: NamedFile;
  /** A command that prints an env document. */
  readonly command?: readonly string[] | undefined;
  /** Seconds that the command may take. */
  readonly timeout: number;
}

/**
 * The purpose of reading the variables of an environment. A run needs every value. An offline plan and a check use
 * those that are known here, and run no command. A CI check reads the CI's own variables, even if there is another
 * source. A proposal is for a stack without a source, whose secrets are to be in its secret config.
 */
export type Purpose = "run" | "offline plan" | "check" | "CI check" | "proposal";

/** A request to read the variables of one environment. */
export interface EnvRequest {
  /** The folder of Pulumi.yaml. */
  readonly root: string;
  readonly environment: string;
  readonly settings: EnvSettings;
  /**
   * Secret config by name, with undefined for an encrypted value; "not known here" if all of it is encrypted as one.
   */
  readonly secrets: Readonly<Record<string, string | undefined>> | "not known here";
  readonly contract: Contract | undefined;
  readonly process: NodeJS.ProcessEnv;
  readonly purpose: Purpose;
}

/** The variables of one environment from the source that counts, and all its problems. */
export interface EnvSource {
  /** Its name in messages: "infra/env/staging.env.enc", "command", "secret config" or "CI variables". */
  readonly name: string;
  readonly kind: "file" | "command" | "config" | "ci";
  readonly variables: readonly FoundVariable[];
  /** Variables without a value; they are not delivered. */
  readonly empty: readonly FoundVariable[];
  /** Lines for people: recipients, other sources of the same variables, files left to other programs. */
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
  /** "known" if `variables` and `empty` are all that the source has. */
  readonly names: Known;
  /** "known" if every value is there and verified. */
  readonly values: Known;
  /** Advice on how to add a variable to the source. */
  readonly add: (variable: string) => string;
  /** The usual reason why a variable of the source is missing. */
  readonly absent?: string;
  /** The usual reason why a value is wrong. */
  readonly hint?: string;
}
