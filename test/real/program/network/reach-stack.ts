import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { compose } from "../../../../host/verbs/compose.ts";
import { networks } from "../../../../host/verbs/networks.ts";
import { rollout } from "../../../../host/verbs/rollout.ts";
import type { Verb } from "../../../../host/verbs/verb.ts";
import type { Work } from "../../../../host/work.ts";
import { bodySchemas, readBody } from "../../../../model/document/bodies.ts";
import type { Network } from "../../../../model/compose/network/network.ts";
import { parseNumber } from "../../../../model/document/number.ts";
import { readLastOutputs } from "../../../../model/facts/last-outputs.ts";
import { planDeployment, type HostPlan } from "../../../../model/plan/plan.ts";
import type { PlannedDocument } from "../../../../model/plan/planned-document.ts";
import type { Deployment } from "../../../../model/stack/deployment.ts";
import { stackOf } from "../../../../model/stack/derive.ts";
import { base, traefik } from "../../../hosts/image/images.ts";
import { recipeTag } from "../../../hosts/image/recipe.ts";
import { testServer, type TestServer } from "../../../host/verbs/server.ts";
import { deployment, service } from "../../../model/stack/aaperture.ts";
import { mainOf } from "../../../model/stack/main-host.ts";
import { docker } from "../docker.ts";

/** A service of a test: what the compose file says of it. */
export type ReachService = NonNullable<Parameters<typeof service>[1]> & {
  readonly release?: true;
  /** The port at which it answers. @default 8080 */
  readonly port?: number;
};

/** The compose file of a test. */
export interface ReachFile {
  readonly services: Readonly<Record<string, ReachService>>;
  readonly networks?: Readonly<Record<string, Network>>;
}

/** Answers each request with its own name and version. */
const answering =
  "use IO::Socket::INET; " +
  "my $s = IO::Socket::INET->new(LocalPort => $ENV{PORT}, Listen => 64, ReuseAddr => 1) or die; " +
  '$SIG{TERM} = sub { exit }; while (my $c = $s->accept) { while (<$c>) { last if /^\\r/ } my $a = "$ENV{SELF}\\n"; ' +
  'print $c "HTTP/1.0 200 OK\\r\\nContent-Length: " . length($a) . "\\r\\n\\r\\n$a"; close $c }';

const asking =
  'exec 3<>/dev/tcp/$0/$1 && printf "GET / HTTP/1.0\\r\\nHost: shop.example.com\\r\\n\\r\\n" >&3 && cat <&3';

let stacks = 0;

/** A stack on this machine's own engine, whose services are asked from inside of their containers. */
export class ReachStack {
  readonly project: string;
  readonly #server: TestServer;
  readonly #directory: string;
  readonly #range = `10.${120 + (stacks += 1)}.0.0/16`;
  #plan: HostPlan | undefined;

  constructor(stack = "shop/staging") {
    this.#server = testServer(stack);
    this.project = this.#server.unique;
    this.#directory = join(this.#server.folder, "shop");
    mkdirSync(this.#directory);
    writeFileSync(join(this.#directory, ".env"), "");
    onTestFinished(() => this.#close());
  }

  /** Brings everything up as a run does, in the order of its documents. */
  async up(file: ReachFile, version = "1"): Promise<void> {
    const plan = this.#planOf(file, version);
    this.#plan = plan;
    await this.#apply(networks, plan.networks);
    if (plan.shared?.before !== undefined) await this.#apply(compose, plan.shared.before);
    if (plan.release === undefined) return;
    await this.#apply(compose, plan.release.proxy);
    await this.#apply(rollout, plan.release.rollout);
    if (plan.shared?.after !== undefined) await this.#apply(compose, plan.shared.after);
  }

  /** All differences of what was applied last. */
  async differences(): Promise<string[]> {
    const plan = this.#plan;
    if (plan === undefined) throw new Error("nothing was applied");
    const work = this.#server.work("all");
    const { shared, release } = plan;
    const composed = [shared?.before, release?.proxy, shared?.after].filter((document) => document !== undefined);
    const found = [
      ...(await networks.differences(bodySchemas.networks.parse(plan.networks.document.body), work)),
      ...(
        await Promise.all(
          composed.map(({ document }) => compose.differences(bodySchemas.compose.parse(document.body), work)),
        )
      ).flat(),
    ];
    return found.map(({ where, expected, found: now }) =>
      `${where}: ${expected} => ${now}`.replaceAll(this.project, "P"),
    );
  }

  /** What a container gets from a name: who answers there, or why nobody does. */
  async ask(from: string, name: string, port = 8080): Promise<string> {
    // Nobody outside knows these names, and in a network without a way out each question would wait for long.
    const impatient = ["--env", "RES_OPTIONS=timeout:1 attempts:1"];
    const words = [
      "exec",
      ...impatient,
      this.container(from),
      "timeout",
      "5",
      "bash",
      "-c",
      asking,
      name,
      String(port),
    ];
    try {
      const { stdout } = await promisify(execFile)("docker", words);
      return stdout.trim().split("\n").at(-1) ?? "";
    } catch (error) {
      const text = String(error);
      if (/Name or service not known|Temporary failure/.test(text)) return "no such name";
      const isLate = error instanceof Error && "code" in error && error.code === 124;
      if (isLate || /unreachable/.test(text)) return "no way";
      return /refused/.test(text) ? "refused" : `nothing: ${text.slice(-200)}`;
    }
  }

  /** All answers of a question by those who ask. */
  async table(from: string, ...names: readonly string[]): Promise<Record<string, string>> {
    const answers = await Promise.all(names.map(async (name) => [name, await this.ask(from, name)] as const));
    return Object.fromEntries(answers);
  }

  /** The id of a service's container, by its name with the colour. */
  container(name: string): string {
    const filter = `label=com.docker.compose.service=${name}`;
    const all = docker("ps", "--quiet", "--no-trunc", "--filter", filter, "--filter", `name=^${this.project}-`);
    const [first = ""] = all.split("\n");
    if (first === "") throw new Error(`there is no container of ${name}`);
    return first;
  }

  #planOf({ services, networks: file = {} }: ReachFile, version: string): HostPlan {
    const image = docker("image", "inspect", "--format", "{{.Id}}", recipeTag(base));
    const list = Object.entries(services).map(([name, also]) => {
      const { port = 8080 } = also;
      const environment = { SELF: `${name} ${also.release === true ? version : "1"}`, PORT: String(port) };
      const command = ["perl", "-e", answering.replaceAll("$", "$$$$")];
      const fields = { command, environment, ...also.fields };
      return service(name, { image, exposed: [{ first: port, last: port }], ...also, fields });
    });
    const released = Object.entries(services).filter(([, { release }]) => release === true);
    const names = Object.keys(services);
    const settings = Object.fromEntries(
      released.map(([name, { port = 8080 }]) => [name, { release: true, port }] as const),
    );
    const plain = deployment(list, settings, {
      ...{ stack: "shop/staging", directory: this.#directory, project: this.project },
      networks: { range: this.#range, subnets: {} },
      release: { version, images: Object.fromEntries(names.map((name) => [name, image])) },
      proxy: { image: docker("image", "inspect", "--format", "{{.Id}}", recipeTag(traefik)), memory: undefined },
      rollout: { strategy: "blue-green", gate: { answers: 2, seconds: 0.2, interval: 0.1 }, watch: 1, warm: "stopped" },
    });
    const wanted: Deployment = { ...plain, application: { ...plain.application, networks: file } };
    const facts = { hosts: { main: { observation: undefined, last: readLastOutputs({}, "main") } } };
    const planned = planDeployment({ deployment: wanted, stack: stackOf(wanted) }, { ...facts, newAttempt: () => "a" });
    return mainOf(planned.hosts);
  }

  async #apply<Kind extends "networks" | "compose" | "rollout">(verb: Verb<Kind>, planned: PlannedDocument) {
    const { document, hash, object, text } = planned;
    const work: Work = this.#server.work(object, { hash, secrets: new Map([["env", Buffer.from("")]]) });
    const { body, issues } = readBody(verb.kind, document.body);
    if (body === undefined) throw new Error(JSON.stringify(issues));
    try {
      await verb.apply(body, work);
    } catch (error) {
      throw new Error(`${String(error)}\n${this.#server.said.join("\n")}`, { cause: error });
    }
    const { kind, resource } = document;
    work.state.writeApplied({ object, resource, kind, number: parseNumber(planned.number), hash, text });
  }

  #close(): void {
    const ids = docker("ps", "--all", "--quiet", "--filter", `name=^${this.project}-`);
    if (ids !== "") docker("rm", "--force", ...ids.split("\n"));
    const left = docker("network", "ls", "--quiet", "--filter", `name=^${this.project}`);
    if (left !== "") docker("network", "rm", ...left.split("\n"));
  }
}
