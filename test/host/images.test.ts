import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { staging } from "./answer.ts";
import { Deployer } from "./deploy.ts";
import { dockerCalls, scriptDocker } from "./docker-script.ts";
import { LocalHost, type LocalRun } from "./host-program.ts";

let host: LocalHost;
let session: LocalRun;
let deployer: Deployer;

beforeEach(async () => {
  host = new LocalHost();
  deployer = new Deployer(host, "images");
  session = await host.session(staging, "one");
});
afterEach(async () => {
  await session.end();
  host.remove();
});

const digest = `sha256:${"a".repeat(64)}`;
const api = `registry.test:5000/team/api@${digest}`;
const cache = `redis@${digest}`;
const images = { images: { [api]: "api web", [cache]: "cache" } };

/** An engine of linux/amd64, whose images are the files in `here`; the script does the pulls. */
function engine(pull: string): string {
  const here = join(host.folder, "here");
  scriptDocker(
    host,
    `mkdir -p ${here}
case "$1 $2" in
  version*) echo '26.1.5 linux/amd64' ;;
  info*) printf '26.1.5\\x1f/var/lib/docker\\n' ;;
  'image inspect') for name in "\${@:5}"; do cat "${here}/\${name//\\//_}" || exit 1; done ;;
  pull*) name=$3; file="${here}/\${name//\\//_}"; ${pull} ;;
esac`,
  );
  return here;
}

const pulled = 'echo linux/amd64 >"$file"';

describe("the verb images", { timeout: 60_000 }, () => {
  it("pulls missing images, and asks no registry for the others (F29)", async () => {
    engine(pulled);
    expect(await deployer.apply(images)).toBe("applied");
    expect(dockerCalls(host).filter((call) => call.startsWith("pull"))).toHaveLength(2);
    expect(await deployer.apply(images, true)).toBe("unchanged");
    expect(await deployer.apply({ images: { [api]: "api" } })).toBe("applied");
    expect(dockerCalls(host).filter((call) => call.startsWith("pull"))).toHaveLength(2);
  });

  it("rejects each image that cannot be pulled, with its registry and the engine's message (F26)", async () => {
    engine("echo 'Error response from daemon: manifest unknown' >&2; exit 1");
    const said = (await deployer.apply(images)).split("\n");
    expect(said).toEqual([
      "images: pulls 2 of 2",
      `images: '${cache}' of cache cannot be pulled from docker.io: Error response from daemon: manifest unknown`,
      `images: '${api}' of api web cannot be pulled from registry.test:5000: Error response from daemon: ` +
        "manifest unknown",
      "images: nothing was changed, since not every image can run here",
      "",
    ]);
  });

  it("rejects an image for another platform (F32)", async () => {
    engine('echo linux/arm64 >"$file"');
    expect(await deployer.apply(images)).toContain(
      `images: '${cache}' of cache is for linux/arm64, but this server runs linux/amd64; ` +
        `build it for linux/amd64 too\n`,
    );
  });

  it("logs in with the staged login, in memory and for the pull alone (E10)", async () => {
    const seen = join(host.folder, "seen");
    engine(`echo "$DOCKER_CONFIG" >${seen}; cat "$DOCKER_CONFIG/config.json" >>${seen}; ${pulled}`);
    session.stage("registry", "the login");
    await session.observe();
    expect(await deployer.apply({ images: { [api]: "api" } })).toBe("applied");
    const [place = "", login] = readFileSync(seen, "utf8").split("\n");
    expect(place.startsWith(`${host.run}/`)).toBe(true);
    expect(login).toBe("the login");
    expect(existsSync(place)).toBe(false);
  });

  it("names images that are gone or for another platform", async () => {
    const here = engine(pulled);
    await deployer.apply(images);
    await host.source(staging, `rm ${here}/redis@*`);
    const found = (await session.observe()).find(({ fact }) => fact === "applied");
    expect(found?.["differences"]).toEqual([{ where: cache, expected: "linux/amd64", found: "missing" }]);
  });
});
