import { describe, expect, it, test } from "vitest";
import { EarlyConnections } from "../../remote/early-connections.ts";
import { observe } from "../../remote/observe.ts";
import { observed } from "../model/facts/observed.ts";
import { aaperture } from "../model/stack/aaperture.ts";
import { StubSsh } from "./stub-ssh.ts";
import { stackOf } from "../../model/stack/derive.ts";
import { mainOf } from "../model/stack/main-host.ts";

const stack = stackOf(aaperture());
const warnings: string[] = [];

function options({ environment }: StubSsh, required: boolean) {
  warnings.length = 0;
  const warn = (line: string): void => void warnings.push(line);
  const connections = new EarlyConnections({ stack: stack.name, environment, say: () => undefined, pauses: [] });
  return { connections, required, warn };
}

const silent = "host: no answer from deploy@server.test:22: ssh ended without output (exit code 255)";
const changed = `echo 'SHA256:T5HRBAwCs2gjRwsTNSBAoRMbKxwGIbXcGbxWqWTkkNk.' >&2
printf 'Host key verification failed.\\r\\n' >&2
exit 255`;

describe("a server that answers", () => {
  it("stays connected to a run that may change it", async () => {
    const found = mainOf(await observe(stack, options(new StubSsh(), true)));
    expect(found.observation?.host).toEqual(observed().host);
    expect(found.client).toBeDefined();
    await found.client?.close();
  });

  it("is disconnected by a preview", async () => {
    const ssh = new StubSsh();
    const found = mainOf(await observe(stack, options(ssh, false)));
    expect(found.observation?.host).toEqual(observed().host);
    expect(found.client).toBeUndefined();
    expect(ssh.requests().map((request) => request.do)).toEqual(["observe", "end"]);
  });
});

describe("a server that does not answer", () => {
  it("rejects a run that may change it", async () => {
    await expect(observe(stack, options(new StubSsh("exit 255"), true))).rejects.toThrow(
      `${silent}; start it, or correct its address, and run again`,
    );
  });

  it("is a warning in a preview, which then has no observation", async () => {
    expect(await observe(stack, options(new StubSsh("exit 255"), false))).toEqual({
      main: { observation: undefined, client: undefined },
    });
    expect(warnings).toEqual([`${silent}; this plan was made without having seen the server`]);
  });
});

describe("a preview", () => {
  test.each([
    [
      "shows another host key, with both fingerprints (F5, SEC-B9)",
      changed,
      /SHA256:T5HR\S+ instead of .* SHA256:\S+;/,
    ],
    ["refuses the run's key", "echo 'x: Permission denied (publickey).' >&2; exit 255", /refuses the keys of user/],
    ["is not prepared", "echo 'slipway-root: wants attend' >&2; exit 64", /cannot be used: .*; run what `slipway host/],
    [
      "fails to observe",
      `say '{"to":"start"}'; read -r line; say '{"to":"error","message":"docker: is off"}'`,
      /is off/,
    ],
  ])("rejects a server that %s", async (_, script, message) => {
    await expect(observe(stack, options(new StubSsh(script), false))).rejects.toThrow(message);
    expect(warnings).toEqual([]);
  });
});
