import type { DeliveredFile } from "../delivery/delivered-file.ts";
import { filesDelivery } from "../delivery/deliveries.ts";
import type { Verb } from "./verb.ts";

/** The files of the repository that shared services mount. */
export const files: Verb<"files"> = {
  kind: "files",

  differences({ directory, files: wanted }, view) {
    return Promise.resolve(filesDelivery(directory, view.state).differences(filesOf(wanted)));
  },

  apply({ directory, files: wanted }, work) {
    const say = (message: string): void => work.say("files", message);
    filesDelivery(directory, work.state).deliver(filesOf(wanted), work.number, say);
    return Promise.resolve({});
  },

  remove({ directory }, work) {
    filesDelivery(directory, work.state).remove((message) => work.say("files", message));
    return Promise.resolve();
  },
};

function filesOf(wanted: Readonly<Record<string, Omit<DeliveredFile, "owner">>>): ReadonlyMap<string, DeliveredFile> {
  return new Map(Object.entries(wanted).map(([path, file]) => [path, { ...file, owner: "root" }]));
}
