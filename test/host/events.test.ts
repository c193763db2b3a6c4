import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { staging } from "./answer.ts";
import { dockerCalls, scriptDocker } from "./docker-script.ts";
import { LocalHost } from "./host-program.ts";

let host: LocalHost;
beforeEach(() => {
  host = new LocalHost();
});
afterEach(() => {
  host.remove();
});

/** Sets an engine that reports these events of containers, and then nothing for a long time. */
function tell(...words: readonly string[]): void {
  scriptDocker(host, `echo $$ >${join(host.folder, "listener")}\n${words.join("\n")}\nexec sleep 1000`);
}

/** Runs a piece of the program, which would wait for minutes without an event unless it sets another limit. */
async function waits(script: string): Promise<string> {
  return (await host.source(staging, `events_patience=600 events_life=600\n${script}`)).stdout;
}

function listens(): boolean {
  try {
    return process.kill(Number(readFileSync(join(host.folder, "listener"), "utf8")), 0);
  } catch {
    return false;
  }
}

describe("a wait for a container", () => {
  it("ends at the first event of the container, once for several at the same time", async () => {
    tell("echo die", "echo start", "echo health_status");
    expect(
      await waits('events_await app; IFS= read -r -t 0.3 -u "$events_fd" word || echo "no more"; events_end'),
    ).toBe("no more\n");
    expect(dockerCalls(host)).toEqual(["events --filter"]);
  });

  it("ends after a while without an event", async () => {
    tell();
    expect(await waits("events_patience=0.1; events_await app; events_await app; echo looks; events_end")).toBe(
      "looks\n",
    );
    expect(dockerCalls(host)).toEqual(["events --filter"]);
  });

  it("starts again if the engine ends its events", async () => {
    scriptDocker(host, "exit 1");
    expect(await waits("events_await app; events_await app; echo looks")).toBe("looks\n");
    expect(dockerCalls(host)).toEqual(["events --filter", "events --filter"]);
  });

  it("holds its locks alone, and frees them at its end", async () => {
    tell("echo start");
    const lock = join(host.folder, "lock");
    expect(
      await waits(`exec 7<>${lock}; flock 7; events_await app; exec 7>&-; flock -n ${lock} echo free; events_end`),
    ).toBe("free\n");
  });

  it.each([
    { how: "is well", script: "events_end" },
    { how: "fails", script: "journal() { :; }; folder=none verb_step='compose apply'; trap verb_failed EXIT; exit 1" },
  ])("leaves no listener when it $how", async ({ script }) => {
    tell("echo start");
    await waits(`events_await app; ${script}`);
    await host.waitUntil(() => !listens());
  });
});
