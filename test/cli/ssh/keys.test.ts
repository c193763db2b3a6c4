import sshpk from "sshpk";
import { describe, expect, it } from "vitest";
import { openKeys, openObserveKey } from "../../../cli/ssh/keys.ts";
import { runChild } from "../../../process/child.ts";

const [first, second] = ["first", "second"].map(() => sshpk.generatePrivateKey("ed25519"));
const text = (key = first): string => key?.toString("openssh") ?? "";
const base = { PATH: process.env["PATH"], HOME: "/nonexistent" };

describe("the key that only observes", () => {
  it("is alone in an agent of its run, and in no environment (SEC-A6)", async () => {
    const variables = { SSH_OBSERVE_KEY: Buffer.from(text()).toString("base64"), SSH_PRIVATE_KEY: text(second) };
    const keys = await openObserveKey({ ...base, ...variables });
    const { stdout } = await runChild(["ssh-add", "-L"], { env: keys?.environment ?? {} });
    await keys?.close();
    expect(stdout.split(" ")[1]).toBe(first?.toPublic().toString("ssh").split(" ")[1]);
    expect(stdout.trim().split("\n")).toHaveLength(1);
    const { SSH_AUTH_SOCK: socket, ...others } = keys?.environment ?? {};
    expect(socket).toMatch(/slipway-agent-/);
    expect(others).toEqual(base);
  });

  it("is not needed", async () => {
    expect(await openObserveKey({ ...base, SSH_PRIVATE_KEY: text() })).toBeUndefined();
  });

  it("is rejected in every command if it is the key that opens the servers, in whichever form (SEC-A6)", async () => {
    const base64 = Buffer.from(text()).toString("base64");
    const environment = { ...base, SSH_PRIVATE_KEY: text(), SSH_OBSERVE_KEY: base64 };
    const message =
      "SSH_OBSERVE_KEY: is the same key as SSH_PRIVATE_KEY, which opens the servers; " +
      "make another one, and authorise it with `slipway host prepare --observe-key`";
    await expect(openObserveKey(environment)).rejects.toThrow(message);
    await expect(openKeys(environment)).rejects.toThrow(message);
  });

  it("is not left to what runs with the key of deployments (SEC-A6)", async () => {
    const variables = { SSH_OBSERVE_KEY: text(), SSH_PRIVATE_KEY: text(second) };
    const { environment, close } = await openKeys({ ...base, ...variables });
    await close();
    expect(Object.keys(environment).sort()).toEqual(["HOME", "PATH", "SSH_AUTH_SOCK"]);
  });
});
