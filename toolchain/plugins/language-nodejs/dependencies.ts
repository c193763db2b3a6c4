import { readFileSync } from "node:fs";
import { join } from "node:path";
import language from "@pulumi/pulumi/proto/language_pb.js";
import { z } from "zod";

const names = z.record(z.string(), z.string()).default({});
const manifest = z.object({ dependencies: names, devDependencies: names });
// The lock file that npm keeps in node_modules.
const installed = z.object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) });

/** The npm packages of a program for `pulumi about`: its direct dependencies, or all of them. */
export function dependencies(programDirectory: string, transitive: boolean): language.GetProgramDependenciesResponse {
  const { packages } = installed.parse(read(join(programDirectory, "node_modules", ".package-lock.json")));
  const { dependencies, devDependencies } = manifest.parse(read(join(programDirectory, "package.json")));
  const direct = new Set(Object.keys({ ...dependencies, ...devDependencies }).map((name) => `node_modules/${name}`));
  const found = Object.entries(packages).filter(([path]) => transitive || direct.has(path));
  return new language.GetProgramDependenciesResponse().setDependenciesList(
    found.map(([path, { version }]) =>
      new language.DependencyInfo().setName(path.replace(/^.*node_modules\//, "")).setVersion(version ?? ""),
    ),
  );
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
