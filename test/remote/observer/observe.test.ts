import { describe, expect, it, test } from "vitest";
import { stackOf } from "../../../model/stack/derive.ts";
import { observeWithKey } from "../../../remote/observer/observe.ts";
import { observed } from "../../model/facts/observed.ts";
import { aaperture } from "../../model/stack/aaperture.ts";
import { observerAnswers, StubSsh } from "../stub-ssh.ts";

const stack = stackOf(aaperture());
const notes: string[] = [];
const warnings: string[] = [];

async function observeBy({ environment }: StubSsh) {
  notes.length = warnings.length = 0;
  const say = (line: string): void => void notes.push(line);
  const warn = (line: string): void => void warnings.push(line);
  return await observeWithKey(stack, { environment, say, warn, pauses: [] });
}

describe("a key that only observes", () => {
  it("gets the facts of each server, and asks for nothing else (SEC-A6)", async () => {
    const ssh = new StubSsh(observerAnswers);
    expect(await observeBy(ssh)).toEqual({ main: observed() });
    expect(ssh.requests().map((request) => request.do)).toEqual(["observe", "end"]);
  });

  it("gets a warning from a server that does not answer, as every preview does", async () => {
    expect(await observeBy(new StubSsh("exit 255"))).toEqual({ main: undefined });
    expect(warnings).toEqual([
      "host: no answer from slipway-observe@server.test:22: ssh ended without output (exit code 255); " +
        "this plan was made without having seen the server",
    ]);
    expect(notes).toEqual([]);
  });

  test.each([
    [
      "has no program for the stack yet",
      "echo 'slipway: no session of a/b was on this server yet; run `slipway up` or `pulumi up`' >&2; exit 64",
      "host: no session of a/b was on this server yet; this server is planned without its facts",
    ],
    [
      "was deployed by another version of slipway",
      `read -r words nonce; say '{"to":"begin"}'`,
      /^host: the server's answer is not one of this version of slipway: .*; this server is planned without its facts$/,
    ],
  ])("gets a note from a server that %s", async (_, script, note) => {
    expect(await observeBy(new StubSsh(script))).toEqual({ main: undefined });
    expect(notes).toEqual([typeof note === "string" ? note : expect.stringMatching(note)]);
    expect(warnings).toEqual([]);
  });

  test.each([
    [
      "shows another host key",
      "echo 'Host key verification failed.' >&2; exit 255",
      /^host: slipway-observe@server\.test:22 cannot be used: it shows another host key instead of .*; compare that/,
    ],
    [
      "refuses the key",
      "echo 'x: Permission denied (publickey).' >&2; exit 255",
      /cannot be used: it refuses the keys of user 'slipway-observe'; give the right one in SSH_OBSERVE_KEY, or/,
    ],
    ["fails", `read -r words nonce; say '{"to":"error","message":"docker: is off"}'`, /docker: is off; fix the cause/],
  ])("rejects a server that %s (F5, SEC-A6, SEC-B9)", async (_, script, message) => {
    await expect(observeBy(new StubSsh(script))).rejects.toThrow(message);
    expect([notes, warnings]).toEqual([[], []]);
  });
});
