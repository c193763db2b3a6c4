import { describe, expect, it } from "vitest";
import { HostPipe } from "../../remote/host-pipe.ts";
import { NoAnswer } from "../../remote/server-fault.ts";
import { connectionTo, StubSsh } from "./stub-ssh.ts";

function pipeTo({ environment }: StubSsh, said: string[] = [], heard: unknown[] = []): HostPipe {
  const command = (nonce: string): string => `attend ${nonce}`;
  const say = (line: string): void => void said.push(line);
  const hear = (value: unknown): void => void heard.push(value);
  return new HostPipe({ connection: connectionTo("deploy"), command, environment, say, hear });
}

describe("a connection whose other end hangs (F3)", () => {
  it("rejects after the deadline of an answer, and is over", async () => {
    const pipe = pipeTo(new StubSsh("exec tail -f /dev/null"));
    const late = pipe.next(50);
    await expect(late).rejects.toBeInstanceOf(NoAnswer);
    await expect(late).rejects.toThrow("ssh ended without output (SIGKILL)");
    await pipe.end(1_000);
  });

  it("rejects an upload of which no byte moves any more", async () => {
    const pipe = pipeTo(new StubSsh("exec tail -f /dev/null"));
    await expect(
      pipe.upload("9 x", Buffer.alloc(10_000_000), { milliseconds: 50, sent: () => undefined }),
    ).rejects.toThrow("SIGKILL");
    await pipe.end(1_000);
  });

  it("is ended at last where it does not end by itself", async () => {
    const pipe = pipeTo(new StubSsh(`say '{"to":"start"}'; exec tail -f /dev/null`));
    expect(await pipe.next(30_000)).toEqual({ to: "start" });
    await pipe.end(50);
    await expect(pipe.next(30_000)).rejects.toThrow("SIGKILL");
  });
});

describe("what a server tells beside its answers", () => {
  const telling = `say '{"progress":[1]}' >&2; echo 'for people' >&2; say '{"to":"start"}'; say '{cut' >&2`;

  it("is heard while nothing is asked, and never told people; at the end nothing is done", async () => {
    const [said, heard]: [string[], unknown[]] = [[], []];
    const pipe = pipeTo(new StubSsh(telling), said, heard);
    expect(await pipe.next(30_000)).toEqual({ to: "start" });
    await pipe.end(30_000);
    expect(said).toEqual(["for people"]);
    expect(heard).toEqual([{ progress: [1] }, undefined, { progress: [] }]);
  });
});

describe("a login shell that prints (F9, SEC-B8)", () => {
  const noisy = `echo noise; printf '{"to":"none"} '; say '{"to":"start"}'; cat; echo 'a line after'`;

  it("hides no answer, and keeps no connection from its end by what it prints last", { timeout: 20_000 }, async () => {
    const pipe = pipeTo(new StubSsh(noisy));
    expect(await pipe.next(30_000)).toEqual({ to: "start" });
    await pipe.end(30_000);
    await expect(pipe.next(30_000)).rejects.toThrow("ssh ended without output (exit code 0)");
  });
});
