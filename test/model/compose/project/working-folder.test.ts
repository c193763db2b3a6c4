import { describe, expect, it } from "vitest";
import { read, readService } from "../trial.ts";

const directory = "/srv/shop";

describe("the variable PWD of a compose file", () => {
  it("is the folder of the compose file in the path of a mount, a secret, a config or an env file", () => {
    const compose = `
services:
  api:
    volumes: ["\${PWD}/nginx.conf:/etc/nginx.conf:ro", { type: bind, source: "$PWD/data", target: /data }]
    env_file: ["\${PWD}/app.env"]
    configs: [motd]
configs: { motd: { file: "\${PWD}/motd" } }
`;
    const files = { "nginx.conf": "a", motd: "b", "app.env": "A=1\n" };
    const service = readService("api", compose, { directory, files, folders: { data: "/srv/shop/data" } });
    expect(service.mounts).toMatchObject([
      { type: "file", source: "nginx.conf" },
      { type: "folder", source: "data" },
      { type: "file", source: "motd" },
    ]);
    expect(service.envFiles).toMatchObject([{ path: "app.env" }]);
    expect(service.variables).toEqual([]);
  });

  it("is the same folder in a file that is included from another one", () => {
    const files = {
      "part/compose.yaml": 'services: { api: { volumes: ["${PWD}/nginx.conf:/etc/nginx.conf"] } }\n',
      "nginx.conf": "a",
    };
    const { mounts } = readService("api", "include: [part/compose.yaml]\n", { directory, files });
    expect(mounts).toMatchObject([{ type: "file", source: "nginx.conf" }]);
  });

  it("is the stack's folder on the server everywhere else, which is told once", () => {
    const compose = `
services:
  api:
    environment: ["SITES=\${PWD}/sites", PWD]
    command: ["--root", "\${PWD:-/none}"]
    volumes: [store:/store]
volumes: { store: { driver: local, driver_opts: { type: none, o: bind, device: "\${PWD}/store" } } }
`;
    const { application, problems, notes } = read(compose, { directory });
    expect(problems).toEqual([]);
    expect(application?.services["api"]?.fields).toMatchObject({
      environment: { SITES: "/srv/shop/sites", PWD: "/srv/shop" },
      command: ["--root", "/srv/shop"],
    });
    expect(application?.volumes["store"]?.options).toMatchObject({ device: "/srv/shop/store" });
    expect(notes).toEqual(["PWD of the compose file is /srv/shop, the stack's folder on the server"]);
  });
});
