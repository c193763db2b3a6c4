import { Buffer } from "node:buffer";
import { beforeAll, describe, expect, test } from "vitest";
import { startServers, type TestServers } from "../../hosts/servers.ts";
import { staging } from "../fixtures/aaperture.ts";
import { RolloutStack } from "./rollout-stack.ts";
import { series } from "../series.ts";

const { project, directory } = staging;
const inGreen = [`${project}-green-api-green-1`, `${project}-green-web-green-1`];
let hosts: TestServers;
let stack: RolloutStack;
let second: string;

beforeAll(async () => {
  hosts = await startServers(1);
  stack = await RolloutStack.open(hosts);
  return async () => {
    await stack.host.close();
    await hosts.stop();
  };
});

/**
 * Changes by hand to the colour that serves, and the differences that they cause. Whole stacks have a table of their
 * own.
 */
const changedByHand = [
  {
    what: "a container that was removed",
    act: `docker rm --force ${project}-green-api-green-1`,
    found: `${project}-green-api-green-1: running => missing`,
  },
  {
    what: "a container that was stopped",
    act: `docker stop --time 1 ${project}-green-web-green-1`,
    found: `${project}-green-web-green-1: running => exited (0)`,
  },
  {
    what: "a colour that was started by hand",
    act:
      `docker run --detach --name by-hand --label com.docker.compose.project=${project}-blue $(docker inspect ` +
      `--format '{{.Image}}' ${project}-green-web-green-1)`,
    found: `${project}-blue: no containers => 1 containers`,
  },
  {
    what: "routes that were changed",
    act: `sed -i 's/api-green/web-green/' ${directory}/proxy/dynamic/routes.yaml`,
    found: `${directory}/proxy/dynamic/routes.yaml: as it was written => changed by hand`,
  },
  {
    what: "routes that were removed",
    act: `rm ${directory}/proxy/dynamic/routes.yaml`,
    found: `${directory}/proxy/dynamic/routes.yaml: as it was written => missing`,
  },
  {
    what: "an env file that was changed",
    act: `echo 'ENVIRONMENT="other"' >>${directory}/green/.env`,
    found: `${directory}/green/.env ENVIRONMENT: as it was applied => added by hand`,
  },
];

describe("a rollout", () => {
  test("serves the first release in blue, and then finds nothing to do", async () => {
    const document = await stack.release({ version: "1.0.0" });
    expect(await stack.apply(document)).toBe("applied");
    expect(await stack.serves("api")).toBe("1.0.0");
    expect(await stack.serves("web")).toBe("1.0.0");
    expect(await stack.routesHeader()).toMatch(/^# colour: blue, release: 1\.0\.0, generation: \d+-/);
    expect(await stack.differences()).toEqual([]);
    expect(await stack.apply(document)).toBe("unchanged");
  });

  test("switches to the second release in green without a failed request, and removes blue", async () => {
    second = await stack.release({ version: "2.0.0", bootDelay: "1s" });
    const asking = stack.host.on(
      "touch /tmp/asking; while [[ -e /tmp/asking ]]; do curl -sf -m 5 http://127.0.0.1:18080/version || echo " +
        "failed; done | sort -u",
    );
    expect(await stack.apply(second)).toBe("applied");
    await stack.host.on("rm /tmp/asking");
    expect(await asking).toBe('"1.0.0"\n"2.0.0"');
    expect(await stack.containers()).toEqual(inGreen);
    expect(await stack.host.on(`ls -A ${directory}`)).toBe("green\nproxy");
    expect(await stack.host.on(`stat -c %a ${directory}/green/.env`)).toBe("600");
    expect(await stack.differences()).toEqual([]);
  });

  test.each(series(changedByHand, changedByHand.slice(2, 3)))(
    "names $what, and repairs the serving colour (F96)",
    async ({ act, found }) => {
      await stack.host.on(act);
      expect(await stack.differences()).toContainEqual(found);
      expect(await stack.apply(second)).toBe("applied");
      expect(await stack.differences()).toEqual([]);
      expect(await stack.containers()).toEqual(inGreen);
      expect(await stack.serves()).toBe("2.0.0");
    },
  );
});

const ill = [
  {
    what: "exits at once (F35)",
    release: { version: "crash", crashAtBoot: true },
    says: /'(api|web)' of crash (is|restarts)/,
  },
  { what: "flaps (F37)", release: { version: "flaps", flapEvery: "700ms" }, says: /well at most \d times in a row/ },
  {
    what: "dies while it warms up (F39)",
    release: { version: "dies", crashAfter: "2s" },
    says: /'(api|web)' of dies (is|restarts)/,
  },
  {
    what: "is unhealthy",
    release: { version: "sick", unhealthy: true },
    says: /'api' of sick was not well within 8 s: it answered 503/,
  },
];

describe("a rollout of a bad release", () => {
  test.each(series(ill, ill.slice(0, 3)))(
    "rejects one that $what: the old one keeps serving, and the new one is down",
    async ({ release, says }) => {
      const { code, stderr } = await stack.run(await stack.release(release));
      expect(code).toBe(1);
      expect(stderr).toMatch(says);
      expect(stderr).toContain("release: blue is down again; green serves as before");
      expect(await stack.containers()).toEqual(inGreen);
      expect(await stack.serves()).toBe("2.0.0");
      expect(await stack.differences()).toEqual([]);
    },
  );

  test("rejects one that runs another image than the document names (F38)", async () => {
    const other = await hosts.buildAppRelease({ version: "other" });
    await stack.host.on(`docker pull --quiet ${other.image}`);
    const services = { api: { image: other.image, port: "8080", deadline: "8" } };
    const { stderr } = await stack.run(await stack.release({ version: "mixed" }, { services }));
    expect(stderr).toMatch(/'api' runs registry\.test:5000\/app@\S+ instead of/);
    expect(await stack.serves()).toBe("2.0.0");
  });

  test("rejects routes that the proxy does not follow, and restores the old ones (F56)", async () => {
    const routes = Buffer.from("# colour: <colour>, release: 3, generation: <generation>\nhttp: [\n");
    const { code, stderr } = await stack.run(await stack.release({ version: "3.0.0" }, { routes }));
    expect(code).toBe(1);
    expect(stderr).toContain("release: the proxy does not route by the new");
    expect(stderr).toMatch(/the last lines of the proxy:\n(.*\n)*.*error/i);
    expect(await stack.containers()).toEqual(inGreen);
    expect(await stack.serves()).toBe("2.0.0");
    expect(await stack.differences()).toEqual([]);
  });
});

describe("deleting a release", () => {
  test("removes the routes, then both colours with their files and networks", async () => {
    const document = await stack.release({ version: "last" });
    expect(await stack.apply(document)).toBe("applied");
    await stack.host.close();
    expect(await stack.host.outcome("rollout", "delete", document)).toBe("deleted");
    expect(await stack.containers()).toEqual([""]);
    expect(await stack.host.on("docker network ls --format '{{.Name}}' | grep private || true")).toBe("");
    expect(await stack.host.on(`cd ${directory} && find . -mindepth 1 | sort`)).toBe(
      "./proxy\n./proxy/compose.yaml\n./proxy/traefik.yaml",
    );
  });
});
