import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { vi } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { newStack } from "../../../cli/commands/new.ts";
import { readOffline } from "../../../config/offline.ts";

const config = z.object({ config: z.record(z.string(), z.json()) });
const typed = z.object({ config: z.record(z.string(), z.object({ type: z.string(), default: z.json() })) });

/** A team's repository with files that git tracks, and no configuration yet. */
export class NewApplication implements Disposable {
  readonly folder: string;
  readonly #temporary = mkdtempSync(join(tmpdir(), "slipway-new-"));

  constructor(files: Readonly<Record<string, string>>, { name = "shop" } = {}) {
    this.folder = join(this.#temporary, name);
    mkdirSync(this.folder);
    for (const [path, text] of Object.entries(files)) this.write(path, text);
    execFileSync("git", ["init", "--quiet", this.folder]);
    execFileSync("git", ["-C", this.folder, "add", "--all"]);
  }

  /** Writes a file that git does not track yet. */
  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  has(path: string): boolean {
    return existsSync(join(this.folder, path));
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  /** Runs `slipway new`, and gives what it prints. */
  async new(words: readonly string[] = [], stack?: string, folder = this.folder): Promise<string> {
    const written = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    try {
      const environment = { PATH: process.env["PATH"] };
      await newStack.run({ folder, stack, stacks: [], words, environment });
      return written.mock.calls.map(([text]) => String(text)).join("");
    } finally {
      written.mockRestore();
    }
  }

  /** The keys that Pulumi.yaml got. */
  projectKeys(): Record<string, unknown> {
    const { config: keys } = typed.parse(parse(this.read("Pulumi.yaml")));
    return Object.fromEntries(Object.entries(keys).map(([key, { default: value }]) => [key, value]));
  }

  /** The keys that a stack file got, but for those that each has. */
  stackKeys(stack = "production"): Record<string, unknown> {
    const { config: keys } = config.parse(parse(this.read(`Pulumi.${stack}.yaml`)));
    const own = Object.entries(keys).map(([key, value]) => [key.replace(/^[^:]+:/, ""), value] as const);
    return Object.fromEntries(own.filter(([key]) => !["host", "directory", "project"].includes(key)));
  }

  /** The paths of all that is wrong with a stack offline, but for images without a digest. */
  async problems(stack = "production"): Promise<string[]> {
    const { problems } = await readOffline({ folder: this.folder, stack, environment: {} });
    return problems.map(({ path }) => path).filter((path) => path !== "slipway.lock" && path !== "release.images");
  }

  [Symbol.dispose](): void {
    rmSync(this.#temporary, { recursive: true });
  }
}
