import { containerOf, type Container } from "../../../host/docker/container.ts";

/** A container of project `app`, as the engine would tell of it. */
export function appContainer(change: (inspection: Container["inspection"]) => void = () => undefined): Container {
  const inspection: Container["inspection"] = {
    Id: "ab".repeat(32),
    Name: "/app-api-1",
    Image: `sha256:${"c".repeat(64)}`,
    RestartCount: 0,
    ResolvConfPath: "",
    State: {
      ...{ Status: "running", ExitCode: 0, Pid: process.pid },
      ...{ StartedAt: "2026-01-01T00:00:00Z", FinishedAt: "0001-01-01T00:00:00Z" },
    },
    Config: {
      ...{ Image: "registry.test/api@sha256:1", User: "1000", Env: ["TOKEN=canary-one", "LEVEL=info"] },
      ...{ Cmd: ["serve"], Entrypoint: null },
      Labels: { "com.docker.compose.project": "app", "com.docker.compose.service": "api" },
    },
    HostConfig: {
      ...{ Memory: 1024, Privileged: false, ReadonlyRootfs: false },
      RestartPolicy: { Name: "unless-stopped" },
    },
    Mounts: [],
    NetworkSettings: { Networks: { app_data: { NetworkID: "n1", IPAddress: "10.0.0.2", Aliases: ["api"] } } },
  };
  change(inspection);
  return containerOf(inspection);
}
