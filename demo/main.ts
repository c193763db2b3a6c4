/** `npm run demo`: staging and production of aaperture on a temporary server; `npm run demo:down` removes all of it. */
import { existsSync, rmSync } from "node:fs";
import { duration } from "../toolchain/duration.ts";
import { describeError } from "../model/problem.ts";
import { ensureTools } from "../toolchain/toolchain.ts";
import { deployTools } from "../toolchain/tools.ts";
import { askServices } from "./answers.ts";
import { demoFolder, stacks } from "./paths.ts";
import { writeShellFile } from "./project.ts";
import { answerLines, nextLines, outputLines } from "./report.ts";
import { say, step } from "./say.ts";
import { findServer, removeServer, writeSshFile } from "./server.ts";
import { setUp } from "./set-up.ts";
import { DemoStack } from "./stack.ts";
import { switchUnderLoad } from "./under-load.ts";

try {
  process.exitCode = process.argv[2] === "down" ? await down() : await demo();
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = 1;
}

/**
 * Deploys both stacks, shows their outputs and answers, and switches staging under load, there and back. The exit code
 * is 1 if a service does not answer, or if a request was lost.
 */
async function demo(): Promise<number> {
  const started = performance.now();
  await step(
    "tools; the first time takes about 7 minutes if Pulumi must be built from source",
    () => ensureTools(deployTools, (line) => say(`demo:   ${line}`)),
    (tools) => `${tools.length} tools are present`,
  );
  const found = await findServer();
  const server = found ?? (await setUp());
  writeShellFile(server);
  writeSshFile(server);
  // One after the other: both stacks share the server, which allows one change at a time.
  const environments = stacks.map((stack) => new DemoStack(stack, server));
  const changes: string[] = [];
  for (const environment of environments) changes.push(...(await deploy(environment)));
  const [staging] = environments;
  const lost = found === undefined && staging !== undefined ? await switchUnderLoad(server, staging) : undefined;
  if (lost !== undefined && staging !== undefined) changes.push(...(await deploy(staging)));
  const outputs = await Promise.all(environments.map((environment) => environment.outputs()));
  const answers = await Promise.all(environments.map(({ name }, index) => askServices(server, name, outputs[index])));
  const all = answers.flat();
  [...outputLines(outputs), ...answerLines(all), ...nextLines()].forEach(say);
  const good = all.filter((answer) => answer.good).length;
  const nothing = changes.every((line) => line.endsWith("unchanged")) ? "nothing changed; " : "";
  const requests = lost === undefined ? "" : `, and ${lost} requests were lost by two switches`;
  say(`demo: ${nothing}${good} of ${all.length} services answer${requests} (${duration(performance.now() - started)})`);
  return good === all.length && (lost ?? 0) === 0 ? 0 : 1;
}

/** Deploys a stack, and returns what changed, a line for each kind of change. */
async function deploy(environment: DemoStack): Promise<readonly string[]> {
  const what = `slipway up --stack ${environment.name}; the first time takes about a minute`;
  return await step(
    what,
    () => environment.up(),
    (summary) => summary.join(", "),
  );
}

/** Removes the server and everything that the demo wrote. */
async function down(): Promise<number> {
  const removed = await removeServer();
  const hasFiles = existsSync(demoFolder);
  rmSync(demoFolder, { recursive: true, force: true });
  say(removed || hasFiles ? "demo: removed the server, the stacks and all files" : "demo: there was nothing to remove");
  return 0;
}
