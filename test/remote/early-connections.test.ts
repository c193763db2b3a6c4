import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runChild } from "../../process/child.ts";
import { EarlyConnections } from "../../remote/early-connections.ts";
import { checkout } from "../../toolchain/paths.ts";
import { onlyTheServer } from "../../model/facts/scope.ts";
import { aaperture } from "../model/stack/aaperture.ts";
import { stackOf } from "../../model/stack/derive.ts";
import { mainOf } from "../model/stack/main-host.ts";
import { answers, StubSsh } from "./stub-ssh.ts";

const stack = stackOf(aaperture());
const { connection } = mainOf(stack.hosts);

function connectionsBy({ environment }: StubSsh): EarlyConnections {
  return new EarlyConnections({ stack: stack.name, environment, say: () => undefined, pauses: [] });
}

describe("a connection that began early", () => {
  it("is the one that the run gets", async () => {
    const ssh = new StubSsh();
    const connections = connectionsBy(ssh);
    connections.begin([connection]);
    const client = await connections.to(connection);
    expect(await connections.to(connection)).toBe(client);
    await client.close();
  });

  it("fails only where the run asks for it", async () => {
    const connections = connectionsBy(new StubSsh("exit 255"));
    connections.begin([connection]);
    await expect(connections.to(connection)).rejects.toThrow("ssh ended without output (exit code 255)");
  });

  it("is made again where it failed before", async () => {
    const ssh = new StubSsh(`[ -e "$folder/up" ] || exit 255\n${answers}`);
    const connections = connectionsBy(ssh);
    connections.begin([connection]);
    await expect(connections.to(connection)).rejects.toThrow("ssh ended without output");
    ssh.write("up", "");
    await (await connections.to(connection)).close();
  });

  it("is made again where it was lost", async () => {
    const connections = connectionsBy(new StubSsh());
    connections.begin([connection]);
    const first = await connections.to(connection);
    await first.close();
    const next = await connections.to(connection);
    expect([first.isOpen, next.isOpen]).toEqual([false, true]);
    await next.close();
  });

  it("lets a run end that ends before it asks for it", async () => {
    const ssh = new StubSsh("cat >/dev/null"); // it never answers
    const options = JSON.stringify({ stack: stack.name, environment: ssh.environment });
    const module = join(checkout, "remote", "early-connections.ts");
    const run = `import { EarlyConnections } from ${JSON.stringify(module)};
      EarlyConnections.beginForProcess(${options}, [${JSON.stringify(connection)}]);
      process.stdout.write("done");`;
    const { code, stdout } = await runChild([process.execPath, "--input-type=module", "-e", run], { deadline: 20_000 });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "done" });
  });

  it("is not given for another server: a new one is made", async () => {
    const connections = connectionsBy(new StubSsh());
    connections.begin([connection]);
    const client = await connections.to({ ...connection, host: "192.0.2.2" });
    const begun = await connections.to(connection);
    expect(client).not.toBe(begun);
    await Promise.all([client.close(), begun.close()]);
  });
});

describe("the connections that a process began for its run", () => {
  const counting = `echo start >>"$folder/starts"\necho 'for people' >&2\n${answers}`;
  const options = ({ environment }: StubSsh) => ({ stack: stack.name, environment, pauses: [] });

  it("are the run's, and it hears what the server said before", async () => {
    const ssh = new StubSsh(counting);
    EarlyConnections.beginForProcess(options(ssh), [connection]);
    const heard: string[] = [];
    const connections = EarlyConnections.ofProcess({ ...options(ssh), say: (line) => heard.push(line) });
    connections.begin([connection]);
    const client = await connections.to(connection);
    await client.observe(onlyTheServer);
    await client.close();
    expect(ssh.lines("starts")).toEqual(["start"]);
    expect(heard).toEqual(["for people"]);
  });

  it("are not those of a run of another stack", async () => {
    const ssh = new StubSsh(counting);
    EarlyConnections.beginForProcess(options(ssh), [connection]);
    const other = EarlyConnections.ofProcess({ ...options(ssh), stack: "shop/other", say: () => undefined });
    const clients = [await other.to(connection), await EarlyConnections.ofProcess(said(ssh)).to(connection)];
    await Promise.all(clients.map((client) => client.close()));
    expect(ssh.lines("starts")).toEqual(["start", "start"]);
  });

  it("end where the run has other servers", async () => {
    const ssh = new StubSsh(counting);
    EarlyConnections.beginForProcess(options(ssh), [connection]);
    const connections = EarlyConnections.ofProcess(said(ssh));
    const begun = await connections.to(connection);
    connections.begin([{ ...connection, host: "192.0.2.2" }]);
    await expect.poll(() => ssh.requests()).toContainEqual({ do: "end" });
    await begun.close();
    await (await connections.to({ ...connection, host: "192.0.2.2" })).close();
  });

  function said(ssh: StubSsh) {
    return { ...options(ssh), say: () => undefined };
  }
});
