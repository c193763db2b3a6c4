import { spawn } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { UserError, describeError } from "../../model/problem.ts";
import { down, readState, serverOf, up, type State } from "./by-hand.ts";
import { tryDocker } from "./engine.ts";
import type { TestServer } from "./servers.ts";

const usage = `usage: npm run hosts -- up [count] [--memory 2g] [--docker-group] [--no-sudo]
       npm run hosts -- ssh <number>[:deploy] [command]
       npm run hosts -- cut|restore|stop-sshd|start-sshd|restart <number>
       npm run hosts -- clock <number> <offset, for example +2d>|reset
       npm run hosts -- fill|empty <number>
       npm run hosts -- status
       npm run hosts -- down`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** The actions on one server, by their names on the command line. */
const actions: Readonly<Record<string, (server: TestServer, argument: string) => Promise<void>>> = {
  cut: (server) => server.cutNetwork(),
  restore: (server) => server.restoreNetwork(),
  "stop-sshd": (server) => server.stopSshd(),
  "start-sshd": (server) => server.startSshd(),
  restart: (server) => server.restart(),
  clock: (server, offset) => (offset === "reset" ? server.resetClock() : server.setClock(offset)),
  fill: (server) => server.fillData(),
  empty: (server) => server.emptyData(),
};

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = 1;
}

async function main([verb = "", ...words]: string[]): Promise<number> {
  if (verb === "up") return await start(words);
  if (verb === "ssh") return await login(words);
  if (verb === "status") return await status();
  if (verb === "down") return await remove();
  const action = actions[verb];
  const [number = "", argument = ""] = words;
  if (action === undefined || number === "") throw failed("the words make no sense", usage);
  await action(serverOf(readState(), Number(number)), argument);
  return 0;
}

async function start(words: string[]): Promise<number> {
  const options = {
    memory: { type: "string" },
    "docker-group": { type: "boolean" },
    "no-sudo": { type: "boolean" },
  } as const;
  const { values, positionals } = parseArgs({ args: words, options, allowPositionals: true });
  const count = Number(positionals[0] ?? "1");
  if (!Number.isInteger(count) || count < 1)
    throw failed(`up needs a number of servers, got "${positionals[0] ?? ""}"`, "use for example up 2");
  await up(count, {
    say,
    dockerGroup: values["docker-group"] === true,
    sudo: values["no-sudo"] !== true,
    ...(values.memory === undefined ? {} : { memory: values.memory }),
  });
  return await status();
}

async function status(): Promise<number> {
  const state = readState();
  for (const line of await describe(state)) say(line);
  return 0;
}

async function describe(state: State): Promise<readonly string[]> {
  const servers = state.servers.map(async ({ container, name, port, networkAddress, hostKey }) => {
    const { stdout } = await tryDocker(["inspect", "--format", "{{.State.Status}}", container]);
    const status = stdout.trim() === "" ? "missing" : stdout.trim();
    return `${name}  ${status}  127.0.0.1:${port}  ${networkAddress}  ${hostKey}`;
  });
  const { address = "none", pushAddress = "none" } = state.registry ?? {};
  return [
    ...(await Promise.all(servers)),
    `registry  ${address} for servers, ${pushAddress} for this machine`,
    `SSH_AUTH_SOCK=${state.identity.agentSocket}`,
  ];
}

/** Opens a shell on a server in the caller's terminal, or runs one command. */
async function login([target = "", ...command]: string[]): Promise<number> {
  const [number = "", user = "root"] = target.split(":");
  if (user !== "root" && user !== "deploy") throw failed(`no such user, got "${user}"`, "use root or deploy");
  const [program = "ssh", ...options] = serverOf(readState(), Number(number)).sshWords(user);
  const child = spawn(program, [...options, ...command], { stdio: "inherit" });
  await once(child, "exit");
  return child.exitCode ?? 1;
}

async function remove(): Promise<number> {
  say((await down()) ? "hosts: removed the servers" : "hosts: no servers were up");
  return 0;
}

function failed(what: string, todo: string): UserError {
  return new UserError({ path: "hosts", what, todo });
}
