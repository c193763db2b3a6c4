import { existsSync, readFileSync, readdirSync, realpathSync, statSync } from "node:fs";
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
  return packagesOf(programDirectory, new Set()).flatMap(provider);
}

/**
 * The folders of all packages that are installed for a folder, and of those that are installed inside of them. What a
 * package holds besides is not looked at: each operation of the engine waits for this.
 */
function packagesOf(directory: string, visited: Set<string>): string[] {
  const real = realpathSync(directory); // linked packages may link back
  if (visited.has(real)) return [];
  visited.add(real);
  const modules = join(directory, "node_modules");
  const names = entriesOf(modules).flatMap((name) =>
    name.startsWith("@") ? entriesOf(join(modules, name)).map((inScope) => join(name, inScope)) : [name],
  );
  const installed = names.map((name) => join(modules, name)).filter(isFolder);
  return installed.flatMap((folder) => [folder, ...packagesOf(folder, visited)]);
}

/** The names in a folder, but hidden ones, which are no packages; none where there is no such folder. */
function entriesOf(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith(".")) : [];
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The provider plugin that a package names; none for other packages. */
function provider(folder: string): plugin.PackageDependency[] {
  const { name, version, pulumi } = readManifest(join(folder, "package.json"));
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
