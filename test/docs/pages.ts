import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../../toolchain/paths.ts";

/** Every page that people read. */
export const pages: readonly string[] = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ...below("docs")];

function below(folder: string): readonly string[] {
  const names = readdirSync(join(checkout, folder), { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".md")).map((name) => join(folder, name));
}

/** Reads a page by its path in the checkout. */
export const read = (page: string): string => readFileSync(join(checkout, page), "utf8");

/** A page without its blocks of code. */
export const proseOf = (page: string): string => page.replaceAll(/^ *```.*?^ *```$/gms, "");
