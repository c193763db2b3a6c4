import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { Host } from "../../components/host.ts";
import { connectionOf } from "../../model/connection.ts";
import { record } from "./recorded.ts";

const address = { address: "192.0.2.10", port: 22, user: "deploy", hostKey: "ssh-ed25519 AAAA" };

it("a host is checked by its preflight over a pinned connection", async () => {
  const recorded = await record(() => new Host("host", { connection: connectionOf(address) }));
  expect(recorded.filter(({ type }) => type !== "pulumi:pulumi:Stack")).toEqual([
    { type: "slipway:index:Host", name: "host", inputs: expect.anything() as unknown },
    {
      type: "command:remote:Command",
      name: "host-preflight",
      inputs: {
        addPreviousOutputInEnv: false,
        connection: {
          host: "192.0.2.10",
          port: 22,
          user: "deploy",
          hostKey: "ssh-ed25519 AAAA",
          dialErrorLimit: 3,
          perDialTimeout: 10,
        },
        create: "bash -s",
        stdin: readFileSync("host/preflight.sh", "utf8"),
      },
    },
  ]);
});
