import { dirname, join, posix, relative, sep } from "node:path";
import type { Rule } from "eslint";
import { checkout } from "../../toolchain/paths.ts";

/** What the files of a folder may import beside each other: other folders of ours, each without those below it, and restricted packages. */
interface Zone {
  readonly folders: readonly string[];
  readonly packages?: readonly string[];
}

const rooms = ["compose", "stack", "policy", "render", "document", "facts", "plan", "report"].map(
  (room) => `model/${room}`,
);
const model = ["model", ...rooms];
const secrets = ["source", "contract", "sops", "age"].map((room) => `secrets/${room}`);
const config = ["config", "config/schema"];
const cli = ["cli", "cli/commands", "cli/gitlab", "cli/state", "cli/ssh"];
const toolchain = ["toolchain", "toolchain/cache", "toolchain/tools", "toolchain/sources"];

const files = "node:fs";
const processes = "node:child_process";
const pulumi = "@pulumi/";

/** Packages that only some folders may import: what reads files, starts processes or talks to the engine. */
const restricted: readonly string[] = [files, processes, pulumi];

/** The rooms of model/ from the ground up: each may import what stands before it. */
function floor(room: string): Zone {
  return { folders: ["model", ...rooms.slice(0, rooms.indexOf(`model/${room}`))] };
}

/** For every folder of the product, by path. Data flows one way, so no import goes up; a folder that is not here may import anything. */
export const zones: Readonly<Record<string, Zone>> = {
  model: { folders: [] },
  "model/compose": { folders: ["model"] },
  "model/stack": floor("stack"),
  "model/policy": floor("policy"),
  "model/render": { folders: ["model", "model/compose", "model/stack"] },
  // What travels knows no stack, and what a server answers with and refuses by is also the server's own code.
  "model/document": { folders: ["model"] },
  "model/facts": { folders: ["model", "model/stack", "model/document"] },
  "model/plan": floor("plan"),
  "model/report": floor("report"),
  process: { folders: [], packages: [files, processes] },
  secrets: { folders: [...model, "process"], packages: [files] },
  config: { folders: [...model, ...secrets, ...config, "process"], packages: [files] },
  remote: { folders: [...model, "process"], packages: [files, processes] },
  components: { folders: model, packages: [pulumi] },
  cli: {
    folders: [...model, ...secrets, ...config, ...cli, ...toolchain, "remote", "process"],
    packages: [files, processes],
  },
  toolchain: { folders: [...toolchain, "process", "model"], packages: [files, processes, pulumi] },
};

/** The only file beside components/ that asks the engine for something. */
const exceptions: Readonly<Record<string, readonly string[]>> = { "config/load.ts": [pulumi] };

/** Why a file may not import a module; undefined where it may. */
export function importFault(file: string, specifier: string): string | undefined {
  const found = zoneOf(dirname(file).split(sep).join("/"));
  if (found === undefined) return undefined;
  const [name, zone] = found;
  if (!specifier.startsWith(".")) {
    const asked = restricted.find((one) => specifier.startsWith(one));
    const allowed = [...(zone.packages ?? []), ...(exceptions[file] ?? [])];
    if (asked === undefined || allowed.includes(asked)) return undefined;
    return `${name}/ does not import ${specifier}`;
  }
  const folder = posix.dirname(posix.join(posix.dirname(file), specifier));
  if (folder === name || folder.startsWith(`${name}/`) || zone.folders.includes(folder)) return undefined;
  return `${name}/ does not import from ${folder === "." ? "the top folder" : `${folder}/`}`;
}

/** The zone of the nearest folder that has one; `model` has none for the folders below it. */
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
    const check = (node: Rule.Node, source: unknown): void => {
      const fault = typeof source === "string" ? importFault(file, source) : undefined;
      if (fault !== undefined)
        context.report({ node, message: `${fault}; ${join("test", "run", "zones.ts")} says what it may` });
    };
    return {
      ImportDeclaration: (node) => check(node, node.source.value),
      ExportNamedDeclaration: (node) => check(node, node.source?.value),
      ExportAllDeclaration: (node) => check(node, node.source.value),
      ImportExpression: (node) => check(node, node.source.type === "Literal" ? node.source.value : undefined),
    };
  },
};
