import { isEnvFile } from "../../model/env-folder.ts";
import type { Difference } from "../../model/facts/observation.ts";
import type { Body } from "../../model/document/bodies.ts";
import type { DeliveredFile } from "../delivery/delivered-file.ts";
import { secretsDelivery } from "../delivery/deliveries.ts";
import type { ContentDifferences } from "../delivery/delivery.ts";
import { envFileDifferences, envFileSums, envFileSumsSchema } from "../files/env-sums.ts";
import { closeSecretFolder, secretFolderDifferences, usesSecretFolder } from "../files/secret-folder.ts";
import { stagedBytes } from "../project/files.ts";
import type { Verb } from "./verb.ts";
import type { View } from "../view.ts";

/** The name under which the sums of the env files' variables are kept. */
const variables = "secrets:variables";

/**
 * The env files, and files with one secret each. The document holds names and fingerprints; the bytes come from the
 * session.
 */
export const secrets: Verb<"secrets"> = {
  kind: "secrets",

  differences(body, view) {
    const files = secretsDelivery(body.directory, view.state).differences(
      new Map(Object.entries(body.files)),
      contentOf(body, view),
    );
    return Promise.resolve([...files, ...folderDifferences(body)]);
  },

  apply(body, work) {
    const files = new Map(
      Object.entries(body.files).map(([path, { staged, owner, mode }]): [string, DeliveredFile] => [
        path,
        { content: stagedBytes(staged, path, work), owner, mode },
      ]),
    );
    // Before the files: if this run ends in between, the next one writes them, and until then they tell a change.
    work.state.remember(variables, envFileSums(files));
    if (usesSecretFolder(files.keys())) closeSecretFolder(body.directory);
    const say = (message: string): void => work.say("secrets", message);
    secretsDelivery(body.directory, work.state).deliver(files, work.number, say);
    return Promise.resolve({});
  },

  remove({ directory }, work) {
    secretsDelivery(directory, work.state).remove((message) => work.say("secrets", message));
    work.state.forgetMemory(variables);
    return Promise.resolve();
  },
};

function contentOf({ directory }: Body<"secrets">, { state }: View): ContentDifferences {
  return (path) => {
    if (!isEnvFile(path)) return [{ where: path, expected: "as it was delivered", found: "changed by hand" }];
    return envFileDifferences(directory, path, state.memory(variables, envFileSumsSchema)?.[path]);
  };
}

function folderDifferences({ directory, files }: Body<"secrets">): Difference[] {
  return usesSecretFolder(Object.keys(files)) ? secretFolderDifferences(directory) : [];
}
