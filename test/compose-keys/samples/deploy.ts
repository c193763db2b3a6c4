import { device, type SamplesByPlace } from "./samples.ts";

const changes = {
  keys: {
    parallelism: "4711",
    delay: "4711s",
    failure_action: "pause",
    monitor: "4711s",
    max_failure_ratio: "0.4711",
    order: "start-first",
  },
};

/** The keys below `deploy`. */
export const deploy: SamplesByPlace = {
  "services.*.deploy": {
    keys: {
      mode: "global",
      endpoint_mode: "dnsrr",
      replicas: "2",
      labels: "{ seen: 4711 }",
      rollback_config: "{ delay: 4711s }",
      update_config: "{ delay: 4711s }",
      resources: "{ limits: { pids: 4711 } }",
      restart_policy: "{ condition: on-failure, max_attempts: 4711 }",
      placement: "{ constraints: [seen-4711] }",
    },
  },
  "services.*.deploy.rollback_config": changes,
  "services.*.deploy.update_config": changes,
  "services.*.deploy.resources": {
    keys: { limits: "{ pids: 4711 }", reservations: "{ memory: 4711m }" },
  },
  "services.*.deploy.resources.limits": { keys: { cpus: '"0.4711"', memory: "4711m", pids: "4711" } },
  "services.*.deploy.resources.reservations": {
    keys: {
      cpus: '"0.4711"',
      memory: "4711m",
      generic_resources: "[{ discrete_resource_spec: { kind: seen, value: 4711 } }]",
      devices: "[{ capabilities: [seen-4711] }]",
    },
  },
  "services.*.deploy.resources.reservations.generic_resources[]": {
    keys: { discrete_resource_spec: "{ kind: seen, value: 4711 }" },
  },
  "services.*.deploy.resources.reservations.generic_resources[].discrete_resource_spec": {
    base: "{ kind: gpu, value: 1 }",
    keys: { kind: "seen-4711", value: "4711" },
  },
  "services.*.deploy.resources.reservations.devices[]": device,
  "services.*.deploy.restart_policy": {
    base: "{ condition: on-failure }",
    keys: { condition: "any", delay: "4711s", max_attempts: "4711", window: "4711s" },
  },
  "services.*.deploy.placement": {
    keys: { constraints: "[seen-4711]", preferences: "[{ spread: seen-4711 }]", max_replicas_per_node: "4711" },
  },
  "services.*.deploy.placement.preferences[]": { keys: { spread: "seen-4711" } },
};
