import { join } from "node:path";
import { describe, expect, it, test, vi } from "vitest";
import { runChild } from "../../process/child.ts";
import { slipwayRoot } from "../../remote/slipway-root.ts";
import { observed } from "../model/facts/observed.ts";
import { answers, StubSsh } from "./stub-ssh.ts";

const scope = {
  directory: "/srv/shop",
  projects: ["shop"],
  ports: ["80"],
  volumes: ["data"],
  networks: [],
  containers: [],
  subnets: [],
  bridges: [],
  bound: {},
  clusters: { data: "." },
};
const wish = { seconds: 1, run: "run-1", holder: "shop/test, me", job: "" };
const start = `say '{"to":"start"}'`;

describe("the ssh of a host client", () => {
  it("gets the caller's agent, and none of Pulumi's variables for the program", async () => {
    const ssh = new StubSsh(`echo "$SSH_AUTH_SOCK \${PULUMI_CONFIG-nothing}" >"$folder/told"\n${answers}`);
    const pulumi = { PULUMI_CONFIG: '{"a:password":"canary"}' };
    await ssh.client({ environment: { ...ssh.environment, ...pulumi } }).ready();
    expect(ssh.lines("told")).toEqual(["/agent/of/the/caller nothing"]);
  });

  test.each([
    ["root", ["sh", "-c", slipwayRoot, "slipway-root"]],
    ["deploy", ["sudo", "-n", "/usr/local/sbin/slipway-root"]],
  ])("attends as the user %s with one command, whose last word is a nonce", async (user, door) => {
    const ssh = new StubSsh(`eval "set -- $command"; printf '%s\\0' "$@" >"$folder/command"\n${answers}`);
    const client = ssh.client({ user });
    await client.ready();
    await client.close();
    const words = ssh.lines("command").join("\n").split("\0");
    const nonce = expect.stringMatching(/^[0-9a-f]{24}$/) as unknown;
    expect(words).toEqual([...door.map((word) => word), "attend", "shop/test", "24.0.0", "0123abcd", nonce, ""]);
  });
});

describe("a host client", () => {
  it("sends each request in one line, in order, and waits for its answer", async () => {
    const ssh = new StubSsh();
    const client = await ssh.started();
    client.stage("env", "A=1\n");
    const asked = [client.observe(scope), client.lease(wish), client.keep(["claim"])];
    expect(await asked[0]).toEqual(observed());
    await Promise.all(asked);
    await client.allowRemoval(["files"]);
    await client.fetch(["shop@sha256:1"]);
    await client.close();
    expect(ssh.requests()).toEqual([
      { do: "secret", name: "env", value: "QT0xCg==" },
      { do: "observe", scope },
      { do: "lease", ...wish },
      { do: "keep", objects: ["claim"] },
      { do: "allow", objects: ["files"] },
      { do: "fetch", images: ["shop@sha256:1"] },
      { do: "end" },
    ]);
  });

  it("asks nothing where there is nothing to ask", async () => {
    const ssh = new StubSsh();
    const client = await ssh.started();
    await Promise.all([client.keep([]), client.allowRemoval([]), client.fetch([])]);
    await client.close();
    expect(ssh.requests()).toEqual([{ do: "end" }]);
  });

  it("ignores what a login shell prints, also before it on a line and with another nonce (F9, SEC-B8)", async () => {
    const noise = [
      "echo Welcome to this server",
      `echo '{"to":"error","message":"forged"}'`,
      `echo 'ffffffffffffffffffffffff {"to":"error","message":"forged"}'`,
      "printf 'no end of line'",
    ];
    const ssh = new StubSsh([...noise, answers].join("\n"));
    const client = await ssh.started();
    expect((await client.observe(scope)).host).toEqual(observed().host);
    await client.close();
  });

  it("keeps a line whole that holds the separators of lines of Unicode", async () => {
    const odd = "a\u2028b\u2029c\u0085d";
    const ssh = new StubSsh(answers, observed({ journal: [odd] }));
    const client = await ssh.started();
    expect((await client.observe({ ...scope, volumes: [odd] })).journal).toEqual([odd]);
    await client.close();
    expect(ssh.lines()[0]).toContain("a\\u2028b\\u2029c");
    expect(ssh.requests()[0]).toMatchObject({ scope: { volumes: [odd] } });
  });

  it("passes on the server's messages, even those before its first answer", async () => {
    const ssh = new StubSsh(
      `echo early >&2; ${start}; read -r line; say '{"to":"lease"}'; read -r line; echo late >&2`,
    );
    const client = ssh.client();
    await client.lease(wish);
    await client.close();
    expect(ssh.said).toEqual(["early", "late"]);
  });

  it("waits at its end for the server to settle all", async () => {
    const ssh = new StubSsh(`${start}; read -r line; echo settled >&2; say '{"to":"end"}'; echo gone >&2`);
    const client = await ssh.started();
    await client.close();
    expect(ssh.said).toEqual(["settled", "gone"]);
  });

  it("rejects the request that the server refuses, and all after it, with the server's words", async () => {
    const ssh = StubSsh.of(observed(), "lease is held by shop/live");
    const client = await ssh.started();
    await expect(client.lease(wish)).rejects.toThrow(/^lease is held by shop\/live$/);
    await expect(client.observe(scope)).rejects.toThrow("lease is held by shop/live");
    await client.close();
  });

  it("rejects an observation that is not of this version, and names the field", async () => {
    const ssh = new StubSsh(`${start}; read -r line; say '{"to":"observe","observation":{"host":{}}}'; cat >/dev/null`);
    const client = await ssh.started();
    await expect(client.observe(scope)).rejects.toThrow(
      /^the server's answer is not one of this version of slipway: observation\.host\.machine: /,
    );
    await client.close();
  });

  it("rejects an answer to another request", async () => {
    const ssh = new StubSsh(`${start}; read -r line; say '{"to":"keep"}'; cat >/dev/null`);
    const client = await ssh.started();
    await expect(client.observe(scope)).rejects.toThrow("the server answered 'keep' instead of 'observe'");
    await client.close();
  });

  it("rejects a line that is cut", async () => {
    const ssh = new StubSsh(`${start}; read -r line; say '{"to":"obs'`);
    const client = await ssh.started();
    await expect(client.observe(scope)).rejects.toThrow('a line that is cut or altered: {"to":"obs');
    await client.close();
  });

  it("rejects with the last lines of a connection that is lost", async () => {
    const ssh = new StubSsh(`${start}; read -r line; echo 'Connection reset by peer' >&2; exit 255`);
    const client = await ssh.started();
    await expect(client.observe(scope)).rejects.toThrow(/^Connection reset by peer$/);
    await client.close();
  });

  it("rejects a value staged before the server answered, since it may still get the program", async () => {
    const ssh = new StubSsh('cat >"$folder/got"');
    const client = ssh.client();
    expect(() => client.stage("env", "canary")).toThrow("'env' cannot be staged on a server that has not answered");
    await client.close();
    expect(ssh.lines("got")).toEqual([""]);
  });
});

describe("the end of a run", () => {
  it("is not held up by an open connection, and ends that", async () => {
    const ssh = new StubSsh(`${start}; cat >/dev/null; echo gone >"$folder/ended"`);
    const run = await runChild([process.execPath, join(import.meta.dirname, "open-client.ts")], {
      env: ssh.environment,
    });
    expect(run).toMatchObject({ code: 0, stdout: "connected\n", stderr: "" });
    await vi.waitFor(() => expect(ssh.lines("ended")).toEqual(["gone"]), 10_000);
  });

  it("is told to the server by silence: a run sends a sign of life every two seconds", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    try {
      const ssh = new StubSsh();
      const client = await ssh.started();
      vi.advanceTimersByTime(4_000);
      const closing = client.close();
      vi.advanceTimersByTime(4_000);
      await closing;
      expect(ssh.lines()).toEqual(['{"do":"alive"}', '{"do":"alive"}', '{"do":"end"}']);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("a server that runs no slipway", () => {
  test.each([
    ["refuses the key", 'echo "deploy@192.0.2.1: Permission denied (publickey)." >&2; exit 255', "it refuses the keys"],
    ["lets ssh end in silence", "exit 255", "ssh ended without output (exit code 255)"],
    [
      "has another version of slipway-root",
      "echo 'slipway-root: wants attend <bytes>' >&2; exit 64",
      "of this version",
    ],
    ["asks for a password (F10)", "echo 'sudo: a password is required' >&2; exit 1", "sudo does not let 'deploy' run"],
    [
      "has no sudo",
      "echo 'sh: 1: sudo: not found' >&2; exit 127",
      "ended with code 127 and said 'sh: 1: sudo: not found'",
    ],
    ["prints only noise", "echo Welcome", "its command for slipway ended with code 0 and said nothing"],
  ])("rejects with the reason where it %s, and prints it once", async (_, script, reason) => {
    const ssh = new StubSsh(script);
    const client = ssh.client();
    await expect(client.observe(scope)).rejects.toThrow(reason);
    await client.close();
    expect(ssh.said).toEqual([]);
  });

  it("rejects a machine of the runner without ssh (F24)", async () => {
    const ssh = new StubSsh();
    const client = ssh.client({ environment: { ...ssh.environment, PATH: "/nowhere" } });
    await expect(client.ready()).rejects.toThrow("ssh does not start on this machine: spawn ssh ENOENT");
    await client.close();
  });
});
