import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import { Failure } from "../../host/failure.ts";
import { LogFile } from "../../host/log-file.ts";
import { Messages } from "../../host/messages.ts";

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "slipway-messages-"));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

/** A reader that takes nothing until it is told to. */
class Reader extends Writable {
  readonly heard: string[] = [];
  #goOn: (() => void) | undefined;

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.heard.push(chunk.toString());
    this.#goOn = done;
  }

  goOn(): void {
    this.#goOn?.();
  }
}

describe("what a process tells people", () => {
  it("is one line each, in which nothing breaks the line or steers a terminal (SEC-C3)", () => {
    const reader = new Reader();
    new Messages(reader).say("files", "keeps 'a\nb\u001b[2J\u202e'");
    expect(reader.heard).toEqual(["files: keeps 'a\\nb\\u001b[2J\\u202e'\n"]);
  });

  it("is dropped beyond a megabyte that nobody reads, but not in the log", () => {
    const path = join(folder(), "log");
    const reader = new Reader();
    const messages = new Messages(reader, new LogFile(path));
    for (let index = 0; index < 20; index += 1) messages.say("files", `${index} ${"x".repeat(99_000)}`);
    expect(reader.writableLength).toBeLessThan(1_000_000);
    expect(reader.writableLength).toBeGreaterThan(900_000);
    expect(readFileSync(path, "utf8") + readFileSync(`${path}.1`, "utf8")).toMatch(/files: 19 x/);
  });

  it("is a Failure's phase and message; the stack of a defect goes to the log alone", () => {
    const path = join(folder(), "log");
    const reader = new Reader();
    const messages = new Messages(reader, new LogFile(path));
    messages.fail(new Failure("images", "is bad; mend it"));
    reader.goOn();
    messages.fail(new TypeError("x is undefined"));
    reader.goOn();
    expect(reader.heard).toEqual(["images: is bad; mend it\n", "slipway: x is undefined\n"]);
    const log = readFileSync(path, "utf8").trim().split("\n");
    expect(log).toHaveLength(3);
    expect(log.at(-1)).toMatch(/^\d{4}-\S+Z \d+ TypeError: x is undefined\\n +at .*messages\.test\.ts/);
  });

  it("is kept in a log that starts again beyond a megabyte", () => {
    const path = join(folder(), "log");
    writeFileSync(path, "x".repeat(1_000_001));
    new LogFile(path).add("images: pulls 3 of 4");
    expect(readFileSync(path, "utf8")).toMatch(/^\S+Z \d+ images: pulls 3 of 4\n$/);
    expect(readFileSync(`${path}.1`, "utf8")).toHaveLength(1_000_001);
  });

  it("makes no folder for a stack that nothing was installed for, and never fails", () => {
    const made = folder();
    new LogFile(join(made, "none", "log")).add("line");
    expect(existsSync(join(made, "none"))).toBe(false);
    mkdirSync(join(made, "log"));
    expect(() => new LogFile(join(made, "log")).add("line")).not.toThrow();
  });
});

describe("a process whose outputs nobody reads", () => {
  const script = `import { Messages } from ${JSON.stringify(new URL("../../host/messages.ts", import.meta.url).href)};
    import { Output } from ${JSON.stringify(new URL("../../host/output.ts", import.meta.url).href)};
    import { writeFileSync } from "node:fs";
    const messages = new Messages(process.stderr);
    const output = new Output(process.stdout);
    for (let n = 0; n < 30; n += 1) {
      messages.say("files", "x".repeat(100_000));
      output.write("y".repeat(100_000));
      await new Promise((resolve) => setImmediate(resolve));
    }
    writeFileSync(process.argv[1], "done");
    await messages.end();
    await output.flush();
    process.exit(3);`;

  // sshd gives a command pipes or pairs of sockets, depending on how it was built. Node itself gives pairs of sockets.
  it("works on and ends by itself if they are sockets", async () => {
    const mark = join(folder(), "mark");
    const words = ["--input-type=module", "-e", script, mark];
    const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "pipe"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    expect(await once(child, "exit")).toEqual([3, null]);
    expect(readFileSync(mark, "utf8")).toBe("done");
  });

  it("works on and ends by itself if they are pipes", async () => {
    const mark = join(folder(), "mark");
    const fifo = join(folder(), "fifo");
    const command = `mkfifo "$1"; exec 3<>"$1"; "$2" --input-type=module -e "$3" "$4" >&3 2>&3`;
    const child = spawn("sh", ["-c", command, "sh", fifo, process.execPath, script, mark], { stdio: "ignore" });
    onTestFinished(() => void child.kill("SIGKILL"));
    expect(await once(child, "exit")).toEqual([3, null]);
    expect(readFileSync(mark, "utf8")).toBe("done");
  });
});
