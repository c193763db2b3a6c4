import { spawn } from "node:child_process";
import { freePort } from "../test/hosts/port.ts";
import { underOpenLoop, type OpenLoopAnswers } from "../test/hosts/open-loop.ts";
import type { TestServer } from "../test/hosts/servers.ts";
import { eventually } from "../test/hosts/condition.ts";
import { sshFile } from "./paths.ts";
import { chooseRelease, versions } from "./project.ts";
import { step } from "./say.ts";
import type { DemoStack } from "./stack.ts";

/** The port on which staging's api is published, for the server alone. */
const apiPort = 18080;

/**
 * Switches a stack to the second release and back while clients ask for it; returns the requests that were lost. The
 * release that was left is held then, and the first one is what the next `slipway up` deploys.
 */
export async function switchUnderLoad(server: TestServer, stack: DemoStack): Promise<number> {
  const port = await freePort();
  const words = ["-F", sshFile, "-N", "-L", `127.0.0.1:${port}:127.0.0.1:${apiPort}`, "server"];
  const tunnel = spawn("ssh", words, { stdio: "ignore" });
  try {
    const url = `http://127.0.0.1:${port}/version`;
    await eventually("the api answers through the tunnel", 20, async () => ((await answers(url)) ? true : undefined));
    chooseRelease(versions.second);
    const there = await move(url, `slipway up --stack ${stack.name}, with release ${versions.second}`, () =>
      stack.up(),
    );
    const back = await move(url, `slipway switch-back --stack ${stack.name}`, () => stack.switchBack());
    return there + back;
  } finally {
    tunnel.kill();
    chooseRelease(versions.first);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

/** Moves the traffic while clients ask, and says what they got; returns the requests that were lost. */
async function move(url: string, what: string, act: () => Promise<unknown>): Promise<number> {
  const [, seen] = await step(
    `${what}, under 20 requests a second`,
    () => underOpenLoop(url, act),
    ([, found]) => lossText(found),
  );
  return lost(seen);
}

function lost({ errors }: OpenLoopAnswers): number {
  return Object.values(errors).reduce((sum, count) => sum + count, 0);
}

function lossText(found: OpenLoopAnswers): string {
  const releases = Object.entries(found.releases).map(([release, count]) => `${count} from ${release}`);
  return `${found.count} requests: ${releases.join(", ")}, ${lost(found)} lost`;
}
