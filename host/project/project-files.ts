import { Buffer } from "node:buffer";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { isEnvFile } from "../../model/env-folder.ts";
import type { Difference } from "../../model/facts/observation.ts";
import { messageOf } from "../../model/problem.ts";
import { Failure } from "../failure.ts";
import type { DeliveredFile } from "../delivery/delivered-file.ts";
import { Delivery } from "../delivery/delivery.ts";
import { envFileDifferences, envFileSums, envFileSumsSchema } from "../files/env-sums.ts";
import {
  closeSecretFolder,
  secretFolder,
  secretFolderDifferences,
  secretFolderMode,
  usesSecretFolder,
} from "../files/secret-folder.ts";
import { sumOf } from "../files/read.ts";
import { composeFileOf } from "../../model/server-places.ts";
import type { StackState } from "../state/stack-state.ts";
import type { ProjectPlace } from "./compose-command.ts";
import { composeContent, containerNames } from "./compose-file.ts";

const memorySchema = z.object({
  /** By path: owner and mode of each file. */
  forms: z.record(z.string(), z.object({ owner: z.string(), mode: z.string() })),
  /** By path: the variables of each env file, by the sums of their lines. */
  variables: envFileSumsSchema,
  /** The sum of the compose file, and by name the service of each container that Compose makes from it. */
  compose: z.object({ sha256: z.string(), names: z.record(z.string(), z.string()) }),
});

function composeMemory(project: string, content: Uint8Array = new Uint8Array()) {
  const names = containerNames(project, Buffer.from(content).toString("utf8"));
  return { sha256: sumOf(content), names: Object.fromEntries(names) };
}

/** The files that a compose project brings: compose.yaml and those beside it, with a memory of their own (SEC-B4). */
export class ProjectFiles {
  readonly #place: ProjectPlace;
  readonly #state: StackState;
  /** The folder below which they are delivered, and the way from it to the project's own. */
  readonly #root: string;
  readonly #prefix: string;

  /** The folder of a part of a stack, such as its proxy's, is made and removed with the files in it. */
  constructor(place: ProjectPlace, state: StackState) {
    const { directory } = place;
    const isStacks = state.applied(`directory:${directory}`) !== undefined;
    this.#place = place;
    this.#state = state;
    this.#root = isStacks ? directory : dirname(directory);
    this.#prefix = isStacks ? "" : `${basename(directory)}/`;
  }

  deliver(files: ReadonlyMap<string, DeliveredFile>, number: string, say: (message: string) => void): void {
    const all = new Map([...files].map(([path, file]) => [this.#prefix + path, file]));
    const forms = Object.fromEntries([...all].map(([path, { owner, mode }]) => [path, { owner, mode }]));
    const variables = envFileSums(files);
    const compose = composeMemory(this.#place.project, files.get(composeFileOf(this.#place))?.content);
    // Before the files: if this run ends in between, the next one writes them, and until then they tell a change.
    this.#state.remember(this.#memory, { forms, variables, compose });
    if (usesSecretFolder(files.keys())) this.#closeSecretFolder(number);
    this.#delivery().deliver(all, number, say);
  }

  /** Removes everything that was delivered, and the folders that were made for it and are empty now. */
  remove(say: (message: string) => void): void {
    this.#delivery().remove(say);
    this.#state.forgetMemory(this.#delivered);
    this.#state.forgetMemory(this.#memory);
  }

  /** Everything that is not as it was delivered. */
  differences(): Difference[] {
    const memory = this.#state.memory(this.#memory, memorySchema);
    if (memory === undefined) {
      return [{ where: this.#place.directory, expected: "what was delivered", found: "nothing that is remembered" }];
    }
    const { forms, variables } = memory;
    const paths = Object.keys(forms);
    const found = this.#delivery().differences(new Map(Object.entries(forms)), (path) =>
      isEnvFile(path.slice(this.#prefix.length))
        ? envFileDifferences(this.#root, path, variables[path.slice(this.#prefix.length)])
        : [{ where: path, expected: "as it was delivered", found: "changed by hand" }],
    );
    const inside = paths.map((path) => path.slice(this.#prefix.length));
    const folder = usesSecretFolder(inside) ? secretFolderDifferences(this.#root, this.#prefix + secretFolder) : [];
    return [...found, ...folder].map(({ where, ...rest }) => ({ where: join(this.#root, where), ...rest }));
  }

  /**
   * By name: the service of each container that its compose file makes. The names are remembered with the sum of the
   * file, since each observation needs them, and reading YAML is the longest part of one.
   */
  containerNames(): ReadonlyMap<string, string> {
    const content = composeContent(this.#place);
    const { compose } = this.#state.memory(this.#memory, memorySchema) ?? {};
    if (compose !== undefined && compose.sha256 === sumOf(content)) return new Map(Object.entries(compose.names));
    return containerNames(this.#place.project, content.toString("utf8"));
  }

  get #memory(): string {
    return `project ${this.#name}`;
  }

  get #delivered(): string {
    return `files of project ${this.#name}`;
  }

  /** The part of a project that starts after the release has files and memories of its own. */
  get #name(): string {
    const { project, after } = this.#place;
    return after === undefined ? project : `${project} after the ${after}`;
  }

  #delivery(): Delivery {
    const secrets = this.#prefix + secretFolder;
    return new Delivery({
      phase: this.#place.project,
      directory: this.#root,
      folderMode: (path) => (path === secrets ? secretFolderMode : 0o755),
      memory: this.#delivered,
      state: this.#state,
    });
  }

  #closeSecretFolder(number: string): void {
    try {
      closeSecretFolder(this.#root, this.#prefix + secretFolder);
    } catch (error) {
      const what = `cannot close '${this.#place.directory}/${secretFolder}' (document ${number}): ${messageOf(error)}`;
      throw new Failure(this.#place.project, `${what}; remove what is in its place, then run \`pulumi up\` again`);
    }
  }
}
