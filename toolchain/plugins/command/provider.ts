import type { Provider } from "../base/provider.ts";
import { localCommand } from "./local-command.ts";
import { remoteCommand } from "./remote-command.ts";

/** Our implementation of the `command` plugin, with the features that this project uses. */
export const commandProvider: Provider = {
  name: "command",
  version: "1.2.1",
  acceptsSecrets: true,
  resources: [localCommand, remoteCommand],
};
