import { device, grant, hook, ulimit, type SamplesByPlace } from "./samples.ts";

const rate = { base: "{ path: /dev/sda, rate: 1 }", keys: { path: "/dev/seen4711", rate: "4711" } };

const bindMount = "{ type: bind, source: /srv/a, target: /a }";
const imageMount = "{ type: image, source: a, target: /a }";

/** The keys of the fields of a service that have some. */
export const fields: SamplesByPlace = {
  "services.*.blkio_config": {
    keys: {
      device_read_bps: "[{ path: /dev/sda, rate: 4711 }]",
      device_read_iops: "[{ path: /dev/sda, rate: 4711 }]",
      device_write_bps: "[{ path: /dev/sda, rate: 4711 }]",
      device_write_iops: "[{ path: /dev/sda, rate: 4711 }]",
      weight: "471",
      weight_device: "[{ path: /dev/sda, weight: 471 }]",
    },
  },
  "services.*.blkio_config.device_read_bps[]": rate,
  "services.*.blkio_config.device_read_iops[]": rate,
  "services.*.blkio_config.device_write_bps[]": rate,
  "services.*.blkio_config.device_write_iops[]": rate,
  "services.*.blkio_config.weight_device[]": {
    base: "{ path: /dev/sda, weight: 10 }",
    keys: { path: "/dev/seen4711", weight: "471" },
  },
  "services.*.configs[]": grant,
  "services.*.secrets[]": grant,
  "services.*.credential_spec": {
    keys: { config: "seen-4711", file: "seen-4711", registry: "seen-4711" },
  },
  "services.*.depends_on.*": {
    base: "{ condition: service_started }",
    keys: { restart: "true", required: "false", condition: "service_healthy" },
  },
  "services.*.devices[]": {
    base: "{ source: /dev/null, target: /dev/null }",
    keys: { source: "/dev/seen4711", target: "/dev/seen4711", permissions: "r" },
  },
  "services.*.env_file[]": {
    base: "{ path: .env }",
    keys: { path: "seen-4711.env", format: "raw", required: "false" },
    bases: { required: "{ path: missing.env }", format: "{ path: seen.env }" },
  },
  "services.*.extends": {
    base: "{ service: db }",
    keys: { service: "parent", file: "extended.yaml" },
  },
  "services.*.gpus[]": device,
  "services.*.healthcheck": {
    base: "{ test: [CMD, a] }",
    keys: {
      disable: "true",
      interval: "4711s",
      retries: "4711",
      test: "[CMD, seen-4711]",
      timeout: "4711s",
      start_period: "4711s",
      start_interval: "4711s",
    },
  },
  "services.*.logging": { base: "{ driver: local }", keys: { driver: "syslog", options: "{ tag: seen-4711 }" } },
  "services.*.models.*": { keys: { endpoint_var: "SEEN_4711", model_var: "SEEN_4711" } },
  "services.*.networks.*": {
    keys: {
      aliases: "[seen-4711]",
      interface_name: "seen4711",
      ipv4_address: "10.47.11.9",
      ipv6_address: "fd00:4711::9",
      link_local_ips: "[169.254.47.11]",
      mac_address: '"02:42:ac:47:11:01"',
      driver_opts: "{ seen: 4711 }",
      priority: "4711",
      gw_priority: "4711",
    },
  },
  "services.*.ports[]": {
    base: '{ target: 80, published: "8080" }',
    keys: {
      name: "seen-4711",
      mode: "host",
      host_ip: "127.0.47.11",
      target: "4711",
      published: '"4711"',
      protocol: "udp",
      app_protocol: "http",
    },
  },
  "services.*.post_start[]": hook,
  "services.*.pre_stop[]": hook,
  "services.*.provider": { base: "{ type: a }", keys: { type: "seen-4711", options: "{ seen: 4711 }" } },
  "services.*.ulimits.*": ulimit,
  "services.*.volumes[]": {
    base: "{ type: volume, source: one, target: /a }",
    keys: {
      type: "tmpfs",
      source: "two",
      target: "/seen-4711",
      read_only: "true",
      consistency: "cached",
      bind: "{ propagation: rslave }",
      volume: "{ nocopy: true }",
      tmpfs: "{ size: 4711 }",
      image: "{ subpath: seen-4711 }",
    },
    bases: {
      bind: bindMount,
      tmpfs: "{ type: tmpfs, target: /a }",
      image: imageMount,
    },
  },
  "services.*.volumes[].bind": {
    above: bindMount,
    keys: { propagation: "rslave", create_host_path: "true", recursive: "readonly", selinux: "z" },
  },
  "services.*.volumes[].volume": {
    keys: { labels: "{ seen: 4711 }", nocopy: "true", subpath: "seen-4711" },
  },
  "services.*.volumes[].tmpfs": { above: "{ type: tmpfs, target: /a }", keys: { size: "4711", mode: "0700" } },
  "services.*.volumes[].image": { above: imageMount, keys: { subpath: "seen-4711" } },
};
