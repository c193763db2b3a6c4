import { spawn, type ChildProcessByStdio } from "node:child_process";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { describe, expect, test, vi } from "vitest";

/** A program in the foreground of a process like slipway's, in a group of its own as a shell would give it. */
class Foreground {
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  #output = "";

  constructor(sameKeystroke: number) {
    const words = [join(import.meta.dirname, "in-foreground.ts"), String(sameKeystroke)];
    const child = spawn(process.execPath, words, { stdio: ["pipe", "pipe", "inherit"], detached: true });
    child.stdout.setEncoding("utf8").on("data", (text: string) => (this.#output += text));
    this.#child = child;
    this.ended = new Promise((resolve) => child.once("close", resolve));
  }

  async says(text: string): Promise<void> {
    await vi.waitUntil(() => this.#output.includes(`${text}\n`), { timeout: 60_000, interval: 10 });
  }

  get output(): string {
    return this.#output;
  }

  signal(signal: NodeJS.Signals, to: "group" | "slipway" = "slipway"): void {
    const { pid = 0 } = this.#child;
    process.kill(to === "group" ? -pid : pid, signal);
  }

  end(code: number): Promise<number | null> {
    this.#child.stdin.write(String(code));
    return this.ended;
  }
}

describe("a program in the foreground", { timeout: 150_000 }, () => {
  test("ends slipway with its exit code", async () => {
    const foreground = new Foreground(0);
    await foreground.says("the program runs");
    expect(await foreground.end(3)).toBe(3);
  });

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("hears SIGINT when slipway gets %s (F119)", async (signal) => {
    const foreground = new Foreground(0);
    await foreground.says("the program runs");
    foreground.signal(signal);
    await foreground.says("the program heard 1");
    expect(await foreground.end(0)).toBe(0);
  });

  test("hears Ctrl-C once, although the terminal sends it to the whole group", async () => {
    const foreground = new Foreground(0);
    await foreground.says("the program runs");
    foreground.signal("SIGINT", "group");
    await foreground.says("slipway heard SIGINT");
    await foreground.says("the program heard 1");
    await foreground.end(0);
    expect(foreground.output).not.toContain("heard 2");
  });

  test("hears a Ctrl-C once that npm passes on again", async () => {
    const foreground = new Foreground(60_000);
    await foreground.says("the program runs");
    foreground.signal("SIGINT");
    await foreground.says("the program heard 1");
    foreground.signal("SIGTERM");
    await foreground.says("slipway heard SIGTERM");
    await foreground.end(0);
    expect(foreground.output).not.toContain("heard 2");
  });

  test("hears SIGTERM once, however often it comes: from a runner, and from the job's shell (F119)", async () => {
    const foreground = new Foreground(0);
    await foreground.says("the program runs");
    foreground.signal("SIGTERM");
    await foreground.says("the program heard 1");
    foreground.signal("SIGHUP");
    await foreground.says("slipway heard SIGHUP");
    await foreground.end(0);
    expect(foreground.output).not.toContain("heard 2");
  });

  test("hears a second Ctrl-C that comes later", async () => {
    const foreground = new Foreground(0);
    await foreground.says("the program runs");
    foreground.signal("SIGINT");
    await foreground.says("the program heard 1");
    foreground.signal("SIGINT");
    await foreground.says("the program heard 2");
    await foreground.end(0);
  });

  test("hears it once when slipway is killed, though slipway has many threads (F85)", async () => {
    const all = Array.from({ length: 10 }, () => new Foreground(0));
    for (const foreground of all) {
      await foreground.says("the program runs");
      foreground.signal("SIGKILL");
    }
    for (const foreground of all) {
      await foreground.says("the program heard 1");
      await foreground.ended;
    }
    expect(all.filter(({ output }) => output.includes("heard 2"))).toEqual([]);
  });
});
