import { describe, expect, it } from "vitest";
import { EarlyConnections } from "../../remote/early-connections.ts";
import { aaperture } from "../model/stack/aaperture.ts";
import { stackOf } from "../../model/stack/derive.ts";
import { mainOf } from "../model/stack/main-host.ts";
import { StubSsh } from "./stub-ssh.ts";

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

  it("is not given for another server: a new one is made", async () => {
    const connections = connectionsBy(new StubSsh());
    connections.begin([connection]);
    const client = await connections.to({ ...connection, port: 2222 });
    const begun = await connections.to(connection);
    expect(client).not.toBe(begun);
    await Promise.all([client.close(), begun.close()]);
  });
});
