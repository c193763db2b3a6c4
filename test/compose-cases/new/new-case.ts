import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { z } from "zod";
import type { Command } from "../../../cli/commands/command.ts";
import { newStack } from "../../../cli/commands/new.ts";
import { render } from "../../../cli/commands/render.ts";
import { imagesToLock } from "../../../config/images/lock.ts";
import { readOfflineImages } from "../../../config/offline.ts";
import { readProjectFiles, readStackFiles } from "../../../config/stack-files.ts";
import { isList, isMap, parseJson } from "../../../model/json.ts";
import { describeProblem, UserError } from "../../../model/problem.ts";
import { imageLockText } from "../../../model/stack/images/lock.ts";
import { CasePlace } from "../case/place.ts";

/** What a new user has to do for a case between `slipway new` and a `slipway render` that succeeds. */
export type NewResult =
  | { readonly kind: "nothing" }
  /** To write the values that `new` asks for, each by its key. */
  | { readonly kind: "values"; readonly keys: readonly string[] }
  /** To change files, as `new` said as well: these are the messages of `render`, and those that `new` did not print. */
  | { readonly kind: "changes"; readonly messages: readonly string[]; readonly untold: readonly string[] };

const stack = "production";
const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const environment = { PATH: process.env["PATH"] };

/** Does with a case what a new user would do, and with the values of the user who configured it. */
export async function runNew(name: string, cases: string): Promise<NewResult> {
  using place = new NewPlace(name, cases);
  const said = await output(newStack, place.folder, place.words);
  await place.writeDigests();
  const first = await rendered(place.folder);
  if (first.length === 0) return { kind: "nothing" };
  const keys = place.fill(said);
  await place.writeDigests();
  const second = await rendered(place.folder);
  if (second.length === 0) return { kind: "values", keys };
  // The digests are made up, and a lock writes the tag that a name lacks.
  const plain = (line: string): string => line.replaceAll(`@${digest}`, "").replaceAll(":latest'", "'").trim();
  const lines = said.split("\n").map(plain);
  const messages = second.map(plain);
  return { kind: "changes", messages, untold: messages.filter((message) => !lines.includes(message)) };
}

class NewPlace implements Disposable {
  readonly folder: string;
  /** The compose files of the case, where they have no usual name. */
  readonly words: readonly string[];
  readonly #temporary = mkdtempSync(join(tmpdir(), "slipway-new-case-"));
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(name: string, cases: string) {
    using configured = new CasePlace(name, cases);
    const { texts } = readStackFiles(readProjectFiles(configured.repository), stack);
    const values = parseJson(texts["variables"] ?? "");
    this.#values = isMap(values) ? values : {};
    const compose = parseJson(texts["compose"] ?? "") ?? texts["compose"] ?? [];
    this.words = (isList(compose) ? compose : [compose]).flatMap((file) => ["--compose", String(file)]);
    this.folder = join(this.#temporary, name);
    cpSync(join(cases, name), this.folder, { recursive: true, verbatimSymlinks: true });
    for (const file of ["Pulumi.yaml", `Pulumi.${stack}.yaml`, "release.json"]) {
      rmSync(join(this.folder, file), { force: true });
    }
    execFileSync("git", ["-C", this.folder, "init", "--quiet"]);
    execFileSync("git", ["-C", this.folder, "add", "--force", "."]);
  }

  /** Writes made-up digests for all images, as `slipway lock` and `slipway release` would. */
  async writeDigests(): Promise<void> {
    const read = await readOfflineImages({ folder: this.folder, stack, environment });
    if (read.stack === undefined) return;
    const { platforms } = read.draft;
    const locked = imagesToLock(read.draft, read.stack).map(({ name }) => [name, { digest, platforms }] as const);
    writeFileSync(join(this.folder, "slipway.lock"), imageLockText(Object.fromEntries(locked)));
    const released = read.stack.services.filter(({ imageFrom }) => imageFrom === "release");
    const images = Object.fromEntries(released.map(({ name }) => [name, `registry.example/built@${digest}`]));
    writeFileSync(join(this.folder, "release.json"), JSON.stringify({ version: "1", images }));
  }

  /** Writes the values for which `new` asked, and nothing else; returns their keys. */
  fill(said: string): string[] {
    const keys = [...said.matchAll(/^ {2}((?:variables|secrets)\.\S+): /gm)].map(([, key = ""]) => key);
    const file = join(this.folder, `Pulumi.${stack}.yaml`);
    const project = z.string().parse(/^ {2}(\S+):host:$/m.exec(readFileSync(file, "utf8"))?.[1]);
    const secrets = keys.flatMap((key) => /^secrets\.(.+)$/.exec(key)?.[1] ?? []);
    const filled = readFileSync(file, "utf8").replace(
      /^( {4}(\S+)): CHANGEME$/gm,
      (_line, start: string, name: string) => {
        const value = this.#values[name];
        return `${start}: ${JSON.stringify(typeof value === "string" ? value : `value-of-${name.toLowerCase()}`)}`;
      },
    );
    const encrypted = secrets.map((name) => `    ${name}: { secure: "v1:${name}" }\n`).join("");
    writeFileSync(file, encrypted === "" ? filled : `${filled}\n  ${project}:secrets:\n${encrypted}`);
    return keys;
  }

  [Symbol.dispose](): void {
    rmSync(this.#temporary, { recursive: true });
  }
}

/** The messages with which `slipway render` refuses a stack; none if it succeeds. */
async function rendered(folder: string): Promise<string[]> {
  try {
    await output(render, folder, []);
    return [];
  } catch (error) {
    if (error instanceof UserError) return error.problems.map(describeProblem);
    throw error;
  }
}

async function output(command: Command, folder: string, words: readonly string[]): Promise<string> {
  const written = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  try {
    await command.run({ folder, stack, stacks: [stack], words, environment });
    return written.mock.calls.map(([text]) => String(text)).join("");
  } finally {
    written.mockRestore();
  }
}
