import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, posix, relative } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { checkout } from "../../../toolchain/paths.ts";
import { isMap } from "../../../model/json.ts";
import type { TestServer } from "../../hosts/servers.ts";

const config = z.record(z.string(), z.unknown());
const file = z.looseObject({ config });
const projectFile = z.looseObject({ name: z.string(), config: config.optional() });
const releaseFile = z.looseObject({ images: z.record(z.string(), z.string()) });

/** The stack that every case has. */
export const stackName = "production" as const;

/** Keys of a stack with other values than the case's own. */
export type Settings = Readonly<Record<string, unknown>>;

/** The images with which a case is deployed. */
interface DeployedImages {
  readonly proxy: string;
  /** By service. */
  readonly images: Readonly<Record<string, string>>;
  /** The compose files of the case. */
  readonly files: readonly string[];
}

/** The configuration of a case in a folder. */
export class CaseConfiguration {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The project's name. */
  get name(): string {
    return this.#project().name;
  }

  /** Sets keys of the stack, in the place of the application's own. */
  set(settings: Settings): void {
    const project = this.#project();
    const kept = Object.entries(project.config ?? {}).filter(([key]) => !(key in settings));
    this.#write("Pulumi.yaml", { ...project, config: Object.fromEntries(kept) });
    const stack = this.#stack();
    const named = Object.entries(settings).map(([key, value]) => [`${this.name}:${key}`, value] as const);
    this.#write(`Pulumi.${stackName}.yaml`, { ...stack, config: { ...stack.config, ...Object.fromEntries(named) } });
  }

  /** Replaces what the case had made up: the server, the images, and the encrypted values, whose paths it returns. */
  deployTo(server: TestServer, user: string, { proxy, images, files }: DeployedImages): string[] {
    const { networkAddress: address, hostKey } = server;
    this.#write("Pulumi.yaml", { ...this.#project(), main: relative(this.#folder, join(checkout, "index.ts")) });
    const released = this.release("1.0.0", images);
    const others = Object.entries(images).filter(([service]) => !released.includes(service));
    const compose = [...files, this.#override(files, Object.fromEntries(others))];
    this.set({ host: { address, user, hostKey }, proxy: { image: proxy }, compose });
    const stack = this.#stack();
    const paths = new Set<string>();
    const plain = withoutSecrets(stack.config, [], paths);
    this.#write(`Pulumi.${stackName}.yaml`, { ...stack, config: plain });
    const own = [...paths].map((path) => path.replace(`${this.name}:`, ""));
    return own.filter((path) => path !== "fingerprintKey");
  }

  /** Writes the release document, and returns the services that it names. */
  release(version: string, images: Readonly<Record<string, string>>): string[] {
    const path = join(this.#folder, "release.json");
    if (!existsSync(path)) return [];
    const document = releaseFile.parse(JSON.parse(readFileSync(path, "utf8")));
    const names = Object.keys(document.images);
    const own = Object.fromEntries(names.map((name) => [name, images[name] ?? document.images[name]]));
    writeFileSync(path, JSON.stringify({ ...document, version, images: own }));
    return names;
  }

  /** Writes a compose file that gives services other images. It lies beside the others. */
  #override(files: readonly string[], images: Readonly<Record<string, string>>): string {
    const name = posix.join(posix.dirname(files[0] ?? ""), "images-of-test.yaml");
    const services = Object.entries(images).map(([service, image]) => [service, { image }] as const);
    this.#write(name, { services: Object.fromEntries(services) });
    return name;
  }

  #project(): z.infer<typeof projectFile> {
    return projectFile.parse(parse(readFileSync(join(this.#folder, "Pulumi.yaml"), "utf8")));
  }

  #stack(): z.infer<typeof file> {
    return file.parse(parse(readFileSync(join(this.#folder, `Pulumi.${stackName}.yaml`), "utf8")));
  }

  #write(name: string, value: unknown): void {
    writeFileSync(join(this.#folder, name), stringify(value));
  }
}

/** The values without the encrypted ones, whose paths are added to a set. */
function withoutSecrets(value: Settings, path: readonly string[], paths: Set<string>): Settings {
  const entries = Object.entries(value).flatMap(([key, one]): [string, unknown][] => {
    if (!isMap(one)) return [[key, one]];
    if (typeof one["secure"] !== "string") return [[key, withoutSecrets(one, [...path, key], paths)]];
    paths.add([...path, key].join("."));
    return [];
  });
  return Object.fromEntries(entries);
}
