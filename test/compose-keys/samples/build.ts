import { grant, hook, ulimit, type SamplesByPlace } from "./samples.ts";

/** What developers need and servers do not: how an image is made, and how sources come into it. */
export const build: SamplesByPlace = {
  "services.*.build": {
    base: "{ context: . }",
    keys: {
      context: "./seen-4711",
      dockerfile: "seen-4711",
      dockerfile_inline: "FROM seen-4711",
      entitlements: "[network.host]",
      args: "{ SEEN: 4711 }",
      ssh: "[default]",
      labels: "{ seen: 4711 }",
      cache_from: "[seen-4711]",
      cache_to: "[seen-4711]",
      no_cache: "true",
      additional_contexts: "{ seen: ./seen-4711 }",
      network: "host",
      pull: "true",
      target: "seen-4711",
      shm_size: "4711",
      extra_hosts: '["seen:1.2.3.4"]',
      isolation: "seen-4711",
      privileged: "true",
      secrets: "[one]",
      tags: "[seen-4711]",
      ulimits: "{ nproc: 4711 }",
      platforms: "[linux/amd64]",
    },
  },
  "services.*.build.secrets[]": grant,
  "services.*.build.ulimits.*": ulimit,
  "services.*.develop": { keys: { watch: "[{ action: rebuild, path: ./seen-4711 }]" } },
  "services.*.develop.watch[]": {
    base: "{ action: sync, path: ., target: /a }",
    keys: {
      ignore: "[seen-4711]",
      include: "[seen-4711]",
      path: "./seen-4711",
      action: "restart",
      target: "/seen-4711",
      exec: "{ command: seen-4711 }",
    },
  },
  "services.*.develop.watch[].exec": hook,
};
