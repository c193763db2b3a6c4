import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { z } from "zod";
import { dataAnswer, DataGuard } from "../../../host/data/guard.ts";
import { machineId } from "../../../host/facts/machine.ts";
import { volume as verb } from "../../../host/verbs/volume.ts";
import { isFolder } from "../../../model/data-place.ts";
import type { Body } from "../../../model/document/bodies.ts";
import type { DocumentMap } from "../../../model/document/document.ts";
import { parseNumber } from "../../../model/document/number.ts";
import { writeDocument } from "../../../model/document/writer.ts";
import { testServer } from "../../host/verbs/server.ts";
import { writeCluster } from "../../host/data/volumes.ts";
import { docker } from "./docker.ts";

export const machine = machineId();

type Kind = "postgres" | "files";

/** A stack with data volumes in this machine's own engine, named after the test. */
export class VolumeStack {
  readonly server: ReturnType<typeof testServer>;
  readonly #names = new Set<string>();

  constructor(server = testServer()) {
    this.server = server;
    onTestFinished(() => {
      if (this.#names.size > 0) docker("volume", "rm", "--force", ...this.#names);
    });
  }

  /** The name of a volume on the server, which goes with the test. */
  name(key: string): string {
    const name = `${this.server.unique}_${key}`;
    this.#names.add(name);
    return name;
  }

  body(key: string, more: Partial<Body<"volume">> = {}): Body<"volume"> {
    return { volume: this.name(key), service: "api", data: "files", ...more };
  }

  /** A data folder below a folder of the test; it is not made. */
  folder(key: string, more: Partial<Body<"volume">> = {}): Body<"volume"> {
    const top = mkdtempSync(join(tmpdir(), "slipway-folder-"));
    onTestFinished(() => rmSync(top, { recursive: true }));
    return { volume: join(top, key), service: "api", data: "files", ...more };
  }

  async differences(body: Body<"volume">): Promise<string[]> {
    const found = await verb.differences(body, this.server.work("volume"));
    return found.map(({ where, expected, found }) => `${where}: ${expected}, ${found}`);
  }

  /** Applies a document as a run does; the claim of the stack has all its volumes. */
  async apply(body: Body<"volume">, claimed: readonly string[] = [body.volume]): Promise<void> {
    const work = this.server.work(`volume:${body.volume}`);
    const volumes = Object.fromEntries(claimed.map((name) => [name, body.service]));
    const claim = { directory: "/srv/shop", containers: {}, networks: {}, ports: {}, projects: {}, volumes };
    this.#install({ kind: "claim", resource: "claim", body: claim }, "claim");
    await verb.apply(body, work);
    this.#install({ kind: "volume", resource: "volume", body: withoutUndefined(body) }, `volume:${body.volume}`);
  }

  guard(services: Readonly<Record<string, Readonly<Record<string, Kind>>>>): DataGuard {
    const named = Object.entries(services).map(([service, volumes]) => [service, { volumes }] as const);
    return new DataGuard(Object.fromEntries(named), this.server.work("compose:shop"));
  }

  /** What the server remembers of these volumes, as a verb answers it. */
  told(...volumes: readonly string[]): unknown {
    const services = { any: { volumes: Object.fromEntries(volumes.map((name) => [name, "files"] as const)) } };
    return dataAnswer(services, this.server.work("compose:shop")).data ?? {};
  }

  /** Applies a document, then lets its service come up well. */
  async deploy(body: Body<"volume">, claimed?: readonly string[]): Promise<void> {
    await this.apply(body, claimed);
    const guard = this.guard({ [body.service]: { [body.volume]: body.data } });
    await guard.check();
    await guard.remember(body.service);
  }

  /** Deploys a volume or folder, into which its service wrote before it was well. */
  async deployWithData(body: Body<"volume">): Promise<void> {
    await this.apply(body);
    this.write(body.volume);
    await this.deploy(body);
  }

  /** Adopts an empty volume or folder, into which its service then writes, and empties it again. */
  async adoptAndEmpty(body: Body<"volume">): Promise<Body<"volume">> {
    const adopted = { ...body, adopt: await adoptionIn(this.apply(body)) };
    await this.deploy(adopted);
    this.write(body.volume);
    await this.deploy(adopted);
    this.empty(body.volume);
    return adopted;
  }

  path(name: string): string {
    if (isFolder(name)) return name;
    return docker("volume", "inspect", "--format", "{{.Mountpoint}}", name);
  }

  write(name: string, file = "a", text = "1"): void {
    writeFileSync(join(this.path(name), file), text);
  }

  read(name: string, file = "a"): string {
    return readFileSync(join(this.path(name), file), "utf8");
  }

  writeCluster(name: string, identifier: bigint): void {
    writeCluster(this.path(name), identifier);
  }

  empty(name: string, file = "a"): void {
    rmSync(join(this.path(name), file));
  }

  /** Removes a volume, and makes it again as Docker would by itself. */
  remake(name: string): void {
    if (isFolder(name)) {
      renameSync(name, `${name}.before`);
      mkdirSync(name);
      return;
    }
    docker("volume", "rm", name);
    docker("volume", "create", name);
  }

  #install(document: Parameters<typeof writeDocument>[0], object: string): void {
    const number = parseNumber("4.2");
    const { kind, resource } = document;
    const text = writeDocument(document, number);
    this.server.work(object).state.writeApplied({ object, resource, kind, number, hash: "h", text });
  }
}

function withoutUndefined({ making, ...body }: Body<"volume">): DocumentMap {
  const fields = Object.entries({ ...body, ...(making !== undefined && { making: definedIn(making) }) });
  return Object.fromEntries(fields.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}

function definedIn(making: object): DocumentMap {
  return z
    .record(z.string(), z.union([z.string(), z.record(z.string(), z.string())]))
    .parse(Object.fromEntries(Object.entries(making).filter(([, value]) => value !== undefined)));
}

/** The value of `adopt` that a refusal names. */
export async function adoptionIn(refused: Promise<unknown>): Promise<string> {
  const message = await refused.then(
    () => "",
    (error: unknown) => String(error),
  );
  const value = /adopt\.data\["[^"]+"\]' (\S+?)`/.exec(message)?.[1];
  if (value === undefined) throw new Error(`not a refusal with a way to adopt: ${message}`);
  return value;
}
