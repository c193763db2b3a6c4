import { describe, expect, it } from "vitest";
import { observe } from "../../remote/observe.ts";
import { observed } from "../model/facts/observed.ts";
import { aaperture } from "../model/stack/aaperture.ts";
import { StubSsh } from "./stub-ssh.ts";
import { stackOf } from "../../model/stack/derive.ts";
import { mainOf } from "../model/stack/main-host.ts";

const stack = stackOf(aaperture());
const warnings: string[] = [];

function options(ssh: StubSsh, required: boolean) {
  const run = { id: "run-1", holder: "shop/test, me" };
  warnings.length = 0;
  return {
    run,
    environment: ssh.environment,
    required,
    say: () => undefined,
    warn: (line: string) => void warnings.push(line),
  };
}

const silent = "host: no answer from deploy@server.test:22: ssh ended without a word (exit code 9)";

describe("a server that answers", () => {
  it("stays connected to a run that may change it", async () => {
    const found = mainOf(await observe(stack, options(new StubSsh(), true)));
    expect(found.observation?.host).toEqual(observed().host);
    expect(found.client).toBeDefined();
    await found.client?.close();
  });

  it("is disconnected by a preview", async () => {
    const found = mainOf(await observe(stack, options(new StubSsh(), false)));
    expect(found.observation?.host).toEqual(observed().host);
    expect(found.client).toBeUndefined();
  });
});

describe("a server that does not answer", () => {
  it("rejects a run that may change it", async () => {
    await expect(observe(stack, options(new StubSsh("exit 9"), true))).rejects.toThrow(
      `${silent}; start it, or correct its address, and run again`,
    );
  });

  it("is a warning in a preview, which then has no observation", async () => {
    expect(await observe(stack, options(new StubSsh("exit 9"), false))).toEqual({
      main: { observation: undefined, client: undefined },
    });
    expect(warnings).toEqual([`${silent}; this preview was made without having seen the server`]);
  });
});
