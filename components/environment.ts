import * as pulumi from "@pulumi/pulumi";
import type { RolloutAnswer } from "../model/facts/release/answer.ts";
import type { GoBack } from "../model/facts/release/going-back.ts";
import type { RememberedData } from "../model/facts/observation.ts";
import type { Plan } from "../model/plan/plan.ts";
import { HostResources } from "./host-resources.ts";

interface EnvironmentArgs {
  /** The plan of the stack, with a document for each component on each server. */
  readonly plan: Plan;
}

/** All resources of one environment. Each component is named after its server and its document. */
export class Environment extends pulumi.ComponentResource {
  static readonly type = "slipway:index:Environment";

  /** The live colour with its release and start, by host; a stack without a release has none. */
  readonly live: pulumi.Output<Readonly<Record<string, RolloutAnswer>>>;
  /** The command that goes back from it, by host. */
  readonly goBack: pulumi.Output<Readonly<Record<string, GoBack>>>;
  /** The remembered data by host and volume. */
  readonly data: pulumi.Output<Readonly<Record<string, Readonly<Record<string, RememberedData>>>>>;
  /** The subnets by host and network. */
  readonly subnets: pulumi.Output<Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>>;

  constructor(name: string, { plan }: EnvironmentArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Environment.type, name, {}, opts);
    const hosts = Object.entries(plan.hosts).map(
      ([host, hostPlan]) =>
        [host, new HostResources({ environment: this, name, stack: plan.stack.name, plan: hostPlan })] as const,
    );
    const lives = hosts.flatMap(([host, { live }]) => (live === undefined ? [] : [[host, live] as const]));
    this.live = pulumi.output(Object.fromEntries(lives));
    this.goBack = pulumi.all(hosts.map(([host, { goBack }]) => pulumi.all([host, goBack]))).apply(known);
    this.data = pulumi.output(Object.fromEntries(hosts.map(([host, { data }]) => [host, data])));
    this.subnets = pulumi.output(Object.fromEntries(hosts.map(([host, { subnets }]) => [host, subnets])));
    this.registerOutputs({ live: this.live, goBack: this.goBack, data: this.data, subnets: this.subnets });
  }
}

/** The hosts of which a way back is known. */
function known(entries: readonly (readonly [string, GoBack | undefined])[]): Record<string, GoBack> {
  return Object.fromEntries(entries.flatMap(([host, goBack]) => (goBack === undefined ? [] : [[host, goBack]])));
}
