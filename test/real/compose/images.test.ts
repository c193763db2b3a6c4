import { Buffer } from "node:buffer";
import { beforeAll, describe, expect, test } from "vitest";
import { dockerSettings } from "../../../model/stack/registry-login.ts";
import { mustRun } from "../../../toolchain/must-run.ts";
import { startServers, type TestServer, type TestServers } from "../../hosts/servers.ts";
import { ManagedServer } from "../session/managed-server.ts";

let hosts: TestServers;
let host: ManagedServer;
let image: string;
let postgres: string;

beforeAll(async () => {
  hosts = await startServers(1, { bare: true });
  const [server] = hosts.servers as [TestServer];
  image = (await hosts.buildAppRelease({ version: "1.0.0" })).image;
  postgres = `registry.test:5000/library/postgres@${await hosts.registry.digest("library/postgres", "17-alpine")}`;
  host = await ManagedServer.open(hosts, server, "shop/staging");
  return async () => {
    await host.close();
    await hosts.stop();
  };
});

const password = "canary-registry-word-7731";
const htpasswd = "job:$2b$05$dQrDVmNL07OT8mBRL5tuyOKEeWkhVNSZYvt7rDylIo20pvYt5PuyC"; // that password

/** Serves the run's registry on a second port, to clients that log in as 'job'. */
async function lockedRegistry(): Promise<void> {
  const auth = "REGISTRY_AUTH=htpasswd REGISTRY_AUTH_HTPASSWD_REALM=test REGISTRY_AUTH_HTPASSWD_PATH=/run/htpasswd";
  const serve =
    `echo '${htpasswd}' >/run/htpasswd && REGISTRY_HTTP_ADDR=:5001 ${auth} exec docker-registry serve ` +
    "/etc/registry.yml";
  await mustRun(["docker", "exec", "--detach", `slipway-${hosts.run}-registry`, "bash", "-c", serve]);
  await host.on("cp -r /etc/docker/certs.d/registry.test:5000 /etc/docker/certs.d/registry.test:5001");
  await host.on("until (: </dev/tcp/registry.test/5001) 2>/dev/null; do sleep 0.1; done");
}

describe("the images verb", () => {
  const absent = `registry.test:5000/app@sha256:${"0".repeat(64)}`;

  test("rejects all images that cannot be pulled, with registry, digest and the engine's message (F26)", async () => {
    const nowhere = `nowhere.test:5000/thing@sha256:${"1".repeat(64)}`;
    const images = { [image]: "cache", [absent]: "api web", [nowhere]: "worker" };
    const { code, stderr } = await host.run("images", "apply", host.document("images", "images", { images }));
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`'${absent}' of api web cannot be pulled from registry.test:5000: .*not found`));
    expect(stderr).toMatch(
      new RegExp(`'${nowhere}' of worker cannot be pulled from nowhere.test:5000: .*no such host`),
    );
    expect(stderr).toContain("images: nothing was changed, since not every image can run here");
  });

  test("pulls by digest, removes its login, and needs no registry for present images (F28, F29)", async () => {
    await host.on(`docker rmi ${image}`); // a run before this one has pulled it
    host.stage("registry", JSON.stringify({ auths: { "registry.test:5000": { auth: "dXNlcjpwYXNz" } } }));
    const images = { [image]: "cache", [postgres]: "postgres" };
    const document = host.document("images", "images", { images });
    expect(await host.outcome("images", "apply", document)).toBe("applied");
    expect(await host.outcome("images", "apply", document)).toBe("unchanged");
    expect(await host.on("grep -rl dXNlcjpwYXNz /root /var/lib/slipway /etc/docker || true")).toBe("");
    expect(await host.differences("images")).toEqual([]);
  });

  test("names an image that was removed", async () => {
    await host.on(`docker rmi ${postgres}`);
    expect(await host.differences("images")).toEqual([`${postgres}: linux/amd64 => missing`]);
    const images = { [image]: "cache", [postgres]: "postgres" };
    expect(await host.outcome("images", "apply", host.document("images", "images", { images }))).toBe("applied");
  });

  test("pulls from a registry that needs a login, with the run's own (E10)", async () => {
    await lockedRegistry();
    const locked = image.replace(":5000/", ":5001/");
    const document = () => host.document("images", "images", { images: { [locked]: "cache" } });
    const { code, stderr } = await host.run("images", "apply", document());
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/cannot be pulled from registry.test:5001: .*no basic auth/),
    ]);
    const settings = dockerSettings([{ server: "registry.test:5001", user: "job", password }]);
    host.stage("registry", settings);
    await host.differences("images"); // its answer shows that the session has read the login
    expect(await host.outcome("images", "apply", document())).toBe("applied");
    const auth = Buffer.from(`job:${password}`).toString("base64");
    expect(await host.on(`grep -rlE '${auth}|${password}' /root /var/lib/slipway /etc /tmp || true`)).toBe("");
  });
});
