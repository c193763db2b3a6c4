import { inject } from "vitest";
import { TestServer } from "../hosts/server.ts";

/** The test server of this run. All tests share its files, so each works in a folder of its own. */
export function sharedServer(): TestServer {
  const { facts, identity } = inject("server");
  return new TestServer(facts, identity);
}
