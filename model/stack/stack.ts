import type { Problem } from "../problem.ts";
import type { Deployment, DeploymentHost, VariableFingerprint } from "./deployment.ts";
import type { ProxyLabels } from "./labels/proxy-labels.ts";
import type { Place } from "./names.ts";
import type { StackNetwork } from "./network/networks.ts";
import type { ProxyNetworks } from "./network/topology.ts";
import type { EntryPoint } from "./port/entry-points.ts";
import type { Release } from "./release.ts";
import type { DataVolume, PublishedPort, StackService } from "./service.ts";

/** One environment with all its facts, each derived once. Documents, files and reports are made from it. */
export interface Stack {
  /** `project/stack` of Pulumi, such as `aaperture/staging`. */
  readonly name: string;
  /** The value of `ENVIRONMENT`. */
  readonly environment: string;
  readonly directory: string;
  readonly project: string;
  readonly release: Release | undefined;
  /** The tags for which `slipway.lock` has a digest. */
  readonly locked: readonly string[];
  /** Every service, in the order of the compose file; the migrations are the last ones. */
  readonly services: readonly StackService[];
  /** The servers by name. */
  readonly hosts: Readonly<Record<string, StackHost>>;
  readonly proxy: ProxyImage;
  /** What `ports` says, by service. */
  readonly ports: Deployment["ports"];
  readonly networks: Deployment["networks"];
  /** What `volumes` says, by volume of the compose file. */
  readonly volumes: Deployment["volumes"];
  readonly registries: Deployment["registries"];
  readonly adopt: Deployment["adopt"];
  readonly protected: boolean;
  readonly policy: Deployment["policy"];
  readonly rollout: Deployment["rollout"];
  readonly keep: Deployment["keep"];
  readonly memory: Deployment["memory"];
  readonly lease: number;
  /** Every variable of the env file, by name; values are never here. */
  readonly variables: Readonly<Record<string, VariableFingerprint>>;
  /** Everything of the compose file that is left out, or differs from what Compose would do. */
  readonly notes: readonly string[];
}

/** One server of a stack with everything of the stack that it hosts. */
export interface StackHost extends DeploymentHost {
  readonly name: string;
  readonly services: readonly StackService[];
  readonly parts: Parts;
  /** The part of each compose project. */
  readonly projects: Readonly<Record<string, PartName>>;
  readonly networks: readonly StackNetwork[];
  /** The addresses of which the server chooses subnets. */
  readonly range: string;
  readonly volumes: readonly DataVolume[];
  readonly ports: readonly PublishedPort[];
}

/** A part of a stack that is one compose project on a server. */
export interface Part extends Place {
  /** Sorted by name. */
  readonly services: readonly StackService[];
}

/** The project of a migration, which runs once for a release and ends. */
export interface MigrationPart extends Place {
  readonly service: StackService;
  /** Seconds until it must have ended. */
  readonly deadline: number;
}

/** The image of the stack's own Traefik. */
export interface ProxyImage {
  readonly image: string;
  /** The platforms for which the lock has it; undefined if the configuration names a digest. */
  readonly platforms: readonly string[] | undefined;
  /** The limit in bytes. */
  readonly memory: number | undefined;
}

/** The project of the stack's own Traefik. */
export interface ProxyPart extends Place, ProxyImage {
  readonly entryPoints: readonly EntryPoint[];
  readonly published: readonly PublishedPort[];
  readonly networks: ProxyNetworks;
  /** For a team's own Traefik; none if no release service has any. */
  readonly labels: ProxyLabels;
}

/** The services that come in colours, with the placeholder `<colour>` in their place, and what belongs to them. */
export interface ReleasePart extends Part {
  readonly proxy: ProxyPart;
  /** In the order in which they run. */
  readonly migrations: readonly MigrationPart[];
}

/** The parts of a stack. A stack without services of a part has no such part. */
export interface Parts {
  /** The shared services that start before the release; without a release, all of them. */
  readonly before: Part | undefined;
  readonly release: ReleasePart | undefined;
  /** The shared services that wait for the release, of the same compose project as the others. */
  readonly after: Part | undefined;
}

/** Requires a service to deploy. */
export function ensureSomethingIsDeployed({ services }: Pick<Stack, "services">): Problem[] {
  if (services.some(({ part }) => part !== "migration")) return [];
  const what = "has no service that is deployed";
  return [{ path: "compose", what, todo: "add one, or ask for profiles of the compose file by `profiles`" }];
}

/** Tells a stack of which a part comes with each release. */
export function hasRelease({ services }: Pick<Stack, "services">): boolean {
  return services.some(({ part }) => part === "release");
}

/** The name of a part; each colour is a part of its own. */
type PartName = "shared" | "proxy" | "blue" | "green" | "migration";
