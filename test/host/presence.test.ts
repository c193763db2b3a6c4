import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { staging } from "./answer.ts";
import { LocalHost, type LocalRun } from "./host-program.ts";

let host: LocalHost;
let run: LocalRun;

beforeEach(async () => {
  host = new LocalHost();
  run = await host.session(staging, "one");
});
afterEach(async () => {
  await run.end();
  host.remove();
});

/** The exit code and output of a piece of the program, which finds the folder of the run in `$of`. */
async function ask(script: string): Promise<string> {
  const { code, stderr } = await host.source(staging, `of=$(echo "$stack_run"/run.*); ${script}`);
  return `${code ?? "killed"} ${stderr}`;
}

describe("a run", { timeout: 60_000 }, () => {
  it("lives while it holds its lock", async () => {
    expect(await ask('presence_lives "$of"')).toBe("0 ");
    await run.kill("SIGKILL");
    expect(await ask('presence_lives "$of"')).toBe("1 ");
  });

  it.each([
    { what: "if its folder vanishes in between", script: 'flock() { return 66; }; presence_lives "$of"' },
    { what: "if its folder is gone", script: 'presence_lives "$of-gone"' },
  ])("does not live $what", async ({ script }) => {
    expect(await ask(script)).toBe("1 ");
  });

  it("does not end another run's verb when it removes its folder", async () => {
    const touched = await ask('rm -r "$of/touched"; run_touch directory; say verb "goes on"');
    expect(touched).toBe("0 verb: goes on\n");
  });

  it("rejects an object whose touch cannot be stored, since a later delete would remove it", async () => {
    const ended = await ask('mkdir "$of/touched/$(object_name directory)"; run_touch directory; say verb "goes on"');
    expect(ended).toMatch(/^1 run: cannot note in '\S+' that directory was touched; look for a full disk\n$/);
  });
});
