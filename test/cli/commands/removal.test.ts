import { PassThrough } from "node:stream";
import { describe, expect, it, test, vi } from "vitest";
import type { CallOf } from "../../../cli/commands/command.ts";
import { requireName, withRemoval } from "../../../cli/commands/removal.ts";
import { destroy } from "../../../cli/declaration/operations.ts";
import { takeOptions } from "../../../cli/options.ts";
import type { Observation } from "../../../model/facts/observation.ts";
import { carriedOut } from "../../model/plan/applied-plan.ts";
import { aaperture } from "../../model/stack/aaperture.ts";
import { StubSsh } from "../../remote/stub-ssh.ts";

const kept = carriedOut(aaperture({ protected: true }));
const objects = kept.applied.map(({ object }) => object);
let server: StubSsh;

/** A call of `slipway destroy --stack production` whose project has its server in `host`. */
function callOf(
  found: Observation,
  words: readonly string[],
  { host = reachable, held }: { host?: object | null; held?: string } = {},
): CallOf<typeof destroy> {
  server = StubSsh.of(found, held);
  server.write("Pulumi.yaml", "name: aaperture\n");
  const config = host === null ? {} : { "aaperture:host": host };
  server.write("Pulumi.production.yaml", JSON.stringify({ config })); // JSON is YAML
  const { own: options, rest } = takeOptions(words, destroy.options);
  const call = { folder: server.folder, stack: "production", stacks: ["production"], words: rest };
  return { ...call, options, environment: server.environment };
}

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIh8Hi2wGRKnK3bWCRyUVKAJZQeiMZLh5yEFuOHaNRHm";
const reachable = { address: "192.0.2.10", user: "deploy", hostKey };

/** What the server was asked, and which objects it was told to let go. */
function heard(): string[] {
  return server
    .requests()
    .map((request) => (request.do === "allow" ? `allow ${request.objects.join(" ")}` : request.do));
}

interface Ran {
  /** What Pulumi was started with; undefined where it was not. */
  readonly words: readonly string[] | undefined;
  /** What the server had heard when Pulumi was started. */
  readonly before: readonly string[];
}

async function run(call: CallOf<typeof destroy>): Promise<Ran> {
  let ran: Ran = { words: undefined, before: [] };
  const code = await withRemoval(call, ({ words }) => {
    ran = { words, before: heard() };
    return Promise.resolve(7);
  });
  expect(code).toBe(7);
  return ran;
}

const confirmed = ["--yes", "--destroy-protected", "production"];

describe("`slipway destroy` of a protected stack", () => {
  it("opens a session to remove all of it, and keeps it open until Pulumi ends (F99)", async () => {
    const opened = ["observe", "lease", "observe", `allow ${objects.join(" ")}`];
    expect(await run(callOf(kept, confirmed))).toEqual({ words: ["--yes"], before: opened });
    expect(heard()).toEqual([...opened, "end"]);
  });

  it("rejects a removal without the stack's name, and takes no lease (F99)", async () => {
    await expect(run(callOf(kept, ["--yes"]))).rejects.toThrow(
      "aaperture/production: is protected; run it on a terminal, which asks for the stack's name, " +
        "or add --destroy-protected production",
    );
    expect(heard()).toEqual(["observe", "end"]);
  });

  it("rejects the name of another stack before it asks the server", async () => {
    await expect(run(callOf(kept, ["--destroy-protected=staging"]))).rejects.toThrow(
      "--destroy-protected: names another stack than the one to remove, got 'staging' for production; " +
        "correct one of the two",
    );
    expect(heard()).toEqual([]);
  });

  it("rejects a removal without the lease", async () => {
    const held = "lease: is held by another stack";
    await expect(run(callOf(kept, confirmed, { held }))).rejects.toThrow(
      "host: the session did not open: lease: is held by another stack; nothing was removed; " +
        "run `slipway destroy` again",
    );
  });

  it("ends the session also where Pulumi fails", async () => {
    await expect(withRemoval(callOf(kept, confirmed), () => Promise.reject(new Error("gone")))).rejects.toThrow("gone");
    expect(heard().at(-1)).toBe("end");
  });

  it("only looks with --preview-only", async () => {
    expect(await run(callOf(kept, ["--preview-only"]))).toEqual({ words: ["--preview-only"], before: [] });
    expect(heard()).toEqual([]);
  });
});

describe("`slipway destroy` of any other stack", () => {
  it("opens no session", async () => {
    const call = callOf(carriedOut(aaperture()), ["--yes"]);
    expect(await run(call)).toEqual({ words: ["--yes"], before: ["observe", "end"] });
  });

  test.each([
    ["names no server", null, ""],
    [
      "names its server by a variable that is not set",
      { ...reachable, address: "${NO_SUCH_VARIABLE}" },
      "names no server",
    ],
  ])("leaves it to the server to refuse, where the stack %s", async (_, host, noted) => {
    const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const ran = await run(callOf(kept, ["--yes"], { host }));
    const notes = said.mock.calls.join("");
    said.mockRestore();
    expect(ran).toEqual({ words: ["--yes"], before: [] });
    expect(notes).toContain(noted);
  });

  it("leaves it to the server to refuse, where that cannot be asked", async () => {
    const call = callOf(kept, ["--yes"]);
    server.write("ssh", "#!/bin/sh\necho 'x: Permission denied (publickey).' >&2\nexit 255\n");
    const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const ran = await run(call);
    const notes = said.mock.calls.join("");
    said.mockRestore();
    expect(ran.words).toEqual(["--yes"]);
    expect(notes).toContain(
      "192.0.2.10 cannot be asked whether aaperture/production is protected: it refuses the keys of user 'deploy'",
    );
  });
});

describe("the name of a protected stack on a terminal", () => {
  const removed = { name: "production", fullName: "aaperture/production", confirmed: undefined };

  /** Asks on a terminal on which this is typed. */
  async function asked(typed: string): Promise<string> {
    const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const input = Object.assign(new PassThrough(), { isTTY: true });
    input.end(typed);
    try {
      await requireName(removed, input);
      return said.mock.calls.join("");
    } finally {
      said.mockRestore();
    }
  }

  it("is asked for, with what will happen", async () => {
    expect(await asked("production\n")).toBe(
      "aaperture/production is protected. All of it but its data volumes is removed. Type production to go on: ",
    );
  });

  test.each(["yes\n", "staging\n", "\n", ""])("rejects %j", async (typed) => {
    await expect(asked(typed)).rejects.toThrow(
      `aaperture/production: is protected, and its name is not '${typed.trim()}'; nothing was removed`,
    );
  });
});
