import { secretFolderMode } from "../files/secret-folder.ts";
import type { StackState } from "../state/stack-state.ts";
import { Delivery } from "./delivery.ts";

/** The env file and the secret files that the verb `secrets` writes into a stack's directory. */
export function secretsDelivery(directory: string, state: StackState): Delivery {
  return new Delivery({ phase: "secrets", directory, folderMode: secretFolderMode, memory: "secrets", state });
}

/**
 * The files of the repository that the verb `files` writes into a stack's directory. Others may pass through the
 * folders: the user of a container that mounts one is seldom root.
 */
export function filesDelivery(directory: string, state: StackState): Delivery {
  return new Delivery({ phase: "files", directory, folderMode: 0o755, memory: "files", state });
}
