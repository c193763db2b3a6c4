import type { TestServer } from "../test/hosts/servers.ts";

const directory = "/var/www/aaperture-staging";
const project = "aaperture-staging";

/** The deployment of the rendered files by an administrator: networks, volumes, images, and `up` of three projects. */
const script = `
set -e
cd ${directory}
for network in data edge; do docker network create ${project}_$network; done
for volume in pgdata prometheus grafana; do docker volume create ${project}_$volume; done
sed -n 's/^ *image: *//p' compose.yaml proxy/compose.yaml blue/compose.yaml | sort -u |
  xargs -P 4 -n 1 docker pull --quiet
docker compose --env-file .env up --detach --wait
docker compose --project-directory proxy --file proxy/compose.yaml up --detach --wait
docker compose --project-directory blue --file blue/compose.yaml --env-file blue/.env up --detach --wait
`;

/** Copies the files that slipway rendered on one server to another. */
export async function copyRendered(from: TestServer, to: TestServer): Promise<void> {
  const packed = await from.exec(["sh", "-c", `tar -C / -c ${directory.slice(1)} | base64`]);
  const unpacked = await to.exec(["sh", "-c", "base64 -d | tar -C / -x"], { stdin: packed.stdout });
  if (unpacked.code !== 0) throw new Error(`the rendered files were not copied\n${unpacked.stderr}`);
}

/** Deploys the same application by hand, over SSH. */
export async function upByHand(server: TestServer): Promise<void> {
  const { code, stdout, stderr } = await server.ssh(script);
  if (code !== 0) throw new Error(`the deployment by hand failed\n${stdout}${stderr}`);
}
