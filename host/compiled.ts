/**
 * Starts the program with what V8 compiled of it before. Node's own cache holds no function that runs only later, and
 * to compile those takes a fifth of an observation. This file lies in the program's, behind the function `program`,
 * which is all the rest (`remote/bundle.ts`).
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Script } from "node:vm";

type Program = (exports: unknown, require: NodeJS.Require, module: NodeJS.Module, filename: string) => void;

declare const program: Program;

/** Node's cache has the same folder. */
const folder = process.env["NODE_COMPILE_CACHE"];

const source = `(${program.toString()})`;

const sumLength = 32;

run();

function run(): void {
  const file = folder === undefined ? undefined : join(folder, `${basename(__filename)}.${process.version}`);
  const cachedData = file === undefined ? undefined : readCompiled(file);
  const script = new Script(source, { filename: __filename, ...(cachedData && { cachedData }) });
  const isKept = cachedData !== undefined && script.cachedDataRejected !== true;
  if (file !== undefined && !isKept && process.argv[2] === "attend") process.once("exit", () => keep(script, file));
  const start: unknown = script.runInThisContext();
  if (isProgram(start)) start(exports, require, module, __filename);
}

function isProgram(value: unknown): value is Program {
  return typeof value === "function";
}

/** What is kept of this very source, in a file that root alone writes; undefined if there is no such file. */
function readCompiled(file: string): Buffer | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW);
    const { uid, mode } = fstatSync(fd);
    if (uid !== process.getuid?.() || (mode & 0o077) !== 0) return undefined;
    const kept = readFileSync(fd);
    const compiled = kept.subarray(sumLength);
    return sumOf(compiled).equals(kept.subarray(0, sumLength)) ? compiled : undefined;
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Keeps what was compiled, at the end of a process that has used most of the program. */
function keep(script: Script, file: string): void {
  const draft = `${file}.${process.pid}`;
  try {
    const compiled = script.createCachedData();
    writeFileSync(draft, Buffer.concat([sumOf(compiled), compiled]), { mode: 0o600, flag: "wx" });
    renameSync(draft, file);
  } catch {
    rmSync(draft, { force: true }); // the disk is full: the next process compiles it again
  }
}

/** A cut or altered file, or one of another source, has another sum: V8 itself compares only the source's length. */
function sumOf(compiled: Uint8Array): Buffer {
  return createHash("sha256").update(source).update(compiled).digest();
}
