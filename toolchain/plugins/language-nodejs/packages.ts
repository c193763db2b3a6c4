import { type Dirent, readFileSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import { z } from "zod";

// The `pulumi` block of a package.json describes a provider.
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

/** The provider plugins that a program needs, from the packages in its node_modules. The engine loads them first. */
export function requiredPackages(programDirectory: string): plugin.PackageDependency[] {
  return manifestsBelow(programDirectory, false, new Set()).flatMap(provider);
}

/** Every package.json inside a node_modules folder. Hidden folders are skipped: they hold no dependencies. */
function manifestsBelow(directory: string, inModules: boolean, visited: Set<string>): string[] {
  const real = realpathSync(directory); // linked packages may link back
  if (visited.has(real)) return [];
  visited.add(real);
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.name.startsWith(".")) return [];
    if (isFolder(entry, path)) return manifestsBelow(path, inModules || entry.name === "node_modules", visited);
    return inModules && entry.name === "package.json" ? [path] : [];
  });
}

function isFolder(entry: Dirent, path: string): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The provider plugin that a package names; none for other packages. */
function provider(path: string): plugin.PackageDependency[] {
  const { name, version, pulumi } = readManifest(path);
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

function readManifest(path: string): z.infer<typeof manifest> {
  try {
    return manifest.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return {}; // for example a broken package.json in the tests of some package
  }
}
