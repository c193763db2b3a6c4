import type { Connection } from "../model/connection.ts";
import type { Purpose } from "../secrets/source/env-source.ts";

/** A stack, and the texts that describe it. */
export interface StackTexts {
  readonly project: string;
  readonly stack: string;
  /** The folder of Pulumi.yaml. */
  readonly root: string;
  /** The stack's configuration by key, as Pulumi passes it on. */
  readonly texts: Readonly<Record<string, string>>;
  readonly environment: NodeJS.ProcessEnv;
  /** Hears of the stack's servers as soon as its configuration was read without a problem, before any other file. */
  readonly found?: (servers: readonly Connection[]) => void;
}

/** A stack that is read for a purpose. */
export interface StackSource extends StackTexts {
  readonly purpose: Purpose;
  /** Paths of the configuration whose values are encrypted; a run has none. */
  readonly encrypted: readonly string[];
}
