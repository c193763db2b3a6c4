import { isMap, listOf, mapOf, textOf, type JsonMap } from "../../../model/json.ts";
import { configured, jobsOf, originalServices, type Comparison } from "../../compose-cases/compare/comparison.ts";

/** What runs in the place of a service's image. */
export interface Player {
  readonly service: string;
  /** An image of the test registry, which is the real program; undefined for a stand-in. */
  readonly real: string | undefined;
  readonly ends: boolean;
  /** The ports that the file or the stack knows. */
  readonly known: readonly Port[];
  /** A port of the stand-in's own, which nothing in the file names; undefined for a real program. */
  readonly own: Port | undefined;
  readonly programs: readonly string[];
}

/** A port on which a service listens. */
export interface Port {
  readonly number: string;
  readonly protocol: "tcp" | "udp";
}

/** Official images that the test registry has, each with its port. */
const realImages: Readonly<Record<string, { readonly name: string; readonly port: string }>> = {
  postgres: { name: "library/postgres:17-alpine", port: "5432" },
  redis: { name: "library/redis:alpine", port: "6379" },
  nginx: { name: "library/nginx:alpine", port: "80" },
};

/** Names under which images start programs, whatever the file says. */
const usualPrograms = ["/bin/sh", "/bin/bash", "/usr/bin/env"];

/** Decides who plays each service of a file. Services in `standIns` get no real program. */
export function playersOf(comparison: Comparison, standIns: readonly string[]): Player[] {
  const jobs = jobsOf(comparison);
  const migration = comparison.config.keys["migration"];
  const migrations = (Array.isArray(migration) ? migration : [migration]).flatMap((one) =>
    isMap(one) ? [String(one["service"])] : [],
  );
  return originalServices(comparison).map(([service, fields], index): Player => {
    const ends = jobs.has(service) || migrations.includes(service);
    const real = ends || standIns.includes(service) ? undefined : realImageOf(fields);
    if (real !== undefined)
      return { service, real: real.name, ends, known: [tcp(real.port)], own: undefined, programs: [] };
    const known = ends ? [] : knownPorts(comparison, service, fields);
    const own = ends ? undefined : tcp(String(7001 + index));
    return { service, real: undefined, ends, known, own, programs: [...usualPrograms, ...programsOf(fields)] };
  });
}

function tcp(number: string): Port {
  return { number, protocol: "tcp" };
}

/** A real program is started as its image says; a file with words of its own may need what the test image lacks. */
function realImageOf({ image, build, command, entrypoint }: JsonMap): (typeof realImages)[string] | undefined {
  const [repository = ""] = (textOf(image) ?? "").replace(/^docker\.io\//, "").split(/[:@]/);
  const name = repository.replace(/^library\//, "");
  const isPlain = build === undefined && listOf(command).length === 0 && listOf(entrypoint).length === 0;
  return isPlain && Object.hasOwn(realImages, name) ? realImages[name] : undefined;
}

function knownPorts(comparison: Comparison, service: string, { ports, expose }: JsonMap): Port[] {
  const published = listOf(ports).map((entry) => {
    const { target, protocol } = mapOf(entry);
    return `${textOf(target) ?? ""}/${textOf(protocol) ?? "tcp"}`;
  });
  const exposed = listOf(expose).map((entry) => textOf(entry) ?? "");
  const settings = configured(comparison, "services", service);
  const port = isMap(settings) ? settings["port"] : undefined;
  const own = typeof port === "number" ? [String(port)] : [];
  const all = new Set([...published, ...exposed, ...own].flatMap(portsOf));
  return [...all].map(portOf);
}

/** The ports of an entry such as `53/udp` or `7000-7002`. */
function portsOf(text: string): string[] {
  const [range = "", protocol = "tcp"] = text.split("/");
  const [first = "", last = first] = range.split("-");
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => `${Number(first) + index}/${protocol}`);
}

function portOf(text: string): Port {
  const [number = "", protocol] = text.split("/");
  return { number, protocol: protocol === "udp" ? "udp" : "tcp" };
}

/** The first words of everything that the engine would execute in the container. */
function programsOf({ entrypoint, command, healthcheck }: JsonMap): string[] {
  const [kind, check] = listOf(mapOf(healthcheck)["test"]).map((word) => textOf(word) ?? "");
  const checks = kind === "CMD" && check !== undefined ? [check] : [];
  const starts = [entrypoint, command].flatMap((words) => listOf(words).slice(0, 1)).map((word) => textOf(word) ?? "");
  return [...starts, ...checks].filter((word) => /^\/?[\w.][\w./-]*$/.test(word));
}
