import { Buffer } from "node:buffer";
import type { VolumeMount } from "../../../model/compose/application.ts";
import type { Deployment } from "../../../model/stack/deployment.ts";
import { deployment, digest, service, stackFile } from "./aaperture.ts";
import { at, tcp } from "./port.ts";

function volume(source: string, target: string): VolumeMount {
  return { type: "volume", source, target, readOnly: false };
}

/** A protected site: one web service with a public port, without data, files and variables. */
export function site(also: Partial<Deployment> = {}): Deployment {
  const web = service("web", { image: undefined, ports: [tcp(80)] });
  return deployment(
    [web],
    { web: { release: true, health: { path: "/" } } },
    {
      stack: "site/production",
      environment: "production",
      directory: "/srv/site",
      project: "site",
      protected: true,
      ports: { web: at(8080, "0.0.0.0") },
      release: { version: "7", images: { web: digest("registry.test/site", "1") } },
      ...also,
    },
  );
}

const settingsFile = { path: "relay/relay.conf", content: Buffer.from("limit 10\n"), executable: false };

/** In another order than that of their names. */
const services = [
  service("worker", {
    image: undefined,
    envFiles: [stackFile],
    dependsOn: {
      database: { condition: "service_healthy", required: true },
      queue: { condition: "service_started", required: true },
    },
  }),
  service("web", {
    image: undefined,
    ports: [tcp(3000)],
    variables: ["SITE_NAME"],
    dependsOn: { worker: { condition: "service_started", required: true } },
  }),
  service("queue", { image: digest("redis:8", "b"), mounts: [volume("jobs", "/data")] }),
  service("database", {
    image: digest("postgres:18", "a"),
    ports: [tcp(5432)],
    mounts: [
      volume("rows", "/var/lib/postgresql"),
      { type: "secret", name: "password", variable: "DB_PASSWORD", uid: "70", target: "/run/secrets/password" },
    ],
  }),
  service("relay", {
    image: digest("registry.test/relay", "c"),
    mounts: [
      { type: "file", source: "relay", target: "/etc/relay", readOnly: true, files: [settingsFile] },
      { type: "tmpfs", target: "/tmp" },
    ],
  }),
];

/** A shop: a web service and a worker of the release, on a database and a queue, beside a relay that nobody needs. */
export function shop(also: Partial<Deployment> = {}): Deployment {
  const given = {
    web: { release: true, health: { path: "/ready" } },
    worker: { release: true, boot: 20 },
    database: { data: { volume: "rows" }, boot: 90 },
    queue: { data: { volume: "jobs" } },
    relay: { drop: ["/tmp"] },
  };
  return deployment(services, given, {
    ports: { web: at(8000), database: at(5432) },
    release: {
      version: "1.0.0",
      images: { web: digest("registry.test/shop", "1"), worker: digest("registry.test/worker", "2") },
    },
    variables: { DB_PASSWORD: "f1", SITE_NAME: "f2" },
    ...also,
  });
}
