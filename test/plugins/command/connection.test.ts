import { createServer } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Wire } from "../base/engine-side.ts";
import { keyPair } from "./ssh-agent.ts";
import { failure, withCommands, type CommandEngine } from "./command-engine.ts";
import { withSsh, type ServerConnection, type SshOptions, type SshServer } from "./ssh-server.ts";

const polling = { timeout: 30_000 };

afterEach(() => {
  vi.unstubAllEnvs();
});

const remote = (options: SshOptions, work: (engine: CommandEngine, server: SshServer) => Promise<void>) =>
  withSsh(options, (server) => withCommands("remote", (engine) => work(engine, server)));

const messages = (engine: CommandEngine) => engine.logs.map((entry) => entry.message);

/** A connection without one of its fields. */
function without(part: keyof ServerConnection, connection: ServerConnection): Wire {
  return Object.fromEntries(Object.entries(connection).filter(([name]) => name !== part));
}

/** A new public key in the format of `hostKey`. */
const publicKey = (type: "ed25519" | "ecdsa" | "rsa") => keyPair(type).public;

describe("the host key check", () => {
  test("accepts any server when the connection has no host key", () =>
    remote({}, async ({ create }, { connection }) => {
      expect((await create({ create: "echo hi", connection: without("hostKey", connection) })).state).toMatchObject({
        stdout: "hi",
      });
    }));

  test("accepts comments around the key and options before it", () =>
    remote({}, async ({ create }, { connection, hostKey }) => {
      for (const written of [`${hostKey} comment`, `\n# comment\n${hostKey}\n`, `127.0.0.1 ${hostKey}`]) {
        const { state } = await create({ create: "echo hi", connection: { ...connection, hostKey: written } });
        expect(state).toMatchObject({ stdout: "hi" });
      }
    }));

  test("rejects another key after the last retry", () =>
    remote({}, async (engine, { connection, connections }) => {
      const wrong = { ...connection, hostKey: publicKey("ed25519"), dialErrorLimit: 1 };
      expect(await failure(engine.create({ create: "true", connection: wrong }))).toBe(
        "after 1 failed attempts: ssh: handshake failed: ssh: host key mismatch",
      );
      expect(messages(engine)).toEqual(["Dial 1/1 failed: retrying"]);
      expect(connections()).toBe(2);
    }));

  test("rejects a key of another type, with the types of both sides", () =>
    remote({}, async ({ create }, { connection }) => {
      const wrong = { ...connection, hostKey: publicKey("ecdsa"), dialErrorLimit: 0 };
      expect(await failure(create({ create: "true", connection: wrong }))).toBe(
        "after 0 failed attempts: ssh: handshake failed: ssh: no common algorithm for host key; " +
          "we offered: [ecdsa-sha2-nistp256], peer offered: [ssh-ed25519]",
      );
    }));

  test("offers only ssh-rsa with SHA-1 for an RSA key, as the official plugin does", () =>
    remote({ hostKey: keyPair("rsa") }, async ({ create }, { connection, algorithms }) => {
      await create({ create: "true", connection });
      await create({ create: "true", connection: without("hostKey", connection) });
      expect(algorithms()).toEqual(["ssh-rsa", "rsa-sha2-512"]);
    }));

  test.each(["garbage", "", "ssh-ed25519 AAAAgarbage", "# only a comment"])(
    "rejects the host key %j without connecting",
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
  test("is retried until it succeeds", () =>
    remote({ refusals: 2 }, async (engine, { connection }) => {
      const { state } = await engine.create({ create: "echo hi", logging: "none", connection });
      expect(state).toMatchObject({ stdout: "hi" });
      expect(messages(engine)).toEqual(["Dial 1/10 failed: retrying", "Dial 2/10 failed: retrying"]);
      expect(engine.logs).toMatchObject([{ ephemeral: true }, { ephemeral: true }]);
    }));

  test("is retried without limit with dialErrorLimit -1", () =>
    remote({ refusals: 1 }, async (engine, { connection }) => {
      await engine.create({ create: "true", connection: { ...connection, dialErrorLimit: -1 } });
      expect(messages(engine)).toEqual(["Dial 1/inf failed: retrying"]);
    }));

  test("rejects a port without a listener, with its number", () =>
    withCommands("remote", async ({ create }) => {
      const port = await freePort();
      const connection = { host: "127.0.0.1", port, dialErrorLimit: 0 };
      expect(await failure(create({ create: "true", connection }))).toBe(
        `after 0 failed attempts: dial tcp 127.0.0.1:${port}: connect: connection refused`,
      );
    }));

  test("rejects an unknown host name and an invalid port", () =>
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

  test("rejects a server that closes the connection at once", () =>
    remote({ refusals: 1 }, async ({ create }, { connection }) => {
      expect(await failure(create({ create: "true", connection: { ...connection, dialErrorLimit: 0 } }))).toMatch(
        /^after 0 failed attempts: ssh: handshake failed: (EOF|read tcp .*: connection reset by peer)$/,
      );
    }));

  test.each([
    ["Ctrl-C", "context canceled"],
    ["customTimeouts", "context deadline exceeded"],
  ])("is not retried after %s", (what, reason) =>
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
      await expect.poll(() => messages(engine).length, polling).toBeGreaterThan(0);
      if (timeout === 0) await engine.cancel();
      expect(await running).toBe(reason);
    }),
  );
});

describe("the login of a user", () => {
  const noneWorked = "after 0 failed attempts: ssh: handshake failed: ssh: unable to authenticate, attempted methods";
  const once = { dialErrorLimit: 0 };

  test("succeeds with the agent of the environment", () =>
    remote({}, async ({ create }, { connection }) => {
      vi.stubEnv("SSH_AUTH_SOCK", connection.agentSocketPath);
      const inputs = { create: "echo hi", connection: without("agentSocketPath", connection) };
      expect((await create(inputs)).state).toMatchObject({ stdout: "hi" });
    }));

  test("uses the agent of the connection rather than that of the environment", () =>
    remote({}, async ({ create }, { connection }) => {
      vi.stubEnv("SSH_AUTH_SOCK", "/nosuch/agent");
      expect((await create({ create: "echo hi", connection })).state).toMatchObject({ stdout: "hi" });
    }));

  test("succeeds with a password, with or without an agent", () =>
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

  test("falls back to the agent after a wrong password", () =>
    remote({ password: "right" }, async ({ create }, { connection }) => {
      const { state } = await create({ create: "echo hi", connection: { ...connection, password: "wrong" } });
      expect(state).toMatchObject({ stdout: "hi" });
    }));

  test("rejects a wrong password, with the methods that were tried", () =>
    remote({ password: "right" }, async ({ create }, { connection }) => {
      vi.stubEnv("SSH_AUTH_SOCK", "");
      const wrong = { ...without("agentSocketPath", connection), ...once, password: "wrong" };
      expect(await failure(create({ create: "true", connection: wrong }))).toBe(
        `${noneWorked} [none password], no supported methods remain`,
      );
    }));

  test("rejects a user with neither password nor agent", () =>
    remote({}, async ({ create }, { connection }) => {
      vi.stubEnv("SSH_AUTH_SOCK", "");
      const anonymous = { ...without("agentSocketPath", connection), ...once };
      expect(await failure(create({ create: "true", connection: anonymous }))).toBe(
        `${noneWorked} [none], no supported methods remain`,
      );
    }));

  test("rejects an agent without the user's key, after every retry", () =>
    withSsh({}, (other) =>
      remote({}, async (engine, { connection, connections }) => {
        const wrong = {
          ...connection,
          agentSocketPath: other.connection.agentSocketPath,
          dialErrorLimit: 1,
        };
        expect(await failure(engine.create({ create: "true", connection: wrong }))).toBe(
          `${noneWorked.replace("0", "1")} [none publickey], no supported methods remain`,
        );
        expect(connections()).toBe(2);
      }),
    ));

  test("rejects a missing agent without a retry", () =>
    remote({}, async (engine, { connection, connections }) => {
      const missing = { ...connection, agentSocketPath: "/nosuch/agent" };
      expect(await failure(engine.create({ create: "true", connection: missing }))).toBe(
        "dial unix /nosuch/agent: connect: no such file or directory",
      );
      expect(connections()).toBe(0);
    }));
});

/** A port without a listener. */
function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });
}
