import { sshConnection } from "../../model/connection.ts";
import { HostClient } from "../../remote/host-client.ts";

// A run that connects, and comes to its end without closing the connection.
const client = new HostClient({
  connection: sshConnection({ address: "192.0.2.1", port: 22, user: "deploy", hostKey: "ssh-ed25519 AAAA" }),
  program: { text: "", sha256: "0" },
  runtimes: { version: "24.0.0", get: () => Promise.reject(new Error("not asked for")) },
  stack: "shop/test",
  environment: process.env,
  say: () => undefined,
});
await client.ready();
process.stdout.write("connected\n");
