import { messageOf, UserError } from "../../model/problem.ts";
import { executableOnPath } from "../../process/executable.ts";
import { ageKeyVariables, readAgeKeys } from "../../secrets/age/key.ts";
import { lookForTools, type Look } from "../../toolchain/look.ts";
import { attemptTools } from "../../toolchain/toolchain.ts";
import { deployTools } from "../../toolchain/tools.ts";
import { missing, type Finding } from "../finding.ts";
import { log } from "../output.ts";
import { openKeys, type Keys } from "../ssh/keys.ts";
import { openStackKeys } from "../ssh/stack-keys.ts";
import type { Call } from "../commands/command.ts";

/** The findings on this machine, and what the other checks need of it. */
interface Machine {
  readonly findings: readonly Finding[];
  /** All tools of a deployment are present. */
  readonly hasTools: boolean;
  /** The keys that open the servers, to be closed; undefined if there are none. */
  readonly keys: Keys | undefined;
}

/** Programs that slipway starts, with the packages of Debian that have them. OpenSSH's are asked for with the keys. */
const programs = { git: "git", flock: "util-linux", gzip: "gzip" } as const;

/** Checks this machine. A tool that is missing is not installed. */
export async function checkMachine(call: Call): Promise<Machine> {
  const { environment } = call;
  const looks = await lookForTools(deployTools);
  const present = looks.flatMap((look) => ("installed" in look ? [look.tool] : []));
  await attemptTools(present, log); // links them into this checkout
  const { finding, keys } = await keysOf(call);
  const findings = [
    ...programFindings(environment),
    ...looks.map(toolFinding),
    finding,
    ...(await ageKeys(environment)),
  ];
  return { findings, hasTools: present.length === deployTools.length, keys };
}

function programFindings({ PATH }: NodeJS.ProcessEnv): readonly Finding[] {
  return Object.entries(programs).map(([thing, debian]): Finding => {
    const path = executableOnPath(thing, PATH);
    if (path !== undefined) return { state: "ok", thing, said: path };
    const todo = `install it (${debian} on Debian)`;
    return { state: "missing", thing, said: "there is no such program on PATH", todo };
  });
}

function toolFinding(look: Look): Finding {
  const thing = `${look.tool.name} ${look.tool.version}`;
  if ("installed" in look) {
    const { origin, detail } = look.installed;
    return { state: "ok", thing: look.tool.name, said: `${look.installed.version}, ${origin} (${detail})` };
  }
  if ("problem" in look) return missing(look.problem);
  const todo = "`npm run toolchain` gets it now, or the next deployment";
  if ("source" in look) return { state: "warning", thing, said: `is not there yet (source: ${look.source})`, todo };
  return { state: "unknown", thing, said: `is asked for by ${look.waitsFor}, which is not there yet`, todo };
}

async function keysOf(call: Call): Promise<{ finding: Finding; keys: Keys | undefined }> {
  const thing = "key of the servers";
  try {
    const keys = call.stack === undefined ? await openKeys(call.environment) : await openStackKeys(call);
    const isNeeded = keys.environment["SSH_AUTH_SOCK"] !== undefined;
    const said = isNeeded ? "is in an ssh-agent" : "is not needed, since the server is this machine";
    return { finding: { state: "ok", thing, said }, keys };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const [{ path, what, todo } = { path: thing, what: messageOf(error), todo: "" }] = error.problems;
    return { finding: { state: "missing", thing, said: `${path} ${what}`, todo }, keys: undefined };
  }
}

async function ageKeys(environment: NodeJS.ProcessEnv): Promise<readonly Finding[]> {
  const thing = "age key";
  const { keys, problems } = await readAgeKeys(environment);
  if (problems.length > 0) return problems.map(missing);
  if (keys !== undefined) return [{ state: "ok", thing, said: `${keys.recipients.length} in ${keys.variable}` }];
  // Whether an environment needs one is said with its variables.
  return [{ state: "ok", thing, said: `none is given by ${ageKeyVariables.join(", ")}` }];
}
