import { expect, test } from "vitest";
import type { Service } from "../../../model/compose/application.ts";
import { deployment, service } from "../stack/aaperture.ts";
import { broken, clean, one, root, socket } from "./broken.ts";

const cases: readonly [Service["fields"], string][] = [
  [{ privileged: "${PRIVILEGED:-true}" }, `is privileged: ${root}`],
  [{ post_start: [{ command: "x", privileged: true }] }, `has a privileged post_start: ${root}`],
  [{ pre_stop: [{ command: "x", privileged: "true" }] }, `has a privileged pre_stop: ${root}`],
  [{ cap_add: ["SYS_MODULE"] }, `is as good as privileged, got cap_add 'SYS_MODULE': ${root}`],
  [{ cap_add: ["CAP_SYS_PTRACE"] }, `is as good as privileged, got cap_add 'CAP_SYS_PTRACE': ${root}`],
  [{ cap_add: ["dac_read_search"] }, `is as good as privileged, got cap_add 'dac_read_search': ${root}`],
  [{ cap_add: ["NET_ADMIN"] }, "has a capability beyond those of Docker, got cap_add 'NET_ADMIN'"],
  [{ pid: "host" }, "shares the server's processes, got pid 'host'"],
  [{ ipc: "host" }, "shares the server's memory segments, got ipc 'host'"],
  [{ network_mode: "host" }, "shares the server's network, got network_mode 'host'"],
  [{ uts: "host" }, "shares the server's host name, got uts 'host'"],
  [{ userns_mode: "host" }, "shares the server's user ids, got userns_mode 'host'"],
  [{ cgroup: "${CGROUP}" }, "shares the server's control groups, got cgroup '${CGROUP}'"],
  [{ devices: ["/dev/sda:/dev/sda"] }, "gets a device of the server, got devices '/dev/sda:/dev/sda'"],
  [{ devices: [{ source: "/dev/mem" }] }, "gets a device of the server, got devices '/dev/mem'"],
  [{ device_cgroup_rules: ["b *:* rwm"] }, "may use devices of the server, got device_cgroup_rules 'b *:* rwm'"],
  [{ security_opt: ["seccomp:unconfined"] }, "replaces Docker's confinement, got security_opt 'seccomp:unconfined'"],
  [{ cgroup_parent: "/" }, "leaves the limits that Docker sets, got cgroup_parent '/'"],
];

test.each(cases)("the rule `privileged` finds %j (SEC-B10)", (fields, what) => {
  expect(broken(one({ fields }))).toEqual([`privileged api: ${what}`]);
});

test("the rule `privileged` allows capabilities that Docker gives by itself, and tighter confinement", () => {
  const fields = {
    cap_drop: ["ALL"],
    cap_add: ["CHOWN", "CAP_NET_BIND_SERVICE", "IPC_LOCK"],
    security_opt: ["no-new-privileges:true"],
    privileged: false,
    ipc: "private",
  };
  expect(broken(one({ fields }))).toEqual([]);
});

test.each(["/etc", "/var/lib/docker", "/var/lib/slipway/stacks", "/proc", "/sys", "/mnt/../etc", "/mnt", "/root/.ssh"])(
  "the rule `mounts` finds a mount of %s (SEC-B10)",
  (source) => {
    const found = (readOnly: boolean) => broken(one({ mounts: [{ ...socket, source, readOnly }] }));
    const what = `mounts api: mounts a path of the server, got '${source}'`;
    expect(found(false)).toEqual([`${what}: it can change the server's own files there`]);
    expect(found(true)).toEqual([`${what}: it can read the server's own files there`]);
  },
);

test.each([
  [{ gpus: "all" }, "gets devices of the server by gpus"],
  [{ runtime: "nvidia" }, "is started by another runtime, got 'nvidia'"],
  [
    { deploy: { resources: { reservations: { devices: [{ capabilities: ["gpu"] }] } } } },
    "gets devices of the server by deploy.resources.reservations.devices",
  ],
])("the rule `privileged` finds devices in %j (SEC-D8)", (fields, what) => {
  expect(broken(one({ fields }))).toEqual([`privileged api: ${what}`]);
});

test.each(["/var/lib/app", "/opt/other", "/home/deploy", "/srv"])(
  "the rule `mounts` finds a data folder at %s, wherever the stack names it (SEC-D4)",
  (path) => {
    const folder = { type: "folder", source: "data", target: "/data", readOnly: false, path } as const;
    const what = `mounts api: mounts a path of the server, got '${path}': it can change the server's own files there`;
    expect(broken(one({ mounts: [folder] }))).toEqual([what]);
  },
);

test.each(["/srv/shop/data", "/srv/other", "/mnt/disk", "/media/a", "/data/b"])(
  "the rule `mounts` allows a data folder at %s",
  (path) => {
    const folder = { type: "folder", source: "/data/b", target: "/data", readOnly: false, path } as const;
    expect(broken(one({ mounts: [folder] }))).toEqual([]);
  },
);

test("the rule `mounts` allows the time zone to read, and a folder on a disk of its own", () => {
  const mounts = [
    { ...socket, source: "/etc/localtime" },
    { ...socket, source: "/mnt/photos", readOnly: false },
  ];
  expect(broken(one({ mounts }))).toEqual([]);
  expect(broken(one({ mounts: [{ ...socket, source: "/etc/localtime", readOnly: false }] }))).toHaveLength(1);
});

test.each(["/", "/var/../run/docker.sock"])("the rule `socket` finds a mount of %s (SEC-B10)", (source) => {
  const what = `socket api: mounts the engine's socket, got '${source}': ${root}`;
  expect(broken(one({ mounts: [{ ...socket, source }] }))).toEqual([what]);
});

test("the rules for mounts find those that a service has by `volumes_from` (SEC-B10)", () => {
  const lender = service("lender", { ...clean, mounts: [socket, { ...socket, source: "/etc" }] });
  const reader = service("reader", { ...clean, volumesFrom: [{ service: "lender", readOnly: true }] });
  expect(broken(deployment([lender, reader])).map((line) => line.replace(/,.*/, ""))).toEqual([
    ...["socket lender: mounts the engine's socket", "socket reader: mounts the engine's socket"],
    ...["mounts lender: mounts a path of the server", "mounts reader: mounts a path of the server"],
  ]);
});
