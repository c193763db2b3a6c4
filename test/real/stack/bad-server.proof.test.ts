import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fingerprint } from "../../../remote/ssh.ts";
import { eventually } from "../../hosts/condition.ts";
import type { TestServer } from "../../hosts/servers.ts";
import { createHostKey } from "../../hosts/ssh.ts";
import type { Operation } from "../../pulumi/workspace.ts";
import type { Aaperture } from "./aaperture.ts";
import { AapertureServer } from "./aaperture-server.ts";
import { ServerTrace } from "../session/server-trace.ts";

const long = 600_000;
const megabyte = 1024 ** 2;
/** A folder on a file system that can be filled. */
const directory = "/data/aaperture";
let opened: AapertureServer;
let server: TestServer;
let aaperture: Aaperture;
let where: string;
let otherKey: string;

beforeAll(async () => {
  opened = await AapertureServer.open(["staging"], { dataMiB: 2048 });
  ({ server, aaperture } = opened);
  where = `host: root@${server.networkAddress}:22`;
  otherKey = await createHostKey(join(opened.folder, "other"));
  await aaperture.pulumi(["config", "set", "directory", directory], "staging");
  await aaperture.succeed("preview", "staging", server); // brings the program, so that later runs write nothing
}, long);

afterAll(() => opened.close());

const on = (script: string): Promise<string> => opened.on(script);

/** Runs an operation and lists its messages of one severity, each once. */
async function messagesOf(severity: "error" | "warning", operation: Operation, env: NodeJS.ProcessEnv = {}) {
  const { exitCode, events } = await aaperture.start(operation, "staging", server, [], env).finished;
  const messages = events.messages.filter((message) => message.severity === severity).map(({ text }) => text.trim());
  return { exitCode, messages, changes: events.changes };
}

/** The one message with which `preview` and `up` stop before anything changes. */
async function refusal(env: NodeJS.ProcessEnv = {}): Promise<string> {
  const said: string[] = [];
  for (const operation of ["preview", "up"] as const) {
    const trace = await ServerTrace.begin(server, ["/data"]);
    const { exitCode, messages } = await messagesOf("error", operation, env);
    expect(await trace.changes()).toEqual([]);
    expect(exitCode).not.toBe(0);
    said.push(messages.join("\n"));
  }
  expect(new Set(said).size).toBe(1);
  return said[0] ?? "";
}

/** The message of `up` on a server that does not answer, after a preview that warned of it and went on. */
async function noAnswer() {
  const preview = await messagesOf("warning", "preview");
  expect(preview.exitCode).toBe(0);
  const up = await messagesOf("error", "up");
  expect(up.exitCode).not.toBe(0);
  return { warnings: preview.messages, errors: up.messages, changes: preview.changes };
}

/** Takes all three places for verbs at work, so that each verb of a run waits for one. */
async function holdVerbs(): Promise<void> {
  await on(`install -d -m 0700 /run/slipway && mkfifo /run/held
for slot in 1 2 3; do
  setsid flock /run/slipway/verb-slot-$slot.lock cat /run/held >/dev/null 2>&1 &
  while flock --nonblock /run/slipway/verb-slot-$slot.lock true; do :; done
done`);
}

const letVerbsGo = (): Promise<string> => on(": >/run/held && rm /run/held");

const blind = "this plan was made without having seen the server";
const required = "start it, or correct its address, and run again";

describe("a server that is not ready for slipway", () => {
  test(
    "rejects an engine that does not answer",
    async () => {
      await on("service docker stop");
      expect(await refusal()).toBe(
        "the configuration has problems:\n  - host.address: no Docker engine answers there; start it, " +
          "or install it as `slipway host prepare` prints",
      );
      await on("service docker start");
      await server.ready();
    },
    long,
  );

  test(
    "rejects a file in the place of the directory",
    async () => {
      await on(`echo mine >${directory}`);
      expect(await refusal()).toBe(
        `the configuration has problems:\n  - directory: is not writable on the server, got '${directory}'; ` +
          "choose another folder, or look for a read-only file system or a file of that name",
      );
      expect(await on(`cat ${directory}`)).toBe("mine");
      await on(`rm ${directory}`);
    },
    long,
  );

  test(
    "rejects a directory full of somebody else's files, and leaves its owner and mode (SEC-B4)",
    async () => {
      await on(`install -d -m 0755 -o nobody ${directory} && echo mine >${directory}/index.html`);
      expect(await refusal()).toBe(
        `the configuration has problems:\n  - directory: holds files that slipway did not put there, ` +
          `got '${directory}'; choose a directory that does not exist yet, or an empty one`,
      );
      expect(await on(`stat -c '%U %a' ${directory} && cat ${directory}/index.html`)).toBe("nobody 755\nmine");
      await on(`rm -r ${directory}`);
    },
    long,
  );

  test(
    "rejects a disk that is nearly full, with the free space",
    async () => {
      await server.fillData(100 * megabyte);
      expect(await refusal()).toBe(
        `the configuration has problems:\n  - host.address: too little room below '${directory}', ` +
          `got 100 MB of 512 MB at least; make room; \`docker system df\` lists what Docker uses, ` +
          "and `docker builder prune` removes its build cache",
      );
      await server.emptyData();
    },
    long,
  );
});

describe("a server that refuses the connection", () => {
  test(
    "rejects every run whose key the server refuses, also previews (F23)",
    async () => {
      expect(await refusal({ SSH_AUTH_SOCK: "/nonexistent" })).toBe(
        `${where} cannot be used: it refuses the keys of user 'root'; load the right one into the ssh agent or ` +
          "SSH_PRIVATE_KEY, or authorise this one with `slipway host prepare`",
      );
    },
    long,
  );

  test(
    "rejects every run if the server has another host key than the pinned one, also previews (F5)",
    async () => {
      expect(await refusal({ SERVER_HOST_KEY: otherKey })).toBe(
        `${where} cannot be used: it shows the host key ${fingerprint(server.hostKey)} instead of \`host.hostKey\`, ` +
          `which is ${fingerprint(otherKey)}; compare that with \`ssh-keygen -lf ` +
          "/etc/ssh/ssh_host_ed25519_key.pub` on the server itself before you change the configuration",
      );
    },
    long,
  );
});

describe("a server that fails during a run", () => {
  test(
    "rejects a disk that fills up, with path and document, leaves no partial file, and converges at the next up",
    async () => {
      await holdVerbs();
      const running = aaperture.start("up", "staging", server);
      await eventually("a verb waits", 120, () =>
        Promise.resolve(/waits, since three verbs/.test(running.output) || undefined),
      );
      await server.fillData();
      await letVerbsGo();
      const { exitCode, output } = await running.finished;
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(
        /cannot (write|make) '\/data\/aaperture[^']*'.* \(document 1\.[0-9a-f]+\).*; look for a full disk/,
      );
      expect(await on(`find /data -path '${directory}/*' -type f`)).toBe("");
      await server.emptyData();
      await aaperture.succeed("up", "staging", server);
      const { changes } = await messagesOf("warning", "preview");
      expect(Object.keys(changes)).toEqual(["same"]);
    },
    long,
  );

  test(
    "rejects up if it is silent, while a preview warns and shows no changes",
    async () => {
      await server.cutNetwork();
      const { warnings, errors, changes } = await noAnswer();
      await server.restoreNetwork();
      const { networkAddress } = server;
      const reason = `ssh: connect to host ${networkAddress} port 22: Connection timed out`;
      const said = `host: no answer from root@${networkAddress}:22: ${reason}`;
      expect(warnings).toEqual([`${said}; ${blind}`]);
      expect(errors).toEqual([`${said}; ${required}`]);
      expect(Object.keys(changes)).toEqual(["same"]);
    },
    long,
  );

  test(
    "is unchanged after a restart without warning, or is repaired by up",
    async () => {
      await server.restart({ powerLoss: true });
      await aaperture.succeed("up", "staging", server);
      const { exitCode, changes } = await messagesOf("warning", "preview");
      expect(exitCode).toBe(0);
      expect(Object.keys(changes)).toEqual(["same"]);
    },
    long,
  );
});
