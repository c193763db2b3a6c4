import { beforeAll, describe, expect, test } from "vitest";
import { fingerprintOf } from "../../../config/variables/stack-variables.ts";
import type { Application } from "../../../model/compose/application.ts";
import type { Deployment } from "../../../model/stack/deployment.ts";
import { secretsDocument } from "../../../model/plan/documents.ts";
import { sharedDocument } from "../../../model/plan/service-documents.ts";
import { writeEnvFile } from "../../../model/stack/env/env-file.ts";

import { stagedAs } from "../../../model/stack/secrets.ts";
import { startServers, type TestServer, type TestServers } from "../../hosts/servers.ts";
import { deployment } from "../../model/stack/aaperture.ts";
import { read } from "../../model/compose/trial.ts";
import { ManagedServer } from "../session/managed-server.ts";
import { series } from "../series.ts";
import { sharedOf } from "../../model/render/rendering.ts";

const long = 300_000;
const directory = "/srv/shop";
const file = `${directory}/secrets/token.4711`;
let values = { TOKEN: "canary=of-the-token", KEY: "canary-of-the-key" };
let hosts: TestServers;
let host: ManagedServer;
let application: Application;

beforeAll(async () => {
  hosts = await startServers(1);
  const [server] = hosts.servers as [TestServer];
  const { image } = await hosts.buildAppRelease({ version: "1.0.0" });
  host = await ManagedServer.open(hosts, server, "shop/staging");
  await host.on(`mkdir -m 0750 ${directory}`);
  await host.on("docker network create shop_default && docker network create shop_default-calls");
  await host.on(`docker pull --quiet ${image}`);
  const found = read(escapeForCompose(image), { secrets: Object.keys(values) }).application;
  if (found === undefined) throw new Error("the compose file was not read");
  application = found;
  return async () => {
    await host.close();
    await hosts.stop();
  };
}, long);

const escapeForCompose = (image: string): string => `
services:
  cache: { image: "${image}", user: "4711:4711", secrets: [token] }
  worker: { image: "${image}", secrets: [{ source: key, target: /etc/worker/key, uid: "65532" }] }
  queue: { image: "${image}" }
secrets:
  token: { environment: TOKEN }
  key: { environment: KEY }
`;

/** The shop, with fingerprints of the current values. */
function shop(): Deployment {
  const prints = Object.entries(values).map(([name, value]) => [name, fingerprintOf("a key", { name, value })]);
  const whole = deployment(Object.values(application.services), {}, { directory });
  return { ...whole, variables: Object.fromEntries(prints) as Record<string, string> };
}

/** The documents of one run, in its order, with their values staged. */
async function documents(): Promise<readonly (readonly [verb: string, text: string])[]> {
  const variables = Object.entries(values).map(([name, value]) => ({ name, value }));
  host.stage("env", writeEnvFile(variables));
  for (const { name, value } of variables) host.stage(stagedAs(name), value);
  await host.differences("secrets").catch(() => undefined); // its answer shows that the session has read the values
  const shared = sharedOf(shop());
  const facts = { variables: shop().variables, written: () => "", before: [], after: [] };
  const both = [secretsDocument(shop(), shared), sharedDocument(shared, facts)];
  return both.map(({ kind, resource, body }) => [kind, host.document(kind, resource, body)]);
}

async function apply(): Promise<void> {
  for (const [verb, text] of await documents()) await host.outcome(verb, "apply", text);
}

/** Reads a path in the container of a service. */
function readInContainer(service: string, path: string): Promise<string> {
  const format = '{{(index .NetworkSettings.Networks "shop_default").IPAddress}}';
  const address = `docker inspect --format '${format}' shop-${service}`;
  return host.on(`curl -s --max-time 10 "http://$(${address}):8080/file?path=${path}"`);
}

const started = (): Promise<string[]> =>
  Promise.all(
    ["cache", "worker", "queue"].map((service) =>
      host.on(`docker inspect --format '{{.Id}} {{.State.StartedAt}}' shop-${service}`),
    ),
  );

const byHand = [
  {
    what: "content",
    act: `printf other >${file}`,
    found: ["secrets/token.4711: as it was delivered => changed by hand"],
    restarts: true,
  },
  { what: "owner", act: `chown 4712 ${file}`, found: ["secrets/token.4711 owner: 4711 => 4712"], restarts: false },
  { what: "existence", act: `rm ${file}`, found: ["secrets/token.4711: file => missing"], restarts: true },
  { what: "mode", act: `chmod 0444 ${file}`, found: ["secrets/token.4711 mode: 0400 => 0444"], restarts: false },
];

describe("secret files on a server (E9)", () => {
  test(
    "are readable only for the user of their container",
    async () => {
      await apply();
      expect(await readInContainer("cache", "/run/secrets/token")).toContain(values.TOKEN);
      expect(await readInContainer("worker", "/etc/worker/key")).toContain(values.KEY);
      expect(await host.on(`stat -c '%a %u' ${file} ${directory}/secrets`)).toBe("400 4711\n700 0");
      const others = "for uid in 4711 4712; do setpriv --reuid $uid --clear-groups cat $1 2>&1 || true; done";
      expect(await host.on(others.replace("$1", file))).toMatch(/^(cat: .*: Permission denied\n?){2}$/);
    },
    long,
  );

  test(
    "hold values that are in no environment, no docker inspect and no document",
    async () => {
      const sent = (await documents()).map(([, text]) => text).join("");
      const inspected = await host.on("docker inspect $(docker ps --quiet)");
      const places = "/srv /var/lib/slipway /etc /tmp /var/lib/docker/containers";
      const found = await host.on(`grep -rlF -e ${values.TOKEN} ${places} || true`);
      expect(sent + inspected).not.toContain("canary");
      expect(found.split("\n").sort()).toEqual([`${directory}/.env`, file]);
      const pids = "docker inspect --format '{{.State.Pid}}' $(docker ps --quiet)";
      expect(await host.on(`for pid in $(${pids}); do tr '\\0' '\\n' </proc/$pid/environ; done`)).not.toContain(
        "canary",
      );
    },
    long,
  );

  test(
    "restart only the service that mounts a changed one",
    async () => {
      const [cache = "", worker, queue] = await started();
      const [id = "", since] = cache.split(" ");
      values = { ...values, TOKEN: "canary-that-is-new" };
      await apply();
      const after = await started();
      expect(after.slice(1)).toEqual([worker, queue]);
      expect(after[0]).toContain(id);
      expect(after[0]).not.toContain(since);
      expect(await readInContainer("cache", "/run/secrets/token")).toContain("canary-that-is-new");
    },
    long,
  );

  test.each(series(byHand, byHand.slice(0, 2)))(
    "are repaired after a change of their $what by hand",
    async ({ act, found, restarts }) => {
      await host.on(act);
      expect(await host.differences("secrets")).toEqual(found);
      const stale = ["shop-cache /run/secrets/token: the file as it is => an earlier one"];
      expect(await host.differences("compose:shop")).toEqual(restarts ? stale : []);
      await apply();
      expect([...(await host.differences("secrets")), ...(await host.differences("compose:shop"))]).toEqual([]);
      expect(await readInContainer("cache", "/run/secrets/token")).toContain(values.TOKEN);
    },
    long,
  );
});
