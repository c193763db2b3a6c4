import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { Document } from "../../../model/document/document.ts";
import { isMap, mapOf, type Json, type JsonMap } from "../../../model/json.ts";
import { addressPlaceholder } from "../../../model/placeholders.ts";
import { serverFiles, shownColour } from "../../../model/report/server-files.ts";
import { omit } from "../../../model/compose/value.ts";
import { documentsOf, type HostPlan, type Plan } from "../../../model/plan/plan.ts";
import { composeFileOf } from "../../../model/server-places.ts";
import { serviceInColour } from "../../../model/colour.ts";
import type { Compose, ComposeResult } from "./compose.ts";
import type { CasePlace } from "./place.ts";
import { secretEntries, wordOf, type SecretEntry } from "./server.ts";

/** One compose project that a server would get, as Compose reads it there. */
export interface ServerPart {
  /** The name of its document. */
  readonly name: string;
  readonly kind: "shared" | "proxy" | "release" | "migration";
  /** The place of its document: documents are applied in this order. */
  readonly order: number;
  readonly project: string;
  /** The folder of its compose file on the server. */
  readonly directory: string;
  readonly json: JsonMap;
  /** The developers' names by those in the compose file. */
  readonly names: ReadonlyMap<string, string>;
  /** What the document says beside the compose file. */
  readonly body: Document["body"];
}

/** Everything that a server would get, as Compose and Traefik read it there. */
export interface ServerView {
  readonly parts: readonly ServerPart[];
  /** What Compose says of each file that it refuses. */
  readonly refusals: readonly string[];
  /** The networks that exist beside the projects, by real name, with the attributes of each. */
  readonly networks: ReadonlyMap<string, JsonMap>;
  /** The volumes that are made beside the projects, by real name, as Compose would write each; folders by path. */
  readonly volumes: ReadonlyMap<string, JsonMap>;
  /** Traefik's files; undefined without a proxy. */
  readonly traefik: { readonly static: JsonMap; readonly routes: JsonMap } | undefined;
  readonly secrets: ReadonlyMap<string, SecretEntry>;
}

const map = z.record(z.string(), z.json());

/** Reads what was written to the stand-in of a server as the server itself would. */
export async function readServer(
  place: CasePlace,
  plan: HostPlan,
  stack: Plan["stack"],
  compose: Compose,
): Promise<ServerView> {
  const documents = documentsOf(plan).map(({ document }) => document);
  const read = await Promise.all(
    documents.map(async (document, order) => ({
      document,
      order,
      result: document.body["compose"] === undefined ? undefined : await readProject(place, document, compose),
    })),
  );
  const parts = read.flatMap(({ document, order, result }) =>
    result !== undefined && "json" in result ? [partOf(document, order, movedBack(place, result.json), stack)] : [],
  );
  return {
    parts,
    refusals: read.flatMap(({ document, result }) =>
      result !== undefined && "refusal" in result ? [`${document.resource}: ${result.refusal}`] : [],
    ),
    networks: networksOf(documents),
    volumes: new Map(documents.flatMap(({ kind, body }) => (kind === "volume" ? [volumeEntry(body)] : []))),
    traefik: traefikOf(plan),
    secrets: new Map(secretEntries(plan).map((entry) => [entry.path, entry] as const)),
  };
}

/** Lets Compose read a project's file, whose absolute paths are moved below the stand-in. */
async function readProject(place: CasePlace, document: Document, compose: Compose): Promise<ComposeResult> {
  const { directory, project } = placeOf(document);
  const folder = join(place.server, directory);
  const root = wordOf(document.body["directory"]);
  const file = composeFileOf(document.body);
  const moved = readFileSync(join(folder, file), "utf8").replaceAll(root, `${place.server}${root}`);
  writeFileSync(join(folder, `moved-${file}`), moved);
  // Without an env file of its own Compose would take the one that it finds.
  const envFile = "env" in document.body ? join(folder, ".env") : "/dev/null";
  return await compose.config({ folder, files: [`moved-${file}`], project, envFile });
}

function placeOf({ kind, body }: Document): { readonly directory: string; readonly project: string } {
  const [directory, project] = [wordOf(body["directory"]), wordOf(body["project"])];
  if (kind !== "rollout") return { directory, project };
  return { directory: `${directory}/${shownColour}`, project: `${project}-${shownColour}` };
}

function movedBack({ server }: CasePlace, json: JsonMap): JsonMap {
  return map.parse(JSON.parse(JSON.stringify(json).replaceAll(server, "")));
}

function partOf(document: Document, order: number, json: JsonMap, { services }: Plan["stack"]): ServerPart {
  const { resource: name, kind, body } = document;
  const inColour = new Map(services.map((service) => [serviceInColour(service.name, shownColour), service.name]));
  const own = Object.keys(mapOf(json["services"]));
  const names = new Map(own.map((one) => [one, kind === "rollout" ? (inColour.get(one) ?? one) : one] as const));
  const part = kind === "rollout" ? "release" : kind === "migration" ? "migration" : undefined;
  return {
    name,
    kind: part ?? (name === "proxy" ? "proxy" : "shared"),
    order,
    ...placeOf(document),
    json: withJoins(json, body),
    names,
    body,
  };
}

/** The networks of all documents that make some. An entry is a name, or a map with what the network is besides. */
function networksOf(documents: readonly Document[]): Map<string, JsonMap> {
  const bodies = documents.filter(({ kind }) => kind === "networks").map(({ body }) => body["networks"]);
  return new Map(bodies.flatMap((networks) => Object.entries(isMap(networks) ? networks : {}).map(networkEntry)));
}

/** A network of a document in Compose's form. */
function networkEntry([key, value]: [string, unknown]): [string, JsonMap] {
  if (!isMap(value)) return [key, {}];
  const { ranges, options, attachable, ipv6, ...rest } = omit(map.parse(value), ["prefix"]);
  const config = Object.values(mapOf(ranges)).map((range) => {
    const { subnet, gateway, dynamic, reserved } = mapOf(range);
    return defined({ subnet, gateway, ip_range: dynamic, aux_addresses: reserved });
  });
  return [
    key,
    defined({
      ...rest,
      driver_opts: options,
      attachable: attachable && true,
      enable_ipv6: ipv6 && true,
      ipam: config.length === 0 ? undefined : { config },
    }),
  ];
}

function defined(fields: Readonly<Record<string, Json | undefined>>): JsonMap {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]): [string, Json][] => (value === undefined ? [] : [[key, value]])),
  );
}

/** The places that the containers of a document join beside those of its compose file, as if the file had them. */
function withJoins(json: JsonMap, { joins }: Document["body"]): JsonMap {
  if (!isMap(joins)) return json;
  const joined = map.parse(joins);
  const names = Object.values(joined).flatMap((networks) => Object.keys(mapOf(networks)));
  const services = Object.entries(mapOf(json["services"])).map(([name, service]): [string, JsonMap] => {
    const places = Object.entries(mapOf(joined[name])).map(([network, join]): [string, JsonMap] => {
      const { aliases, fixed } = mapOf(join);
      const address = fixed === "true" ? { ipv4_address: addressPlaceholder(network) } : {};
      return [network, { ...(typeof aliases === "string" && { aliases: aliases.split(" ") }), ...address }];
    });
    const own = mapOf(service);
    return [
      name,
      places.length === 0 ? own : { ...own, networks: { ...mapOf(own["networks"]), ...Object.fromEntries(places) } },
    ];
  });
  const networks = Object.fromEntries(names.map((name) => [name, { name, external: true }]));
  return { ...json, services: Object.fromEntries(services), networks: { ...mapOf(json["networks"]), ...networks } };
}

function volumeEntry({ volume, making }: Document["body"]): [string, JsonMap] {
  const { driver, options, labels } = map.parse(making ?? {});
  return [
    wordOf(volume),
    {
      ...(driver !== undefined && { driver }),
      ...(options !== undefined && { driver_opts: options }),
      ...(labels !== undefined && { labels }),
    },
  ];
}

function traefikOf(plan: HostPlan): ServerView["traefik"] {
  const read = (end: string): JsonMap[] =>
    serverFiles(plan)
      .filter(({ path, kind }) => kind === "rendered" && path.endsWith(end))
      .map(({ content }) => map.parse(parse(Buffer.from(content).toString("utf8"))));
  const [fixed] = read("/traefik.yaml");
  return fixed && { static: fixed, routes: read("/routes.yaml")[0] ?? {} };
}
