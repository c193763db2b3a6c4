import { createServer } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Wire } from "../base/engine-side.ts";
import { keyPair } from "./ssh-agent.ts";
import { failure, withCommands, type CommandEngine } from "./command-engine.ts";
import { withSsh, type ServerConnection, type SshOptions, type SshServer } from "./ssh-server.ts";

const soon = { timeout: 30_000 };

afterEach(() => {
  vi.unstubAllEnvs();
});

const remote = (options: SshOptions, work: (engine: CommandEngine, server: SshServer) => Promise<void>) =>
  withSsh(options, (server) => withCommands("remote", (engine) => work(engine, server)));

const messages = (engine: CommandEngine) => engine.logs.map((entry) => entry.message);

/** A connection without one of its parts. */
function without(part: keyof ServerConnection, connection: ServerConnection): Wire {
  return Object.fromEntries(Object.entries(connection).filter(([name]) => name !== part));
}

/** The public half as a program writes it. */
const line = (type: "ed25519" | "ecdsa" | "rsa") => keyPair(type).public;

describe("a server's host key", () => {
  test("is not checked when the connection names none", () =>
    remote({}, async ({ create }, { connection }) => {
      expect((await create({ create: "echo hi", connection: without("hostKey", connection) })).state).toMatchObject({
        stdout: "hi",
      });
    }));

  test("may have comments around it and options before it", () =>
    remote({}, async ({ create }, { connection, hostKey }) => {
      for (const written of [`${hostKey} comment`, `\n# comment\n${hostKey}\n`, `127.0.0.1 ${hostKey}`]) {
        const { state } = await create({ create: "echo hi", connection: { ...connection, hostKey: written } });
        expect(state).toMatchObject({ stdout: "hi" });
      }
    }));

  test("rejects another key, after the last attempt", () =>
    remote({}, async (engine, { connection, connections }) => {
      const wrong = { ...connection, hostKey: line("ed25519"), dialErrorLimit: 1 };
      expect(await failure(engine.create({ create: "true", connection: wrong }))).toBe(
        "after 1 failed attempts: ssh: handshake failed: ssh: host key mismatch",
      );
      expect(messages(engine)).toEqual(["Dial 1/1 failed: retrying"]);
      expect(connections()).toBe(2);
    }));

  test("rejects a key of another type, naming the types on both sides", () =>
    remote({}, async ({ create }, { connection }) => {
      const wrong = { ...connection, hostKey: line("ecdsa"), dialErrorLimit: 0 };
      expect(await failure(create({ create: "true", connection: wrong }))).toBe(
        "after 0 failed attempts: ssh: handshake failed: ssh: no common algorithm for host key; " +
          "we offered: [ecdsa-sha2-nistp256], peer offered: [ssh-ed25519]",
      );
    }));

  test("of RSA is proved with SHA-1 or not at all, as by the official plugin; newer servers refuse that", () =>
    remote({ hostKey: keyPair("rsa") }, async ({ create }, { connection, algorithms }) => {
      await create({ create: "true", connection });
      await create({ create: "true", connection: without("hostKey", connection) });
      expect(algorithms()).toEqual(["ssh-rsa", "rsa-sha2-512"]);
    }));

  test.each(["garbage", "", "ssh-ed25519 AAAAgarbage", "# only a comment"])(
    "rejects %j before it connects",
    (hostKey) =>
      remote({}, async ({ create }, { connection, connections }) => {
        expect(await failure(create({ create: "true", connection: { ...connection, hostKey } }))).toBe(
          "failed to parse host key: ssh: no key found",
        );
        expect(connections()).toBe(0);
      }),
  );
});

describe("a connection", () => {
  test("is tried again until it works", () =>
    remote({ refusals: 2 }, async (engine, { connection }) => {
      const { state } = await engine.create({ create: "echo hi", logging: "none", connection });
      expect(state).toMatchObject({ stdout: "hi" });
      expect(messages(engine)).toEqual(["Dial 1/10 failed: retrying", "Dial 2/10 failed: retrying"]);
      expect(engine.logs).toMatchObject([{ ephemeral: true }, { ephemeral: true }]);
    }));

  test("is tried again without end with dialErrorLimit -1", () =>
    remote({ refusals: 1 }, async (engine, { connection }) => {
      await engine.create({ create: "true", connection: { ...connection, dialErrorLimit: -1 } });
      expect(messages(engine)).toEqual(["Dial 1/inf failed: retrying"]);
    }));

  test("rejects a dead port, naming it", () =>
    withCommands("remote", async ({ create }) => {
      const port = await freePort();
      const connection = { host: "127.0.0.1", port, dialErrorLimit: 0 };
      expect(await failure(create({ create: "true", connection }))).toBe(
        `after 0 failed attempts: dial tcp 127.0.0.1:${port}: connect: connection refused`,
      );
    }));

  test("rejects a name that nobody has, and a port that cannot be", () =>
    withCommands("remote", async ({ create }) => {
      const at = (host: string, port: number) =>
        create({ create: "true", connection: { host, port, dialErrorLimit: 0 } });
      expect(await failure(at("nosuch.invalid", 22))).toMatch(
        /^after 0 failed attempts: dial tcp: lookup nosuch.invalid.*no such host$/,
      );
      expect(await failure(at("127.0.0.1", 70_000))).toBe(
        "after 0 failed attempts: dial tcp: address 70000: invalid port",
      );
    }));

  test("rejects a server that hangs up at once", () =>
    remote({ refusals: 1 }, async ({ create }, { connection }) => {
      expect(await failure(create({ create: "true", connection: { ...connection, dialErrorLimit: 0 } }))).toMatch(
        /^after 0 failed attempts: ssh: handshake failed: (EOF|read tcp .*: connection reset by peer)$/,
      );
    }));

  test.each([
    ["Ctrl-C", "context canceled"],
    ["customTimeouts", "context deadline exceeded"],
  ])("is no longer tried after %s", (what, reason) =>
    withCommands("remote", async (engine) => {
      const connection = {
        host: "127.0.0.1",
        port: await freePort(),
        dialErrorLimit: -1,
        user: "root",
        perDialTimeout: 15,
      };
      const timeout = what === "Ctrl-C" ? 0 : 0.05;
      const running = failure(engine.side.create({ create: "true", connection }, { timeout }));
      await expect.poll(() => messages(engine).length, soon).toBeGreaterThan(0);
      if (timeout === 0) await engine.cancel();
      expect(await running).toBe(reason);
    }),
  );
});

describe("a user", () => {
  const refused = "after 0 failed attempts: ssh: handshake failed: ssh: unable to authenticate, attempted methods";
  const once = { dialErrorLimit: 0 };

  test("is known by the agent of the environment", () =>
    remote({}, async ({ create }, { connection }) => {
      vi.stubEnv("SSH_AUTH_SOCK", connection.agentSocketPath);
      const inputs = { create: "echo hi", connection: without("agentSocketPath", connection) };
      expect((await create(inputs)).state).toMatchObject({ stdout: "hi" });
    }));

  test("is known by the agent of the connection before that of the environment", () =>
    remote({}, async ({ create }, { connection }) => {
      vi.stubEnv("SSH_AUTH_SOCK", "/nosuch/agent");
      expect((await create({ create: "echo hi", connection })).state).toMatchObject({ stdout: "hi" });
    }));

  test("is known by a password, without or beside an agent", () =>
    remote({ password: "right" }, async ({ create }, { connection }) => {
      vi.stubEnv("SSH_AUTH_SOCK", "");
      for (const given of [connection, without("agentSocketPath", connection)]) {
        const { state } = await create({
          create: "echo hi",
          connection: { ...given, password: "right" },
        });
        expect(state).toMatchObject({ stdout: "hi" });
      }
    }));

  test("falls back from a wrong password to the agent", () =>
    remote({ password: "right" }, async ({ create }, { connection }) => {
      const { state } = await create({ create: "echo hi", connection: { ...connection, password: "wrong" } });
      expect(state).toMatchObject({ stdout: "hi" });
    }));

  test("rejects a wrong password, naming the methods that were tried", () =>
    remote({ password: "right" }, async ({ create }, { connection }) => {
      vi.stubEnv("SSH_AUTH_SOCK", "");
      const wrong = { ...without("agentSocketPath", connection), ...once, password: "wrong" };
      expect(await failure(create({ create: "true", connection: wrong }))).toBe(
        `${refused} [none password], no supported methods remain`,
      );
    }));

  test("rejects a user without password and agent", () =>
    remote({}, async ({ create }, { connection }) => {
      vi.stubEnv("SSH_AUTH_SOCK", "");
      const nobody = { ...without("agentSocketPath", connection), ...once };
      expect(await failure(create({ create: "true", connection: nobody }))).toBe(
        `${refused} [none], no supported methods remain`,
      );
    }));

  test("rejects an agent that holds no key of the server's, again and again", () =>
    withSsh({}, (other) =>
      remote({}, async (engine, { connection, connections }) => {
        const wrong = {
          ...connection,
          agentSocketPath: other.connection.agentSocketPath,
          dialErrorLimit: 1,
        };
        expect(await failure(engine.create({ create: "true", connection: wrong }))).toBe(
          `${refused.replace("0", "1")} [none publickey], no supported methods remain`,
        );
        expect(connections()).toBe(2);
      }),
    ));

  test("rejects an agent that is gone, at once", () =>
    remote({}, async (engine, { connection, connections }) => {
      const gone = { ...connection, agentSocketPath: "/nosuch/agent" };
      expect(await failure(engine.create({ create: "true", connection: gone }))).toBe(
        "dial unix /nosuch/agent: connect: no such file or directory",
      );
      expect(connections()).toBe(0);
    }));
});

/** A port on which nobody listens. */
function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });
}
