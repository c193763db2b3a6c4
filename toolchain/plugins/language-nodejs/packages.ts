import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import { z } from "zod";

const manifest = z.object({
  name: z.string().optional(),
  version: z.string().optional(),
  pulumi: z
    .object({
      resource: z.boolean().optional(),
      name: z.string().optional(),
      version: z.string().optional(),
      server: z.string().optional(),
    })
    .optional(),
});

/** The provider plugins a program will need: those that the packages in its node_modules name, so that the engine has them before it starts. */
export function requiredPackages(programDirectory: string): plugin.PackageDependency[] {
  return nodeModules(programDirectory).flatMap(packagesBelow).flatMap(provider);
}

/** Folders named node_modules at or below a folder. Hidden folders hold no dependencies of the program. */
function nodeModules(directory: string): string[] {
  return folders(directory).flatMap((folder) => (basename(folder) === "node_modules" ? [folder] : nodeModules(folder)));
}

/** Every package in a node_modules folder, with those nested in it. */
function packagesBelow(modules: string): string[] {
  const scoped = (folder: string) => (basename(folder).startsWith("@") ? folders(folder) : [folder]);
  const packages = folders(modules).flatMap(scoped);
  return packages.flatMap((folder) => [folder, ...nested(join(folder, "node_modules"))]);
}

function nested(modules: string): string[] {
  return folders(modules).length === 0 ? [] : packagesBelow(modules);
}

function folders(directory: string): string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.filter((e) => e.isDirectory() && !e.name.startsWith(".")).map((e) => join(directory, e.name));
  } catch {
    return [];
  }
}

function provider(folder: string): plugin.PackageDependency[] {
  const { name, version, pulumi } = readManifest(folder);
  const pluginName = pulumi?.name ?? name?.replace(/^@pulumi\//, "");
  const pluginVersion = pulumi?.version ?? version;
  if (pulumi?.resource !== true || pluginName === undefined || pluginVersion === undefined) return [];
  return [
    new plugin.PackageDependency()
      .setName(pluginName)
      .setKind("resource")
      .setVersion(`v${pluginVersion.replace(/^v/, "")}`)
      .setServer(pulumi.server ?? ""),
  ];
}

function readManifest(folder: string): z.infer<typeof manifest> {
  try {
    return manifest.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
  } catch {
    return {}; // no package, or one that no provider is in
  }
}
