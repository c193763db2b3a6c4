import { isList, listOf, mapOf, textOf, type Json } from "../json.ts";
import type { StackService } from "../stack/service.ts";
import type { Breach } from "./breach.ts";

const root = "it can do everything that root of the server can";

/** Capabilities that Docker gives to every container, and some that concern the container's own processes alone. */
const harmless = new Set([
  ...["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "NET_RAW"],
  ...["SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"],
  ...["IPC_LOCK", "SYS_NICE"],
]);

/** Capabilities with which a process becomes root of the server. */
const allPowerful = /^(ALL|SYS_ADMIN|SYS_MODULE|SYS_PTRACE|SYS_RAWIO|DAC_READ_SEARCH|BPF|MAC_ADMIN)$/;

/** Fields that give a container something of the server which others, and the server itself, use. */
const namespaces: Readonly<Record<string, string>> = {
  pid: "processes",
  ipc: "memory segments",
  network_mode: "network",
  uts: "host name",
  userns_mode: "user ids",
  cgroup: "control groups",
};

/** Every way in which a service is confined less than Docker confines a container by itself. */
export function confinementBreaches({ compose: { fields } }: StackService): Breach[] {
  return [
    ...privileged(fields["privileged"], "is privileged"),
    ...["post_start", "pre_stop"].flatMap((hook) =>
      listOf(fields[hook]).flatMap((one) => privileged(mapOf(one)["privileged"], `has a privileged ${hook}`)),
    ),
    ...listOf(fields["cap_add"]).flatMap(capability),
    ...Object.entries(namespaces).flatMap(([field, shared]) => sharesNamespace(field, shared, fields[field])),
    ...listOf(fields["devices"]).map(device),
    ...otherDevices(fields),
    ...listOf(fields["device_cgroup_rules"]).map((rule) => ({
      what: `may use devices of the server, got device_cgroup_rules '${textOf(rule) ?? ""}'`,
      todo: "remove it",
    })),
    ...listOf(fields["security_opt"]).flatMap(securityOption),
    ...(textOf(fields["cgroup_parent"]) === undefined ? [] : [cgroupParent(fields["cgroup_parent"])]),
  ];
}

/** A variable may hold `true`, so only what is surely false is none. */
function privileged(value: Json | undefined, what: string): Breach[] {
  if ((textOf(value) ?? "false") === "false") return [];
  return [{ what: `${what}: ${root}`, todo: "add only the capabilities that it needs" }];
}

function capability(value: Json): Breach[] {
  const text = textOf(value) ?? "";
  const name = text.toUpperCase().replace(/^CAP_/, "");
  if (harmless.has(name)) return [];
  const todo = "add only the capabilities that it needs";
  if (allPowerful.test(name)) return [{ what: `is as good as privileged, got cap_add '${text}': ${root}`, todo }];
  return [{ what: `has a capability beyond those of Docker, got cap_add '${text}'`, todo }];
}

function sharesNamespace(field: string, shared: string, value: Json | undefined): Breach[] {
  const text = textOf(value) ?? "";
  if (text !== "host" && !text.includes("$")) return [];
  return [{ what: `shares the server's ${shared}, got ${field} '${text}'`, todo: `remove ${field}` }];
}

function device(value: Json): Breach {
  const text = textOf(value) ?? textOf(mapOf(value)["source"]) ?? "";
  return { what: `gets a device of the server, got devices '${text}'`, todo: "remove it" };
}

/** Devices requested by their capabilities, and a runtime other than Docker's own. */
function otherDevices(fields: StackService["compose"]["fields"]): Breach[] {
  const { devices } = mapOf(mapOf(mapOf(fields["deploy"])["resources"])["reservations"]);
  const runtime = textOf(fields["runtime"]) ?? "runc";
  return [
    ...[
      { field: "gpus", value: fields["gpus"] },
      { field: "deploy.resources.reservations.devices", value: devices },
    ]
      .filter(({ value }) => value !== undefined && value !== null && (!isList(value) || value.length > 0))
      .map(({ field }) => ({ what: `gets devices of the server by ${field}`, todo: "remove it" })),
    ...(runtime === "runc" ? [] : [{ what: `is started by another runtime, got '${runtime}'`, todo: "remove it" }]),
  ];
}

/** Only `no-new-privileges` confines more; all other options replace a profile of Docker's. */
function securityOption(value: Json): Breach[] {
  const text = textOf(value) ?? "";
  if (/^no-new-privileges([:=]true)?$/.test(text)) return [];
  return [{ what: `replaces Docker's confinement, got security_opt '${text}'`, todo: "remove it" }];
}

function cgroupParent(value: Json | undefined): Breach {
  const what = `leaves the limits that Docker sets, got cgroup_parent '${textOf(value) ?? ""}'`;
  return { what, todo: "remove cgroup_parent" };
}
