import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { connectionText, type Connection } from "../model/connection.ts";
import type { Observation } from "../model/facts/observation.ts";
import type { ObservationScope } from "../model/facts/scope.ts";
import { messageOf } from "../model/problem.ts";
import { claimFile } from "../model/server-places.ts";
import { runChild } from "../process/child.ts";
import { connect } from "../remote/connect.ts";
import { commandOn, endReason } from "../remote/command/command-on.ts";
import { ServerFault } from "../remote/server-fault.ts";
import { slipwayRoot } from "../remote/slipway-root.ts";
import { checkout } from "../toolchain/paths.ts";
import { countMissing, type Finding } from "./finding.ts";
import { log } from "./output.ts";
import { waits } from "./waits.ts";

/** A server, and the stack for which it is checked. */
export interface CheckedServer {
  readonly connection: Connection;
  /** `project/stack`. */
  readonly stack: string;
  readonly scope: ObservationScope;
  /** Names the agent with the key that opens the server. */
  readonly environment: NodeJS.ProcessEnv;
}

/** The findings on a server, and what was observed there if nothing was missing before. */
interface ServerCheck {
  readonly findings: readonly Finding[];
  readonly observation?: Observation;
}

/**
 * Checks what a server needs before the first run. If all of it is there, it starts the program there, which gets what
 * it lacks for that, and asks for what it observes.
 */
export async function checkServer(server: CheckedServer): Promise<ServerCheck> {
  const findings = await checkBeforeProgram(server);
  if (countMissing(findings) > 0) return { findings };
  const { findings: ofProgram, observation } = await checkProgram(server);
  return { findings: [...findings, ...ofProgram], ...(observation && { observation }) };
}

/** Runs the check on the server, which needs nothing but sh. */
async function checkBeforeProgram({ connection, environment }: CheckedServer): Promise<readonly Finding[]> {
  const helper = createHash("sha256").update(slipwayRoot).digest("hex");
  const stdin = readFileSync(join(checkout, "cli", "server-check.sh"), "utf8");
  const words = commandOn(connection, `sh -s ${helper}`);
  const check = `checks ${connectionText(connection)}`;
  const { code, stdout, stderr } = await waits.during(check, () => runChild(words, { env: environment, stdin }));
  if (code === 0) return stdout.trimEnd().split("\n").map(findingOf);
  const said = stderr.split(/\r?\n/).filter((line) => line !== "");
  const reason = endReason({ code, signal: undefined, said }, connection);
  const todo = reason instanceof ServerFault ? reason.todo : "start the server, or correct its address or port";
  return [{ state: "missing", thing: "login", said: `as ${connectionText(connection)}: ${reason.message}`, todo }];
}

function findingOf(line: string): Finding {
  const [verdict = "", thing = "", said = ""] = line.split("\t");
  return { state: verdict === "ok" ? "ok" : "missing", thing, said };
}

async function checkProgram(server: CheckedServer): Promise<ServerCheck> {
  const { connection, stack, scope, environment } = server;
  let client: Awaited<ReturnType<typeof connect>> | undefined;
  try {
    client = await connect({ connection, stack, environment, say: log, waits });
    const observation = await client.observe(scope);
    return { findings: [{ state: "ok", thing: "program", said: "runs" }, ...damagedClaims(observation)], observation };
  } catch (error) {
    const todo = error instanceof ServerFault ? error.todo : "correct that, and check again";
    return { findings: [{ state: "missing", thing: "program", said: messageOf(error), todo }] };
  } finally {
    await client?.close();
  }
}

function damagedClaims({ claims }: Observation): readonly Finding[] {
  const todo = "it stops every stack of this server; restore it from a backup of the server";
  return claims
    .filter(({ readable }) => !readable)
    .map(({ stack }) => ({ state: "missing", thing: `readable ${claimFile(stack)}`, said: "is damaged", todo }));
}
