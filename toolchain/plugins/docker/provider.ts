import type Docker from "dockerode";
import manifest from "@pulumi/docker/package.json" with { type: "json" };
import type { Provider } from "../base/provider.ts";
import { configurationProblems, parseConfiguration } from "./configuration.ts";
import { Connection } from "./connection.ts";
import { volume } from "./volume.ts";

/** Our implementation of the `docker` plugin, with the features that this project uses. */
export function dockerProvider(): Provider {
  let connection: Connection | undefined;
  const connect = async (): Promise<Docker> => {
    if (connection === undefined)
      throw new Error("docker: the provider has no configuration yet; this is an error in the plugin");
    return connection.client();
  };
  return {
    name: "docker",
    version: manifest.version,
    resources: [volume(connect)],
    checkConfig: configurationProblems,
    configure: async (config) => {
      connection = new Connection(parseConfiguration(config));
      await connection.checkAtConfigure();
    },
  };
}
