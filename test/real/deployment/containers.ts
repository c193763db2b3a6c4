import { z } from "zod";
import type { TestServer } from "../../hosts/servers.ts";
import type { Port } from "../../compose-cases/conversation/player.ts";

/** A container on a server, with what a test needs of it. */
export interface DeployedContainer {
  readonly id: string;
  readonly project: string;
  /** The developers' name of its service. */
  readonly service: string;
  readonly state: string;
  readonly exitCode: number;
  readonly startedAt: string;
  readonly pid: number;
  readonly onHostNetwork: boolean;
  readonly addresses: readonly string[];
  readonly mounts: readonly Mount[];
}

/** What a container mounts: a path of the server, and the volume of which it is one. */
interface Mount {
  readonly volume: string | undefined;
  readonly source: string;
}

/** What answered one question. */
export type Reply = z.infer<typeof replySchema>;

const replySchema = z.object({
  addresses: z.array(z.string()).nullable(),
  connected: z.boolean(),
  service: z.string(),
  release: z.string(),
});

const inspected = z.array(
  z.object({
    Id: z.string(),
    State: z.object({ Status: z.string(), StartedAt: z.string(), Pid: z.number(), ExitCode: z.number() }),
    Config: z.object({ Labels: z.record(z.string(), z.string()).nullable() }),
    HostConfig: z.object({ NetworkMode: z.string() }),
    Mounts: z.array(z.object({ Type: z.string(), Name: z.string().optional(), Source: z.string().default("") })),
    NetworkSettings: z.object({ Networks: z.record(z.string(), z.object({ IPAddress: z.string() })) }),
  }),
);

/** The path of the stand-in's tools on a server. */
export const tool = "/usr/local/bin/stand-in";

/** Runs a script on a server, which must succeed, and returns its output. */
export async function runOn(server: TestServer, script: string, stdin = ""): Promise<string> {
  const { code, stdout, stderr } = await server.exec(["bash", "-ceu", script], { stdin });
  if (code !== 0) throw new Error(`${script} ended with ${code}\n${stdout}${stderr}`);
  return stdout.trim();
}

/** All containers of a server, also those that have ended. */
export async function readContainers(server: TestServer): Promise<readonly DeployedContainer[]> {
  const text = await runOn(server, 'ids=$(docker ps --all --quiet); [ -z "$ids" ] || docker inspect $ids');
  return inspected
    .parse(text === "" ? [] : JSON.parse(text))
    .map(({ Id, State, Config, HostConfig, Mounts, NetworkSettings }) => {
      const labels = Config.Labels ?? {};
      const service = labels["com.docker.compose.service"] ?? "";
      return {
        id: Id,
        project: labels["com.docker.compose.project"] ?? "",
        service: service.replace(/-(blue|green)$/, ""),
        state: State.Status,
        exitCode: State.ExitCode,
        startedAt: State.StartedAt,
        pid: State.Pid,
        onHostNetwork: HostConfig.NetworkMode === "host",
        addresses: Object.values(NetworkSettings.Networks)
          .map(({ IPAddress }) => IPAddress)
          .filter((address) => address !== ""),
        mounts: Mounts.filter(({ Type }) => Type === "volume" || Type === "bind").map(({ Name, Source }) => ({
          volume: Name,
          source: Source,
        })),
      };
    });
}

/** A question to a name or an address. */
interface Question extends Port {
  readonly name: string;
}

/** Asks from inside a container's network, by the names that the engine and the container's own file know there. */
export async function askFrom(
  server: TestServer,
  { pid, onHostNetwork }: DeployedContainer,
  asks: readonly Question[],
): Promise<readonly Reply[]> {
  const dns = onHostNetwork ? "" : "127.0.0.11:53";
  return await ask(server, `nsenter --net=/proc/${pid}/ns/net `, { hosts: `/proc/${pid}/root/etc/hosts`, dns }, asks);
}

/** Asks from the server itself. */
export async function askOn(server: TestServer, asks: readonly Question[]): Promise<readonly Reply[]> {
  return await ask(server, "", { hosts: "/etc/hosts", dns: "" }, asks);
}

async function ask(
  server: TestServer,
  where: string,
  names: { readonly hosts: string; readonly dns: string },
  asks: readonly Question[],
): Promise<readonly Reply[]> {
  const questions = asks.map(({ name, number: port, protocol }) => ({ name, port, protocol }));
  const text = await runOn(server, `${where}${tool} ask`, JSON.stringify({ ...names, asks: questions }));
  return z.array(replySchema).parse(JSON.parse(text));
}
