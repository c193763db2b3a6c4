import { isBuiltin } from "node:module";
import { dirname, join, posix, relative, sep } from "node:path";
import type { Rule } from "eslint";
import { checkout } from "../../toolchain/paths.ts";

/** The other zones and the restricted packages that files of a zone may import. */
interface Zone {
  readonly imports: readonly string[];
  readonly packages?: readonly string[];
}

const rooms = [
  "compose",
  "stack",
  "policy",
  "render",
  "document",
  "facts",
  "session",
  "plan",
  "report",
  "migration",
].map((room) => `model/${room}`);
const model = ["model", ...rooms];

const files = "node:fs";
const processes = "node:child_process";
const pulumi = "@pulumi/";

/** Packages with which a file reaches networks, other threads or this machine's Docker engine. */
const network = [
  "node:net",
  "node:http",
  "node:http2",
  "node:https",
  "node:tls",
  "node:dgram",
  "node:dns",
  "node:worker_threads",
  "node:cluster",
  "node:module",
  "ssh2",
  "dockerode",
  "@grpc/grpc-js",
];

/** Packages that only some folders may import: all that read files, start processes, connect or talk to the engine. */
const restricted: readonly string[] = [files, processes, pulumi, ...network];

/** The zone of one of model's rooms, which may import those before it. */
function zoneOfRoom(room: string): Zone {
  return { imports: ["model", ...rooms.slice(0, rooms.indexOf(`model/${room}`))] };
}

/**
 * The zones of the product, by folder; a zone includes the folders below it that have none of their own. Data flows one
 * way, so no import goes up. What has no zone may import anything: `index.ts`, `early-program.ts` and `sdk.ts`, which
 * put the product together, and test/, demo/ and bench/, which drive it from outside, with test servers. ci/ holds no
 * TypeScript.
 */
const zones: Readonly<Record<string, Zone>> = {
  model: { imports: [] },
  "model/compose": { imports: ["model"] },
  "model/stack": zoneOfRoom("stack"),
  "model/policy": zoneOfRoom("policy"),
  "model/render": { imports: ["model", "model/compose", "model/stack"] },
  // These know no stack: documents, facts and the rules about them are also the server's own code.
  "model/document": { imports: ["model"] },
  "model/facts": { imports: ["model", "model/document"] },
  "model/session": { imports: ["model", "model/facts"] },
  "model/plan": zoneOfRoom("plan"),
  "model/report": zoneOfRoom("report"),
  // Judges the SQL of teams, and knows no stack.
  "model/migration": { imports: ["model"] },
  host: {
    imports: ["model", "model/document", "model/facts", "model/session"],
    packages: [files, processes, ...network],
  },
  process: { imports: [], packages: [files, processes] },
  secrets: { imports: ["model", "model/policy", "model/stack", "process"], packages: [files] },
  config: { imports: [...model, "secrets", "process"], packages: [files] },
  // Reads registries of images; it starts Docker's credential helpers, by process/.
  registry: {
    imports: ["model", "model/stack", "model/facts", "process"],
    packages: [files, "node:http", "node:https", "node:tls"],
  },
  // Caches and the lock file, which tells the Node of servers, are the toolchain's.
  remote: { imports: [...model, "process", "toolchain"], packages: [files, processes, "node:net"] },
  components: { imports: ["model", "model/document", "model/facts", "model/plan"], packages: [pulumi] },
  cli: {
    imports: [
      "model",
      "model/stack",
      "model/facts",
      "model/session",
      "model/report",
      "model/migration",
      "secrets",
      "config",
      "registry",
      "toolchain",
      "remote",
      "process",
    ],
    packages: [files, processes, "node:net"],
  },
  toolchain: { imports: ["process", "model"], packages: [files, processes, pulumi, ...network] },
};

/** The files with more than their zone. */
const exceptions: Readonly<Record<string, readonly string[]>> = {
  "config/load.ts": [pulumi],
  // Node's check of an IP address is in there.
  "config/schema/value.ts": ["node:net"],
  // It reads the schema inside of the package dclint, which exports no path to it.
  "config/schema/compose-specification.ts": ["node:module"],
};

/** The reason why a file may not import a module; undefined if it may. */
export function importFault(file: string, specifier: string): string | undefined {
  const own = zoneOf(dirname(file).split(sep).join("/"));
  if (own === undefined) return undefined;
  const [name, zone] = own;
  if (/^(\/|file:|data:)/.test(specifier)) return `${name}/ imports by relative paths and names of packages only`;
  if (!specifier.startsWith(".")) {
    const full = isBuiltin(specifier) && !specifier.startsWith("node:") ? `node:${specifier}` : specifier;
    const asked = restricted.find((one) => within(one, full));
    const allowed = [...(zone.packages ?? []), ...(exceptions[file] ?? [])];
    if (asked === undefined || allowed.includes(asked)) return undefined;
    return `${name}/ does not import ${specifier}`;
  }
  const folder = posix.dirname(posix.join(posix.dirname(file), specifier));
  const [imported] = zoneOf(folder) ?? [];
  if (imported !== undefined && (imported === name || zone.imports.includes(imported))) return undefined;
  return `${name}/ does not import from ${folder === "." ? "the top folder" : `${folder}/`}`;
}

/** Tells whether a module is a package or a part of it; a name with a slash at its end is a scope of packages. */
function within(name: string, specifier: string): boolean {
  return specifier === name || specifier.startsWith(name.endsWith("/") ? name : `${name}/`);
}

/** Finds the zone of a folder, which is that of the nearest folder with one. */
function zoneOf(folder: string): readonly [string, Zone] | undefined {
  for (let name = folder; name !== "."; name = posix.dirname(name)) {
    const zone = zones[name];
    if (zone !== undefined) return [name, zone];
  }
  return undefined;
}

/** Holds each import to the zones above. */
export const zoneRule: Rule.RuleModule = {
  create(context) {
    const file = relative(checkout, context.filename);
    const hasZone = zoneOf(dirname(file).split(sep).join("/")) !== undefined;
    const report = (node: Rule.Node, fault: string): void =>
      context.report({ node, message: `${fault}; ${join("test", "run", "zones.ts")} says what it may` });
    const check = (node: Rule.Node, source: unknown): void => {
      const fault = typeof source === "string" ? importFault(file, source) : undefined;
      if (fault !== undefined) report(node, fault);
    };
    return {
      ImportDeclaration: (node) => check(node, node.source.value),
      ExportNamedDeclaration: (node) => check(node, node.source?.value),
      ExportAllDeclaration: (node) => check(node, node.source.value),
      ImportExpression: (node) => {
        if (node.source.type === "Literal") check(node, node.source.value);
        else if (hasZone) report(node, "an import must name its module, so that its zone can be checked");
      },
      // Types and the older forms of imports, which the rule's own types do not know.
      "TSImportType > TSLiteralType > Literal, TSImportType > Literal": (node: Rule.Node) => check(node, valueOf(node)),
      "TSExternalModuleReference > Literal": (node: Rule.Node) => check(node, valueOf(node)),
      "CallExpression[callee.name='require'] > Literal": (node: Rule.Node) => check(node, valueOf(node)),
    };
  },
};

function valueOf(node: Rule.Node): unknown {
  return node.type === "Literal" ? node.value : undefined;
}
