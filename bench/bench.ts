import type { TestServer, TestServers } from "../test/hosts/servers.ts";

/** Two fresh servers: one for slipway, and one for the same deployment by hand. */
export interface Bench {
  readonly folder: string;
  readonly servers: TestServers;
  readonly ours: TestServer;
  readonly byHand: TestServer;
  readonly say: (line: string) => void;
}
