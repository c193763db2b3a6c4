import { isMap, listOf, mapOf, textOf, type JsonMap } from "../../../model/json.ts";
import { configured, jobsOf, originalServices, type Comparison } from "../compare/comparison.ts";

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
  /** The data of a Postgres that a stand-in plays. */
  readonly cluster: { readonly folder: string; readonly major: string } | undefined;
}

/** A port on which a service listens. */
export interface Port {
  readonly number: string;
  readonly protocol: "tcp" | "udp";
}

/** An official image that the test registry has, with its port, and the tags of files for which it stands. */
interface RealImage {
  readonly name: string;
  readonly port: string;
  readonly tags: RegExp;
}

/** Data belongs to one major of Postgres, so that another one would rightly be refused. */
const realImages: Readonly<Record<string, RealImage>> = {
  postgres: { name: "library/postgres:17-alpine", port: "5432", tags: /^(|latest|alpine|17.*)$/ },
  redis: { name: "library/redis:alpine", port: "6379", tags: /^/ },
  nginx: { name: "library/nginx:alpine", port: "80", tags: /^/ },
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
    const plain = { service, ends, own: undefined, programs: [], cluster: undefined };
    if (real !== undefined) return { ...plain, real: real.name, known: [tcp(real.port)] };
    const known = ends ? [] : knownPorts(comparison, service, fields);
    const own = ends ? undefined : tcp(String(7001 + index));
    const programs = [...usualPrograms, ...programsOf(fields)];
    return { service, real: undefined, ends, known, own, programs, cluster: clusterOf(fields) };
  });
}

function tcp(number: string): Port {
  return { number, protocol: "tcp" };
}

/** A real program is started as its image says; a file with words of its own may need what the test image lacks. */
function realImageOf({ image, build, command, entrypoint }: JsonMap): RealImage | undefined {
  const [reference = ""] = (textOf(image) ?? "").replace(/^docker\.io\//, "").split("@");
  const [repository = "", tag = ""] = reference.replace(/^library\//, "").split(":");
  const isPlain = build === undefined && listOf(command).length === 0 && listOf(entrypoint).length === 0;
  const found = isPlain && Object.hasOwn(realImages, repository) ? realImages[repository] : undefined;
  return found?.tags.test(tag) === true ? found : undefined;
}

/** Servers know the data of a Postgres by its files, so a stand-in for one makes them. */
function clusterOf({ image, environment }: JsonMap): Player["cluster"] {
  const [reference = ""] = (textOf(image) ?? "").split("@");
  const [name = "", tag = ""] = (reference.split("/").at(-1) ?? "").split(":");
  const isPostgres = /(^|-)postg(res|is)/.test(name);
  const [major = "17"] = /^\d+/.exec(tag) ?? [];
  const usual = Number(major) < 18 ? "/var/lib/postgresql/data" : `/var/lib/postgresql/${major}/docker`;
  return isPostgres ? { folder: textOf(mapOf(environment)["PGDATA"]) ?? usual, major } : undefined;
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
