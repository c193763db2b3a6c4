import type { Samples, SamplesByPlace } from "./samples.ts";

const external = { keys: { name: "seen-4711" } };

/** The keys of secrets and of configs. */
const object: Samples = {
  base: "{ file: one.txt }",
  keys: {
    environment: "SEEN",
    external: "true",
    file: "seen.txt",
    labels: "{ seen: 4711 }",
    name: "seen-4711",
    template_driver: "seen-4711",
  },
  bases: { external: "{}" },
};

/** The keys beside services: at the top of a file, and of networks, volumes, secrets, configs and models. */
export const resources: SamplesByPlace = {
  "": {
    keys: {
      version: '"3.8"',
      name: "seen-4711",
      include: "[more.yaml]",
      services: "{ other: { image: seen-4711 } }",
      models: "{ m: { model: ai/seen-4711 } }",
      networks: "{ other: { internal: true } }",
      volumes: "{ one: { labels: { seen: 4711 } } }",
      secrets: "{ other: { labels: { seen: 4711 } } }",
      configs: "{ other: { labels: { seen: 4711 } } }",
    },
  },
  "include[]": {
    base: "{ path: more.yaml }",
    keys: { path: "other.yaml", env_file: "inner.env", project_directory: "./seen" },
  },
  "models.*": {
    base: "{ model: ai/x }",
    keys: { name: "seen-4711", model: "ai/seen-4711", context_size: "4711", runtime_flags: "[seen-4711]" },
  },
  "networks.*": {
    keys: {
      attachable: "true",
      driver: "overlay",
      driver_opts: "{ seen: 4711 }",
      enable_ipv4: "false",
      enable_ipv6: "true",
      external: "true",
      internal: "true",
      ipam: "{ config: [{ subnet: 10.47.11.0/24 }] }",
      labels: "{ seen: 4711 }",
      name: "seen-4711",
    },
  },
  "networks.*.external": external,
  "networks.*.ipam": {
    keys: { driver: "seen-4711", config: "[{ subnet: 10.47.11.0/24 }]", options: "{ seen: 4711 }" },
  },
  "networks.*.ipam.config[]": {
    base: "{ subnet: 10.47.0.0/16 }",
    keys: {
      subnet: "10.47.11.0/24",
      ip_range: "10.47.11.0/25",
      gateway: "10.47.11.9",
      aux_addresses: "{ seen: 10.47.11.8 }",
    },
  },
  "volumes.*": {
    keys: {
      driver: "seen-4711",
      driver_opts: "{ seen: 4711 }",
      external: "true",
      labels: "{ seen: 4711 }",
      name: "seen-4711",
    },
  },
  "volumes.*.external": external,
  "secrets.*": { ...object, keys: { ...object.keys, driver: "seen-4711", driver_opts: "{ seen: 4711 }" } },
  "secrets.*.external": { ...external, above: "{}" },
  "configs.*": { ...object, keys: { ...object.keys, content: "seen-4711" } },
  "configs.*.external": { ...external, above: "{}" },
};
