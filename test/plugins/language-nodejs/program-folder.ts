import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";

const started = z.object({
  argv: z.array(z.string()),
  execArgv: z.array(z.string()),
  cwd: z.string(),
  config: z.record(z.string(), z.string()),
  secretKeys: z.array(z.string()),
  typescript: z.string().nullable(),
  pid: z.number(),
});

// A fake of the SDK's script that runs programs: it records how it was started, then does what the entry point says.
const runScript = `
const { renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const argv = process.argv.slice(2);
const { PULUMI_CONFIG, PULUMI_CONFIG_SECRET_KEYS, PULUMI_NODEJS_TYPESCRIPT: typescript = null } = process.env;
const { execArgv, pid } = process;
const [config, secretKeys] = [JSON.parse(PULUMI_CONFIG), JSON.parse(PULUMI_CONFIG_SECRET_KEYS)];
const keep = () => setInterval(() => undefined, 1000);
const acts = {
  end: () => undefined,
  print: () => { console.log("to stdout"); console.error("to stderr"); },
  lines: () => { for (let line = 0; line < 1000; line++) console.log("line " + line); },
  three: () => process.exit(3),
  bail: () => process.exit(32),
  killed: () => process.kill(pid, "SIGKILL"),
  wait: keep,
  ignore: () => { process.on("SIGINT", () => undefined); keep(); },
};

const folder = argv[argv.indexOf("--pwd") + 1];
const record = { argv, execArgv, cwd: process.cwd(), config, secretKeys, typescript, pid };
writeFileSync(join(folder, "record"), JSON.stringify(record));
renameSync(join(folder, "record"), join(folder, "started.json"));
acts[argv.at(-1)]();
`;

/** The folder of a program with a fake SDK. The name of the entry point says what the program does. */
export class ProgramFolder {
  readonly path = mkdtempSync(join(tmpdir(), "slipway-program-"));

  constructor() {
    this.write("node_modules/@pulumi/pulumi/package.json", '{ "name": "@pulumi/pulumi", "version": "3.0.0" }');
    this.write("node_modules/@pulumi/pulumi/cmd/run/index.js", runScript);
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.path, file)), { recursive: true });
    writeFileSync(join(this.path, file), text);
  }

  /** True as soon as the program runs. */
  isStarted(): boolean {
    return existsSync(join(this.path, "started.json"));
  }

  /** The arguments and environment that the program was started with. */
  started(): z.infer<typeof started> {
    return started.parse(JSON.parse(readFileSync(join(this.path, "started.json"), "utf8")));
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}

/** True while a process runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
