import { afterAll, beforeAll, expect, test } from "vitest";
import { AapertureServer } from "./aaperture-server.ts";
import { writeSmallApplication } from "./small-stack.ts";

const long = 600_000;
let opened: AapertureServer;
let shared: string;

beforeAll(async () => {
  opened = await AapertureServer.open(["staging"]);
  shared = (await opened.started.buildAppRelease({ version: "shared" })).image;
}, long);
afterAll(() => opened.close());

/** A shared service with TCP, UDP and an address of its own, and a release service with HTTP and another TCP port. */
async function deploy(version: string): Promise<void> {
  const { image: api } = await opened.started.buildAppRelease({ version });
  const dns = {
    image: shared,
    environment: { GREET: "5300" },
    ports: ["${DNS_PORT:-53}:5300", "${DNS_PORT:-53}:5300/udp", "127.0.0.2:80:8080"],
  };
  const release = {
    build: ".",
    environment: { GREET: "9000" },
    ports: ["8080:8080", "2222:9000", "7000-7001:7000-7001"],
  };
  writeSmallApplication(opened, {
    compose: { services: { dns, api: release } },
    services: { api: { release: true, port: 8080, health: "/health" } },
    ports: {
      dns: { 5300: 15300, "5300/udp": 15300, 8080: 18081 },
      api: { 8080: 18080, 9000: "0.0.0.0:12222", "7000-7001": "17000-17001" },
    },
    release: { version, images: { api } },
  });
  await opened.aaperture.succeed("up", "staging", opened.server);
}

const curl = (url: string) => opened.on(`curl --silent --max-time 5 ${url}/version || echo nothing`);
/** Sends a line and prints what comes back before the other end has said all. */
const tcp = (port: number) => opened.on(`printf question | timeout 5 busybox nc 127.0.0.1 ${port} || true`);
const udp = (port: number) =>
  opened.on(`exec 3<>/dev/udp/127.0.0.1/${port}; echo question >&3; timeout 5 head --lines 1 <&3 || echo nothing`);

test(
  "every port of a shared and of a release service answers, of TCP and UDP, and a new release keeps them",
  async () => {
    await deploy("1");
    expect(await tcp(15300)).toBe("release shared\nread 8 bytes");
    expect(await udp(15300)).toBe("release shared");
    expect(await curl("http://127.0.0.2:18081")).toContain("shared");
    expect(await curl("http://127.0.0.1:18081")).toBe("nothing");
    expect(await curl("http://127.0.0.1:18080")).toContain('"1"');
    expect(await tcp(12222)).toBe("release 1\nread 8 bytes");
    const published = await opened.on("docker port aaperture-staging-slipway-proxy | sort");
    expect(published.split("\n")).toEqual([
      "9001/tcp -> 127.0.0.1:18080",
      "9002/tcp -> 0.0.0.0:12222",
      "9003/tcp -> 127.0.0.1:17000",
      "9004/tcp -> 127.0.0.1:17001",
    ]);
    const again = await opened.aaperture.succeed("up", "staging", opened.server);
    expect(Object.keys(again.events.changes)).toEqual(["same"]);
    await deploy("2");
    expect(await opened.aaperture.output("staging", "live")).toMatchObject({ main: { colour: "green", release: "2" } });
    expect(await curl("http://127.0.0.1:18080")).toContain('"2"');
    expect(await tcp(12222)).toBe("release 2\nread 8 bytes");
    expect(await udp(15300)).toBe("release shared");
  },
  long,
);
