import { createHash } from "node:crypto";
import { containerOf, inspectionSchema, type Container } from "../../../host/docker/container.ts";

interface Parts {
  readonly project?: string;
  /** Made by Compose; otherwise only its labels say so. @default true */
  readonly composed?: boolean;
  readonly oneOff?: boolean;
  /** By network. */
  readonly networks?: readonly string[];
  readonly volumes?: readonly string[];
  /** Folders of the server; one that ends with `:ro` is read-only in the container. */
  readonly binds?: readonly string[];
  /** Such as `127.0.0.1:80`. */
  readonly publishes?: readonly string[];
}

/** A running container, from an answer of the engine with these parts. */
export function containerWith(name: string, parts: Parts = {}): Container {
  const { project, composed = true, oneOff = false, networks = [], volumes = [], binds = [], publishes = [] } = parts;
  const labels = {
    "com.docker.compose.project": project,
    "com.docker.compose.service": name,
    ...(composed && { "com.docker.compose.image": "sha256:0" }),
  };
  const bindings = publishes.map((text) => {
    const at = text.lastIndexOf(":");
    return { HostIp: text.slice(0, at), HostPort: text.slice(at + 1) };
  });
  return containerOf(
    inspectionSchema.parse({
      Id: createHash("sha256").update(name).digest("hex"),
      Name: `/${name}`,
      Image: "sha256:0",
      RestartCount: 0,
      State: { Status: "running", ExitCode: 0, Pid: 1, StartedAt: "2026-01-01T00:00:00Z", FinishedAt: "" },
      Config: {
        Image: "img",
        Labels: project === undefined ? {} : { ...labels, "com.docker.compose.oneoff": oneOff ? "True" : "False" },
      },
      HostConfig: {},
      Mounts: [
        ...volumes.map((volume) => ({ Type: "volume", Name: volume, Destination: `/${volume}`, RW: true })),
        ...binds.map((bind) => {
          const folder = bind.replace(/:ro$/, "");
          return { Type: "bind", Source: folder, Destination: "/in", RW: folder === bind };
        }),
      ],
      NetworkSettings: {
        Networks: Object.fromEntries(networks.map((network) => [network, {}])),
        Ports: { "80/tcp": bindings, "53/udp": [{ HostIp: "0.0.0.0", HostPort: "53" }] },
      },
    }),
  );
}
