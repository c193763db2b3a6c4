import type { Application } from "../model/compose/application.ts";
import { connectionOf } from "../model/connection.ts";
import type { Deployment, EnvFileSettings, Migration, VariableFingerprint } from "../model/stack/deployment.ts";
import type { ImageLock } from "../model/stack/images/lock.ts";
import type { Release } from "../model/stack/release.ts";
import type { Draft } from "./draft.ts";
import { serviceSchema } from "./schema.ts";

/** The parts of a deployment that do not come from the stack's configuration. */
interface DeploymentParts {
  readonly stack: string;
  readonly environment: string;
  readonly application: Application;
  readonly migrations: readonly Migration[];
  readonly release: Release | undefined;
  readonly lock: ImageLock;
  readonly variables: Readonly<Record<string, VariableFingerprint>>;
  readonly envFiles: EnvFileSettings;
}

/**
 * Placeholder for the server of a draft without one. The rules check the rest, and an offline plan needs a server also
 * where its address and user are variables that are not set.
 */
const noHost = { address: "", port: 22, user: "", path: "host" };

/**
 * Makes the deployment of a draft. Missing values are empty: no run gets such a deployment, since the problems of its
 * draft stop it. The rules check the rest of it, and an offline plan says which values are unknown.
 */
export function deploymentOf(draft: Draft, parts: DeploymentParts): Deployment {
  const { services, proxy, strategy, gate, watch, warm } = draft;
  const names = Object.keys(parts.application.services);
  const named = Object.entries(draft.hosts);
  const hosts = named.length === 0 ? [["main", { ...noHost, hostKey: draft.hostKey ?? "" }] as const] : named;
  return {
    ...parts,
    hosts: Object.fromEntries(hosts.map(([name, host]) => [name, { connection: connectionOf(host), path: host.path }])),
    directory: draft.directory ?? "",
    project: draft.project ?? "",
    domain: draft.domain,
    protected: draft.protected,
    services: Object.fromEntries(names.map((name) => [name, services[name] ?? serviceSchema.parse({})])),
    ports: draft.ports,
    networks: draft.networks,
    proxy,
    registries: draft.registries,
    adopt: draft.adopt,
    volumes: draft.volumes,
    rollout: {
      strategy,
      gate: { answers: gate.answers, seconds: gate.window, interval: gate.interval },
      ...{ watch, warm },
    },
    memory: draft.memory,
    keep: draft.keep,
    lease: draft.lease,
    policy: draft.policy,
  };
}
