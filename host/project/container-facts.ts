import { composeLabel, isAnonymousVolume, shortId, type Container } from "../docker/container.ts";
import { sumOf } from "../files/read.ts";

/** What a container is, by field. Each value comes from the engine's own answer; none is split from a text (SEC-C4). */
export type ContainerFacts = Readonly<Record<string, string>>;

/**
 * Everything about a container that its compose file decides; what may hold a secret is a sum. The networks `beside`
 * are joined without the file.
 */
export function factsOf(container: Container, beside: ReadonlySet<string> = new Set()): ContainerFacts {
  const entries = [...ownFacts(container), ...connections(container, beside)].map(([field, value]) => {
    return [field, isSecret(field) ? sumOf(value) : value] as const;
  });
  return Object.fromEntries(entries);
}

/** Tells whether a compose file may put a value of the env file into a field, by `${NAME}`. */
export function isSecret(field: string): boolean {
  return /^(variable |label |command$|entry point$|health check$|log$)/.test(field);
}

type Fact = readonly [field: string, value: string];

function ownFacts({ image, imageId, inspection }: Container): Fact[] {
  const { Config: config, HostConfig: host } = inspection;
  const labels = Object.entries(config.Labels ?? {}).filter(([label]) => label !== composeLabel.replaces);
  return [
    ["image", image],
    ["image id", imageId],
    ["user", config.User],
    ["command", JSON.stringify(config.Cmd ?? null)],
    ["entry point", JSON.stringify(config.Entrypoint ?? null)],
    ["health check", sorted(config.Healthcheck)],
    ["memory", String(host.Memory)],
    ["log", sorted(host.LogConfig)],
    ["read-only", String(host.ReadonlyRootfs)],
    ["restart policy", host.RestartPolicy.Name],
    ["capabilities", JSON.stringify([host.Privileged, host.CapAdd ?? [], host.CapDrop ?? []])],
    ...(config.Env ?? []).map((variable): Fact => [`variable ${variable.split("=", 1)[0] ?? ""}`, variable]),
    ...labels.map(([label, value]): Fact => [`label ${label}`, value]),
  ];
}

function connections({ id, inspection }: Container, beside: ReadonlySet<string>): Fact[] {
  const { HostConfig: host, Mounts: mounts, NetworkSettings: settings } = inspection;
  const ports = Object.entries(host.PortBindings ?? {}).map(([port, ends]): Fact => {
    return [`port ${port}`, (ends ?? []).map(({ HostIp, HostPort }) => `${HostIp}:${HostPort}`).join(" ")];
  });
  const places = mounts.map(({ Type: type, Name: name, Source: source, Destination: target, RW: writable }): Fact => {
    const from = type === "volume" && name !== undefined ? nameOf(name) : source;
    return [`mount ${target}`, `${type} ${from} ${writable ? "rw" : "ro"}`];
  });
  const declared = Object.entries(settings.Networks).filter(([network]) => !beside.has(network));
  const networks = declared.map(([network, { Aliases: aliases }]): Fact => {
    const names = (aliases ?? []).filter((alias) => alias !== shortId(id)); // the engine's own
    return [`network ${network}`, [...new Set(names)].sort().join(" ")];
  });
  return [...ports, ...places, ...networks];
}

function nameOf(volume: string): string {
  return isAnonymousVolume(volume) ? "without a name" : volume;
}

/** JSON that does not depend on the order in which the engine tells fields. */
function sorted(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, part: unknown) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
