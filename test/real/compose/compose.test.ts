import { Buffer } from "node:buffer";
import { beforeAll, describe, expect, test } from "vitest";
import type { DocumentMap } from "../../../model/document/document.ts";
import { startServers, type TestServer, type TestServers } from "../../hosts/servers.ts";
import { ManagedServer } from "../session/managed-server.ts";
import { series } from "../series.ts";

const project = "shop-staging";
const directory = "/var/www/shop-staging";
const object = `compose:${project}`;
let hosts: TestServers;
let host: ManagedServer;
let image: string;

beforeAll(async () => {
  hosts = await startServers(1);
  const [server] = hosts.servers as [TestServer];
  image = (await hosts.buildAppRelease({ version: "1.0.0" })).image;
  host = await ManagedServer.open(hosts, server, "shop/staging");
  await host.on(
    `mkdir -p ${directory} && docker network create ${project}_data && docker volume create ${project}_other`,
  );
  await host.on(`docker pull --quiet ${image}`);
  await replaceFile("motd", "first\n");
  await env("canary-one");
  return async () => {
    // A frozen process outlives its server.
    await host.on("docker ps --quiet --filter status=paused | xargs -r docker unpause");
    await host.close();
    await hosts.stop();
  };
});

/** Writes a file as slipway does: beside its place, then renamed. */
async function replaceFile(name: string, content: string): Promise<void> {
  await host.on(`cat >${directory}/${name}.new && mv ${directory}/${name}.new ${directory}/${name}`, content);
}

async function env(token: string): Promise<void> {
  await replaceFile(".env", `TOKEN="${token}"\nPASSWORD="secret"\nCOMPOSE_REMOVE_ORPHANS="true"\n`);
}

interface Service {
  readonly image?: string;
  readonly fields?: string;
  readonly restart?: string;
}

/** A compose file with these services, in the style of the renderer. */
function composeFile(services: Readonly<Record<string, Service>>): string {
  const blocks = Object.entries(services).map(
    ([name, { image: reference = image, fields = "", restart = "unless-stopped" }]) => `  ${name}:
    image: ${reference}
    pull_policy: never
    restart: "${restart}"
    networks: { data: {} }
${fields}`,
  );
  return `name: ${project}
services:
${blocks.join("")}networks:
  data: { name: ${project}_data, external: true }
volumes:
  pgdata: { name: ${project}_pgdata, external: true }
`;
}

const cache = {
  fields: `    environment: { TOKEN: "\${TOKEN}" }
    ports: ["127.0.0.1:16379:8080"]
    volumes: [{ type: bind, source: ${directory}/motd, target: /etc/motd, read_only: true }]
`,
};

function body(
  services: Readonly<Record<string, Service>>,
  more: Readonly<Record<string, DocumentMap>> = {},
): DocumentMap {
  const facts = Object.entries(services).map(([name, service]) => [
    name,
    { image: service.image ?? image, deadline: "20", mounts: {}, variables: {}, volumes: {}, ...more[name] },
  ]);
  return {
    directory,
    project,
    compose: Buffer.from(composeFile(services)),
    env: `${directory}/.env`,
    services: Object.fromEntries(facts) as DocumentMap,
  };
}

function apply(services: Readonly<Record<string, Service>>): Promise<string> {
  return host.outcome("compose", "apply", host.document("compose", "shared", body(services)));
}

function containerOf(service: string): Promise<string> {
  return host.on(`docker inspect --format '{{.Id}}' ${project}-${service}-1`);
}

describe("the compose verb", () => {
  test("starts the project with the env file, and then finds nothing to do", async () => {
    const document = host.document("compose", "shared", body({ cache, queue: {} }));
    expect(await host.outcome("compose", "apply", document)).toBe("applied");
    expect(await host.on("curl -s '127.0.0.1:16379/env?name=TOKEN'")).toContain("canary-one");
    const ids = await Promise.all(["cache", "queue"].map(containerOf));
    expect(await host.outcome("compose", "apply", document)).toBe("unchanged");
    expect(await Promise.all(["cache", "queue"].map(containerOf))).toEqual(ids);
    expect(await host.differences(object)).toEqual([]);
  });

  test("starts only the service whose variable changed", async () => {
    const [cacheId, queueId] = [await containerOf("cache"), await containerOf("queue")];
    await env("canary-two");
    expect(await apply({ cache, queue: {} })).toBe("applied");
    expect(await host.on("curl -s '127.0.0.1:16379/env?name=TOKEN'")).toContain("canary-two");
    expect(await containerOf("cache")).not.toBe(cacheId);
    expect(await containerOf("queue")).toBe(queueId);
  });

  test("counts a job that has succeeded as done", async () => {
    const job = { fields: "    command: [head]\n", restart: "no" };
    expect(await apply({ cache, queue: {}, job })).toBe("applied");
    expect(await host.on(`docker inspect --format '{{.State.Status}}' ${project}-job-1`)).toBe("exited");
    expect(await host.differences(object)).toEqual([]);
    expect(await apply({ cache, queue: {} })).toBe("applied");
  });

  const name = `${project}-cache-1`;
  const remade = (options: string) =>
    `id=$(docker inspect --format '{{.Image}}' ${name}) && docker rm --force ${name} && docker run --detach ` +
    `--name ${name} ` +
    `--label com.docker.compose.project=${project} --label com.docker.compose.service=cache --label ` +
    `com.docker.compose.oneoff=False ${options} $id`;

  const changes = [
    { what: "stopped", act: `docker stop --time 1 ${name}`, found: [`${name}: running => exited (0)`] },
    { what: "removed", act: `docker rm --force ${name}`, found: [`${name}: running => missing`] },
    {
      what: "given another restart policy",
      act: `docker update --restart always ${name}`,
      found: [`${name} restart policy: unless-stopped => always`],
    },
    {
      what: "made again with another variable, port and image",
      act: remade("--env TOKEN=other --publish 127.0.0.1:16380:8080"),
      found: [
        `${name} variable TOKEN: the value that was applied => another value`,
        `${name} port 8080/tcp: 127.0.0.1:16379 => 127.0.0.1:16380`,
      ],
    },
    {
      what: "taken out of its network",
      act: `docker network disconnect ${project}_data ${name}`,
      found: [`${name} network ${project}_data: cache ${name} => none`],
    },
    {
      what: "paused",
      act: `docker pause ${name}`,
      found: [`${name}: running => paused`],
    },
  ];

  test.each(series(changes, changes.slice(0, 2)))(
    "names a container that was $what, and repairs it (F96)",
    async ({ act, found }) => {
      await host.on(act);
      const differences = await host.differences(object);
      expect(differences).not.toEqual([]);
      for (const difference of found) expect(differences).toContain(difference);
      expect(await apply({ cache, queue: {} })).toBe("applied");
      expect(await host.differences(object)).toEqual([]);
      expect(await host.on("curl -s '127.0.0.1:16379/env?name=TOKEN'")).toContain("canary-two");
    },
  );

  test("names a compose file that was changed by hand, and rewrites it", async () => {
    await host.on(`echo '# mine' >>${directory}/compose.yaml`);
    expect(await host.differences(object)).toEqual([
      `${directory}/compose.yaml: as it was delivered => changed by hand`,
    ]);
    expect(await apply({ cache, queue: {} })).toBe("applied");
    expect(await host.on(`tail -n 1 ${directory}/compose.yaml`)).not.toBe("# mine");
  });

  test("restarts the container whose mounted file was replaced, and no other", async () => {
    const started = (service: string) =>
      host.on(`docker inspect --format '{{.State.StartedAt}}' ${project}-${service}-1`);
    const [cacheStart, queueStart] = [await started("cache"), await started("queue")];
    await replaceFile("motd", "second\n");
    expect(await host.differences(object)).toEqual([`${name} /etc/motd: the file as it is => an earlier one`]);
    expect(await apply({ cache, queue: {} })).toBe("applied");
    expect(await host.on("curl -s '127.0.0.1:16379/file?path=/etc/motd'")).toContain("second");
    expect(await started("cache")).not.toBe(cacheStart);
    expect(await started("queue")).toBe(queueStart);
  });

  test("removes a service that is no longer in the document, and no foreign container", async () => {
    await host.on(`docker run --detach --name neighbour ${image}`);
    expect(await apply({ cache })).toBe("applied");
    expect(await host.on("docker ps --format '{{.Names}}' | sort")).toBe(`neighbour\n${name}`);
  });

  test("rejects a foreign container with the name of ours, and leaves it alone (F33, F133)", async () => {
    await host.on(`docker rm --force ${name} && docker run --detach --name ${name} ${image}`);
    const foreign = await containerOf("cache");
    expect(await host.differences(object)).toEqual([`${name}: running => another container of that name`]);
    const document = host.document("compose", "shared", body({ cache }));
    const { code, stderr } = await host.run("compose", "apply", document);
    expect(code).toBe(1);
    expect(stderr).toContain(`container '${name}' (${image}) has the name of ours, and slipway did not make it`);
    expect(await containerOf("cache")).toBe(foreign);
    await host.on(`docker rm --force ${name}`);
    expect(await apply({ cache })).toBe("applied");
  });

  test("rejects a container that exits at once, with its last lines and without values (F35)", async () => {
    const crash = { image: (await hosts.buildAppRelease({ version: "canary-two", crashAtBoot: true })).image };
    await host.on(`docker pull --quiet ${crash.image}`);
    const { code, stderr } = await host.run(
      "compose",
      "apply",
      host.document("compose", "shared", body({ cache, crash })),
    );
    expect(code).toBe(1);
    expect(stderr).toContain("app: release *** crashes at boot, as it was built to");
    expect(stderr).toMatch(
      /shop-staging: 'crash' (is restarting with exit code 1|is exited with exit code 1|restarts) \(/,
    );
    expect(stderr).not.toContain("canary-two");
    expect(await apply({ cache })).toBe("applied");
  });

  test("deletes the containers, and reports that it keeps every volume", async () => {
    const document = host.document("compose", "shared", body({ cache }));
    expect(await host.outcome("compose", "apply", document)).toBe("applied");
    await host.close();
    expect(await host.outcome("compose", "delete", document)).toBe("deleted");
    expect(await host.on("docker ps --all --format '{{.Names}}'")).toBe("neighbour");
    expect(await host.on("docker volume ls --quiet")).toContain(`${project}_other`);
    expect(await host.on(`ls -A ${directory}`)).toBe(".env\nmotd");
  });
});
