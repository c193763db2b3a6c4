import type { Application } from "../model/compose/application.ts";
import { connectionOf } from "../model/connection.ts";
import type { Deployment, ServiceSettings, VariableFingerprint } from "../model/stack/deployment.ts";
import type { Migration } from "../model/stack/deployment.ts";
import type { PolicySettings } from "../model/stack/policy-settings.ts";
import type { Release } from "../model/stack/release.ts";
import type { Draft } from "./draft.ts";
import type { PolicyConfig } from "./schema/policy.ts";
import { serviceSchema, type ServiceConfig } from "./schema.ts";

/** The parts of a deployment that do not come from the stack's configuration. */
interface DeploymentParts {
  readonly stack: string;
  readonly environment: string;
  readonly application: Application;
  readonly migration: Migration | undefined;
  readonly release: Release | undefined;
  readonly variables: Readonly<Record<string, VariableFingerprint>>;
}

/** Placeholder for the server of a draft without one, so that the rules can check the rest. */
const noHost = { main: { address: "", port: 22, user: "", hostKey: "", path: "host" } };

/**
 * Makes the deployment of a draft. Missing values are empty: such a deployment is only checked by the rules, since the
 * problems of its draft stop the run.
 */
export function deploymentOf(draft: Draft, parts: DeploymentParts): Deployment {
  const { services, proxy } = draft;
  const names = Object.keys(parts.application.services);
  const named = Object.entries(draft.hosts);
  const hosts = named.length === 0 ? Object.entries(noHost) : named;
  return {
    ...parts,
    hosts: Object.fromEntries(hosts.map(([name, host]) => [name, { connection: connectionOf(host), path: host.path }])),
    directory: draft.directory ?? "",
    project: draft.project ?? "",
    domain: draft.domain,
    protected: draft.protected,
    services: Object.fromEntries(names.map((name) => [name, settingsOf(services[name] ?? serviceSchema.parse({}))])),
    ports: draft.ports,
    images: draft.images,
    proxy: { image: proxy.image, memory: proxy.memory },
    registries: draft.registries,
    adopt: draft.adopt,
    policy: policyOf(draft.policy),
  };
}

function policyOf({ waivers, ...rules }: PolicyConfig): PolicySettings {
  return { rules, waivers };
}

/** The settings of a service in the form of the model. */
export function settingsOf({
  release,
  port,
  health,
  hostPort,
  data,
  memory,
  boot,
  drop,
}: ServiceConfig): ServiceSettings {
  return { release, port, health, hostPort, data, memory, boot, drop };
}
