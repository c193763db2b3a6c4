import { randomBytes } from "node:crypto";
import { connectionOf } from "../../../model/connection.ts";
import type { DocumentMap } from "../../../model/document/document.ts";
import { writeDocument } from "../../../model/document/writer.ts";
import type { UnhealthyService } from "../../../model/facts/health.ts";
import type { Observation } from "../../../model/facts/observation.ts";
import { onlyTheServer, type ObservationScope } from "../../../model/facts/scope.ts";
import { connect } from "../../../remote/connect.ts";
import type { HostClient } from "../../../remote/host-client.ts";
import type { Ended } from "../../../process/child.ts";
import type { TestServer, TestServers } from "../../hosts/servers.ts";

/** One stack on a test server. It runs the installed program as the engine's resources do. */
export class ManagedServer {
  readonly server: TestServer;
  readonly stack: string;
  readonly #client: HostClient;
  #order = 0;

  private constructor(server: TestServer, stack: string, client: HostClient) {
    this.server = server;
    this.stack = stack;
    this.#client = client;
  }

  /** Opens a session, as `pulumi up` does. */
  static async open(hosts: TestServers, server: TestServer, stack: string): Promise<ManagedServer> {
    const { address, port, hostKey } = server;
    const connection = connectionOf({ address, port, user: "root", hostKey });
    const run = randomBytes(4).toString("hex");
    const client = await connect({
      ...{ connection, stack },
      environment: { ...process.env, SSH_AUTH_SOCK: hosts.agentSocket },
      say: () => undefined,
    });
    await client.lease({ seconds: 20, run, holder: `a test of ${stack}`, job: "" });
    return new ManagedServer(server, stack, client);
  }

  stage(name: string, value: string): void {
    this.#client.stage(name, value);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  /** Writes a document with the next number. */
  document(kind: string, resource: string, body: DocumentMap): string {
    return writeDocument({ kind, resource, body }, { order: ++this.#order, attempt: "a" });
  }

  /** Runs a verb on a document. */
  run(verb: string, action: "apply" | "delete", document: string): Promise<Ended> {
    const launcher = `/var/lib/slipway/stacks/${this.stack.replace("/", "@")}/slipway`;
    return this.server.exec([launcher, "verb", this.stack, verb, action], { stdin: document });
  }

  /** Runs a verb that must succeed, and returns its outcome. */
  async outcome(verb: string, action: "apply" | "delete", document: string): Promise<string> {
    const { code, stdout, stderr } = await this.run(verb, action, document);
    if (code !== 0) throw new Error(`${verb} ${action}: ended with ${code}\n${stdout}${stderr}`);
    return /"outcome":"([^"]*)"/.exec(stdout)?.[1] ?? stdout;
  }

  /** Observes an object, and lists its differences from its applied document, one line each. */
  async differences(object: string): Promise<string[]> {
    const { applied } = await this.#client.observe(onlyTheServer);
    const found = applied.find((one) => one.object === object);
    if (found === undefined) throw new Error(`nothing is applied as ${object}`);
    return found.differences.map(({ where, expected, found: now }) => `${where}: ${expected} => ${now}`);
  }

  observe(scope: ObservationScope): Promise<Observation> {
    return this.#client.observe(scope);
  }

  /** Asks for the health of what these objects' documents started, as a run does at its end. */
  async health(objects: readonly string[]): Promise<readonly UnhealthyService[]> {
    return (await this.#client.health(objects, 30)).ill;
  }

  /** Runs a script on the server that must succeed. */
  async on(script: string, stdin = ""): Promise<string> {
    const { code, stdout, stderr } = await this.server.exec(["bash", "-c", script], { stdin });
    if (code !== 0) throw new Error(`${script}: ended with ${code}: ${stderr}`);
    return stdout.trim();
  }
}
