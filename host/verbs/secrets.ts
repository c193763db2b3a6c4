import { Buffer } from "node:buffer";
import { z } from "zod";
import type { Difference } from "../../model/facts/observation.ts";
import type { Body } from "../../model/document/bodies.ts";
import { Failure } from "../failure.ts";
import { Delivery, type ContentDifferences, type DeliveredFile } from "../files/delivery.ts";
import { envDifferences, envSums } from "../files/env-sums.ts";
import { Tree } from "../files/tree.ts";
import type { Verb, View, Work } from "./verb.ts";

const object = "secrets";
const envFile = ".env";
/** The folder of files with one secret each. A container sees the file that it mounts; only root enters the folder. */
const secretFolder = "secrets";
const folderMode = 0o700;

const sumsSchema = z.record(z.string(), z.string());

/**
 * The env file, and files with one secret each. The document holds names and fingerprints; the bytes come from the
 * session.
 */
export const secrets: Verb<"secrets"> = {
  kind: "secrets",

  differences(body, view) {
    const files = deliveryOf(body.directory, view).differences(
      new Map(Object.entries(body.files)),
      contentOf(body, view),
    );
    return Promise.resolve([...files, ...folderDifferences(body)]);
  },

  apply(body, work) {
    const files = new Map(Object.entries(body.files).map(([path, file]) => [path, staged(path, file, work)]));
    const env = files.get(envFile);
    // Before the file: if this run ends in between, the next one writes the file, and until then it tells a change.
    if (env !== undefined) work.state.remember(`${object}:variables`, envSums(textOf(env.content)));
    mendFolder(body);
    const say = (message: string): void => work.say("secrets", message);
    deliveryOf(body.directory, work).deliver(files, work.number, say);
    return Promise.resolve({});
  },

  remove({ directory }, work) {
    deliveryOf(directory, work).remove();
    work.state.forgetMemory(`${object}:variables`);
    return Promise.resolve();
  },
};

function deliveryOf(directory: string, { state }: View): Delivery {
  return new Delivery({ phase: "secrets", directory, folderMode, object, state });
}

function staged(path: string, file: Body<"secrets">["files"][string], { secrets: bytes, number }: Work): DeliveredFile {
  const content = bytes.get(file.staged);
  if (content !== undefined) return { content, owner: file.owner, mode: file.mode };
  const what = `the session brought nothing as '${file.staged}' for '${path}' (document ${number})`;
  throw new Failure("secrets", `${what}; run \`pulumi up\` again`);
}

function contentOf({ directory }: Body<"secrets">, { state }: View): ContentDifferences {
  return (path) => {
    if (path !== envFile) return [{ where: path, expected: "as it was delivered", found: "changed by hand" }];
    const found = new Tree(directory).at(path, (parent, name) => parent.read(name));
    const delivered = state.memory(`${object}:variables`, sumsSchema) ?? {};
    return envDifferences(path, delivered, envSums(textOf(found ?? Buffer.alloc(0))));
  };
}

/** Nobody but root may look into the folder. */
function folderDifferences({ directory, files }: Body<"secrets">): Difference[] {
  if (!usesFolder(files)) return [];
  const found = new Tree(directory).at(secretFolder, (parent, name) => parent.stat(name));
  if (found === undefined) return []; // its files are missing, too
  if (!found.isDirectory()) return [{ where: secretFolder, expected: "folder", found: "no folder" }];
  const mode = (found.mode & 0o7777).toString(8).padStart(4, "0");
  return [
    ...(found.uid === 0 ? [] : [{ where: `${secretFolder} owner`, expected: "root", found: String(found.uid) }]),
    ...(mode === "0700" ? [] : [{ where: `${secretFolder} mode`, expected: "0700", found: mode }]),
  ];
}

/** Closes the folder to others before anything is written there. */
function mendFolder({ directory, files }: Body<"secrets">): void {
  if (!usesFolder(files)) return;
  new Tree(directory).at(secretFolder, (parent, name) => {
    using folder = parent.folder(name);
    folder?.setAccess({ mode: folderMode, uid: 0, gid: 0 });
  });
}

function usesFolder(files: Body<"secrets">["files"]): boolean {
  return Object.keys(files).some((path) => path.startsWith(`${secretFolder}/`));
}

function textOf(content: Uint8Array): string {
  return Buffer.from(content).toString("utf8");
}
