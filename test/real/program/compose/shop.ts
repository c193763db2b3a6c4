import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { bodySchemas, type Body } from "../../../../model/document/bodies.ts";
import type { DocumentMap } from "../../../../model/document/document.ts";
import { composeObject } from "../../../../model/document/object.ts";
import { documentHash, writeDocument } from "../../../../model/document/writer.ts";
import { parseNumber } from "../../../../model/document/number.ts";
import type { Difference } from "../../../../model/facts/observation.ts";
import { compose } from "../../../../host/verbs/compose.ts";
import type { Work } from "../../../../host/work.ts";
import { base } from "../../../hosts/image/images.ts";
import { recipeTag } from "../../../hosts/image/recipe.ts";
import { testServer } from "../../../host/verbs/server.ts";
import { docker } from "../docker.ts";

/** A service of a test: fields of the compose file, and facts of the document. */
export interface ShopService {
  readonly command?: readonly string[];
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly facts?: DocumentMap;
}

export type ShopServices = Readonly<Record<string, ShopService>>;

export const sleeps = ["sleep", "600"];

/** The shared services of a stack on this machine's own engine: they are gone when the test ends. */
export class Shop {
  readonly project: string;
  readonly folder: string;
  readonly directory: string;
  readonly server = testServer();
  readonly env: string;

  constructor() {
    const { folder, unique } = this.server;
    this.folder = folder;
    this.project = unique;
    this.directory = join(folder, "shop");
    this.env = join(this.directory, ".env");
    mkdirSync(this.directory);
    this.setEnv({ TOKEN: "canary-one" });
    // A stack's own folder is there before its services are.
    this.remember("directory", { path: this.directory, owner: "root", mode: "0755" }, `directory:${this.directory}`);
    onTestFinished(() => {
      this.removeContainers();
      const networks = docker("network", "ls", "--quiet", "--filter", `name=${this.project}`);
      if (networks !== "") docker("network", "rm", ...networks.split("\n"));
    });
  }

  /** Replaces a file of the stack, as slipway does. */
  replace(name: string, content: string): void {
    const path = join(this.directory, name);
    writeFileSync(`${path}.new`, content, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }

  setEnv(variables: Readonly<Record<string, string>>): void {
    this.replace(
      ".env",
      Object.entries(variables)
        .map(([name, value]) => `${name}="${value}"\n`)
        .join(""),
    );
  }

  /** The text of the compose file, which is YAML as all JSON is. */
  composeText(services: ShopServices): string {
    const all = Object.entries(services).map(([name, { command = sleeps, fields = {} }]) => [
      name,
      { image: recipeTag(base), pull_policy: "never", restart: "unless-stopped", init: true, command, ...fields },
    ]);
    return `${JSON.stringify({ name: this.project, services: Object.fromEntries(all) as unknown })}\n`;
  }

  document(services: ShopServices, more: DocumentMap = {}): DocumentMap {
    const facts = Object.entries(services).map(([name, service]): [string, DocumentMap] => [
      name,
      { image: recipeTag(base), deadline: "20", mounts: {}, variables: {}, volumes: {}, ...service.facts },
    ]);
    return {
      directory: this.directory,
      project: this.project,
      compose: Buffer.from(this.composeText(services)),
      env: this.env,
      services: Object.fromEntries(facts),
      ...more,
    };
  }

  body(services: ShopServices, more: DocumentMap = {}): Body<"compose"> {
    return bodySchemas.compose.parse(this.document(services, more));
  }

  /** Applies these services. */
  async apply(services: ShopServices, more: Partial<Work> = {}): Promise<void> {
    await this.applyBody(this.document(services), more);
  }

  /** Applies a document, and remembers it as a verb that has ended does. */
  async applyBody(document: DocumentMap, more: Partial<Work> = {}): Promise<void> {
    const object = composeObject(this.project, document["after"] !== undefined);
    await compose.apply(bodySchemas.compose.parse(document), Object.assign(this.server.work(object), more));
    this.remember("compose", document, object);
  }

  async differences(services: ShopServices, more: DocumentMap = {}): Promise<string[]> {
    const found = await compose.differences(this.body(services, more), this.work());
    return found.map(({ where, expected, found: now }: Difference) => `${where}: ${expected} => ${now}`);
  }

  async remove(services: ShopServices, more: DocumentMap = {}): Promise<void> {
    await compose.remove(this.body(services, more), this.work());
  }

  work(): Work {
    return this.server.work(`compose:${this.project}`);
  }

  /** Keeps a document as one that was applied. */
  remember(kind: string, body: DocumentMap, object: string): void {
    const number = parseNumber("4.2");
    const document = { kind, resource: "staging-test", body };
    const text = writeDocument(document, number);
    const applied = { object, resource: "staging-test", kind, number, hash: documentHash(document), text };
    this.server.work(object).state.writeApplied(applied);
  }

  /** The container of a service, as Compose names it. */
  name(service: string): string {
    return `${this.project}-${service}-1`;
  }

  inspect(service: string, format: string): string {
    return docker("inspect", "--format", format, this.name(service));
  }

  id(service: string): string {
    return this.inspect(service, "{{.Id}}");
  }

  exec(service: string, ...words: string[]): string {
    return docker("exec", this.name(service), ...words);
  }

  /** The names of all containers whose name begins with the project. */
  names(): string[] {
    const names = docker("ps", "--all", "--filter", `name=${this.project}`, "--format", "{{.Names}}");
    return names === "" ? [] : names.split("\n").sort();
  }

  removeContainers(): void {
    const names = this.names();
    if (names.length > 0) docker("rm", "--force", "--volumes", ...names);
  }
}
