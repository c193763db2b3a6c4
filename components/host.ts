import { readFileSync } from "node:fs";
import { join } from "node:path";
import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Connection } from "../model/connection.ts";

/** What a server has to be told to become part of a stack. */
export interface HostArgs {
  /** How to reach the server. */
  readonly connection: Connection;
}

/** One server of the stack: checked for what slipway needs before anything else touches it. */
export class Host extends pulumi.ComponentResource {
  static readonly type = "slipway:index:Host";

  /** What the preflight found: system, engine and Compose, one `name: value` a line. */
  readonly facts: pulumi.Output<string>;

  constructor(name: string, args: HostArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Host.type, name, {}, opts);
    this.facts = this.preflight(name, args).stdout;
    this.registerOutputs({ facts: this.facts });
  }

  private preflight(name: string, { connection }: HostArgs): remote.Command {
    const stdin = readFileSync(join(import.meta.dirname, "..", "host", "preflight.sh"), "utf8");
    const create = "bash -s";
    return new remote.Command(
      `${name}-preflight`,
      { connection, create, stdin, addPreviousOutputInEnv: false },
      { parent: this },
    );
  }
}
