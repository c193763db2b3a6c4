import { beforeAll, describe, expect, test } from "vitest";
import { fingerprintOf } from "../../../config/variables/stack-variables.ts";
import { filesDocument, secretsDocument } from "../../../model/plan/documents.ts";
import { sharedDocument } from "../../../model/plan/service-documents.ts";
import type { Deployment } from "../../../model/stack/deployment.ts";
import { writeEnvFile, type EnvVariable } from "../../../model/stack/env/env-file.ts";
import { isOfStack, stagedEnvFile, variableOfFile, writtenEnvFiles } from "../../../model/stack/env/env-files.ts";
import { startServers, type TestServer, type TestServers } from "../../hosts/servers.ts";
import { read } from "../../model/compose/trial.ts";
import { sharedOf } from "../../model/render/rendering.ts";
import { deployment } from "../../model/stack/aaperture.ts";
import { hostOf } from "../../model/stack/main-host.ts";
import { ManagedServer } from "../session/managed-server.ts";
import { randomValues } from "./random-values.ts";

const long = 300_000;
const directory = "/srv/shop";
const count = 500;
let hosts: TestServers;
let host: ManagedServer;
let image: string;

/** The same names in two env files that git does not have, with other values in each. */
const names = Array.from({ length: count }, (_, index) => `V${index}`);
const contents = Object.fromEntries(
  ["api.env", "web.env"].map((path) => [
    path,
    Object.fromEntries(names.map((name) => [name, variableOfFile(path, name)])),
  ]),
);
const variablesOf = (path: string, seed: number): EnvVariable[] =>
  randomValues(count, seed).map((value, index) => ({ name: variableOfFile(path, `V${index}`), value }));

let values = [...variablesOf("api.env", 3), ...variablesOf("web.env", 4), { name: "KEY", value: 'canary$"of the key' }];
let common = "LEVEL=info\nURL=postgres://${KEY}@db # the stack's\nV0=common\n";

beforeAll(async () => {
  hosts = await startServers(1);
  const [server] = hosts.servers as [TestServer];
  ({ image } = await hosts.buildAppRelease({ version: "1.0.0" }));
  host = await ManagedServer.open(hosts, server, "shop/staging");
  await host.on(`mkdir -m 0750 ${directory}`);
  await host.on("docker network create shop_default && docker network create shop_default-calls");
  await host.on(`docker pull --quiet ${image}`);
  return async () => {
    await host.close();
    await hosts.stop();
  };
}, long);

/** The shop as it is planned, with fingerprints of the current values. */
function shop(): Deployment {
  const compose = `
services:
  api: { image: "${image}", env_file: [common.env, api.env], environment: { V1: own } }
  web: { image: "${image}", env_file: web.env }
  queue: { image: "${image}" }
`;
  const trial = { files: { "common.env": common }, envFiles: contents, secrets: ["KEY"] };
  const { application, problems } = read(compose, trial);
  if (application === undefined || problems.length > 0) throw new Error(problems.join("\n"));
  const prints = values.map((variable) => [variable.name, fingerprintOf("a key", variable)] as const);
  const also = { directory, variables: Object.fromEntries(prints), envFiles: { contents, only: {} } };
  return deployment(Object.values(application.services), {}, also);
}

async function apply(): Promise<string> {
  const stack = shop();
  const shared = sharedOf(stack);
  host.stage("env", writeEnvFile(values.filter(({ name }) => isOfStack(name))));
  const known = new Map(values.map(({ name, value }) => [name, value]));
  for (const [path, entries] of Object.entries(writtenEnvFiles(hostOf(stack).services))) {
    const own = Object.entries(entries).map(([name, variable]) => ({ name, value: known.get(variable) ?? "" }));
    host.stage(stagedEnvFile(path), writeEnvFile(own));
  }
  await host.differences("secrets").catch(() => undefined); // its answer shows that the session has read the values
  const documents = [
    filesDocument(directory, shared.files),
    secretsDocument(stack, shared),
    sharedDocument(shared, { variables: stack.variables, written: () => "", before: [], after: [] }),
  ].map(({ kind, resource, body }) => [kind, host.document(kind, resource, body)] as const);
  for (const [kind, text] of documents) await host.outcome(kind, "apply", text);
  return documents.map(([, text]) => text).join("");
}

/** The environment of a service's container, from its process. */
async function environmentOf(service: string): Promise<ReadonlyMap<string, string>> {
  const pid = `docker inspect --format '{{.State.Pid}}' shop-${service}`;
  const packed = await host.on(`base64 --wrap=0 /proc/$(${pid})/environ`);
  const entries = Buffer.from(packed, "base64").toString("utf8").split("\0");
  return new Map(
    entries.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)] as const),
  );
}

const containers = (): Promise<string[]> =>
  Promise.all(["api", "web", "queue"].map((one) => host.on(`docker inspect --format '{{.Id}}' shop-${one}`)));

describe("env files of services on a server", () => {
  test(
    "give each service its own values for the same names, and 0 of many random ones change on the way (F110)",
    async () => {
      const documents = await apply();
      const [api, web, queue] = [await environmentOf("api"), await environmentOf("web"), await environmentOf("queue")];
      const expected = (path: string) =>
        new Map(values.flatMap(({ name, value }) => (name.startsWith(path) ? [[name.split(" ")[1], value]] : [])));
      const changed = (path: string, found: ReadonlyMap<string, string>) =>
        [...expected(path)].filter(([name, value]) => found.get(name ?? "") !== value).map(([name]) => name);
      process.stdout.write(`  ${2 * count} values in two containers: ${changed("web.env", web).length} changed\n`);
      expect(changed("web.env", web)).toEqual([]);
      expect(changed("api.env", api)).toEqual(["V1"]);
      expect(api.get("V1")).toBe("own");
      expect(api.get("LEVEL")).toBe("info");
      expect(api.get("URL")).toBe('postgres://canary$"of the key@db');
      expect([web.has("LEVEL"), web.has("KEY"), api.has("KEY"), queue.has("V0")]).toEqual([false, false, false, false]);
      expect(documents).not.toContain("canary");
    },
    long,
  );

  test(
    "are for root alone",
    async () => {
      expect(await host.on(`cd ${directory} && stat -c '%a %u %n' .env slipway-env/*`)).toBe(
        ["600 0 .env", ...["api", "common", "web"].map((one) => `600 0 slipway-env/${one}.env`)].join("\n"),
      );
    },
    long,
  );

  test(
    "restart exactly the services whose values changed",
    async () => {
      const [api, web, queue] = await containers();
      values = values.map((one) => (one.name === "web.env V7" ? { ...one, value: "canary-new" } : one));
      await apply();
      const [sameApi, newWeb, sameQueue] = await containers();
      expect([sameApi, sameQueue]).toEqual([api, queue]);
      expect(newWeb).not.toBe(web);
      common = common.replace("info", "debug");
      await apply();
      const [newApi, sameWeb] = await containers();
      expect(newApi).not.toBe(api);
      expect(sameWeb).toBe(newWeb);
      expect((await environmentOf("api")).get("LEVEL")).toBe("debug");
    },
    long,
  );

  test(
    "are repaired after a change by hand, which is told by the variable's name",
    async () => {
      await host.on(`sed -i 's/^V7=.*/V7="other"/' ${directory}/slipway-env/web.env`);
      expect(await host.differences("secrets")).toEqual([
        "slipway-env/web.env V7: as it was delivered => changed by hand",
      ]);
      await apply();
      expect([...(await host.differences("secrets")), ...(await host.differences("compose:shop"))]).toEqual([]);
    },
    long,
  );
});
