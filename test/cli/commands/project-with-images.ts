import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { vi } from "vitest";
import type { Command } from "../../../cli/commands/command.ts";

/** A project whose compose file names images of one registry. Nothing but that is configured. */
export class ProjectWithImages {
  readonly folder = mkdtempSync(join(tmpdir(), "slipway-images-"));

  constructor(composeFile: string, stacks: Readonly<Record<string, string>> = { staging: "" }) {
    this.write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    for (const [stack, config] of Object.entries(stacks)) this.write(`Pulumi.${stack}.yaml`, `config:\n${config}`);
    this.write("compose.yaml", composeFile);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  /** Runs a command that succeeds, without any variable but these, and gives what it prints. */
  async run(command: Command, words: readonly string[] = [], environment: NodeJS.ProcessEnv = {}): Promise<string> {
    const written = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    try {
      const own = { HOME: this.folder, ...environment };
      const code = await command.run({ folder: this.folder, stack: undefined, stacks: [], words, environment: own });
      if (code !== 0) throw new Error(`${command.name}: ended with ${String(code)}`);
      return written.mock.calls.map(([text]) => String(text)).join("");
    } finally {
      written.mockRestore();
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
