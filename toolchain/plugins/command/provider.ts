import type { Provider } from "../base/provider.ts";
import { localCommand } from "./local-command.ts";
import { remoteCommand } from "./remote-command.ts";

/** Stands in for the official command plugin where that cannot be had; refuses by name what this project does not use. */
export const commandProvider: Provider = {
  name: "command",
  version: "1.2.1",
  acceptsSecrets: true,
  resources: [localCommand, remoteCommand],
};
