import type { DeliveredFile } from "../delivery/delivered-file.ts";
import { Delivery } from "../delivery/delivery.ts";
import type { Verb } from "./verb.ts";
import type { View } from "../view.ts";

const object = "files";

/** The files of the repository that shared services mount. */
export const files: Verb<"files"> = {
  kind: "files",

  differences({ directory, files: wanted }, view) {
    return Promise.resolve(deliveryOf(directory, view).differences(filesOf(wanted)));
  },

  apply({ directory, files: wanted }, work) {
    const say = (message: string): void => work.say("files", message);
    deliveryOf(directory, work).deliver(filesOf(wanted), work.number, say);
    return Promise.resolve({});
  },

  remove({ directory }, work) {
    deliveryOf(directory, work).remove((message) => work.say("files", message));
    return Promise.resolve();
  },
};

/** Others may pass through the folders: the user of a container that mounts one is seldom root. */
function deliveryOf(directory: string, { state }: View): Delivery {
  return new Delivery({ phase: "files", directory, folderMode: 0o755, object, state });
}

function filesOf(wanted: Readonly<Record<string, Omit<DeliveredFile, "owner">>>): ReadonlyMap<string, DeliveredFile> {
  return new Map(Object.entries(wanted).map(([path, file]) => [path, { ...file, owner: "root" }]));
}
