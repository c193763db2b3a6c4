import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { dataFile } from "../../../model/server-places.ts";
import { fullSeries } from "../series.ts";
import { AapertureServer } from "./aaperture-server.ts";
import { writeSmallApplication } from "./small-stack.ts";

const long = 600_000;
let opened: AapertureServer;
let image: string;

beforeAll(async () => {
  opened = await AapertureServer.open(["staging"]);
  ({ image } = await opened.started.buildAppRelease({ version: "1" }));
}, long);
afterAll(() => opened.close());

const web = () => ({ image, ports: ["8080:8080"] });
const up = () => opened.aaperture.succeed("up", "staging", opened.server);
const answer = () => opened.on("curl --silent --fail --max-time 5 http://127.0.0.1:18080/health");
const projects = () => opened.on("docker ps --format '{{.Label \"com.docker.compose.project\"}}' | sort | uniq -c");
const live = () => opened.aaperture.output("staging", "live");

afterEach(async () => {
  await opened.aaperture.succeed("destroy", "staging", opened.server);
  expect(await opened.on("docker ps --all --quiet")).toBe("");
}, long);

describe("a stack of one web service (F141)", () => {
  test(
    "without a release is deployed, changes nothing the second time, and shows and repairs drift",
    async () => {
      writeSmallApplication(opened, { compose: { services: { web: web() } }, ports: { web: 18080 } });
      await up();
      await answer();
      expect(await projects()).toMatch(/^1 aaperture-staging$/);
      expect(await live()).toEqual({});
      expect(Object.keys((await up()).events.changes)).toEqual(["same"]);
      await opened.on("docker rm --force aaperture-staging-web");
      const drift = await opened.aaperture.slipway(["drift"], "staging", opened.server);
      expect(drift.code, drift.stdout + drift.stderr).toBe(3);
      await up();
      await answer();
    },
    long,
  );

  test(
    "that writes data after a run is guarded from the next run on, also if that changes nothing (F137)",
    async () => {
      const data = "/var/www/aaperture-staging/data";
      const memory = () => opened.on(`cat '${dataFile("aaperture/staging", data)}'`);
      const compose = { services: { web: { ...web(), volumes: ["./data:/data"] } } };
      writeSmallApplication(opened, { compose, ports: { web: 18080 }, keys: { folders: { "./data": {} } } });
      await up();
      await opened.on(`touch ${data}/rows`);
      await opened.aaperture.succeed("preview", "staging", opened.server);
      expect(await memory()).toContain('"empty":true');
      expect(Object.keys((await up()).events.changes)).toEqual(["same"]);
      expect(await memory()).toContain('"empty":false');
      await opened.on(`rm ${data}/rows`);
      const { exitCode, output } = await opened.aaperture.run("up", "staging", opened.server);
      expect(exitCode).not.toBe(0);
      expect(output).toContain(`services.web.data: folder '${data}' is empty, but held data; restore the folder`);
      await opened.on(`touch ${data}/rows`);
      await up();
    },
    long,
  );

  test.runIf(fullSeries)(
    "with a release and nothing else is deployed behind its proxy, and takes a new release",
    async () => {
      const services = { web: { release: true, health: "/health" } };
      const deploy = async (version: string) => {
        const { image: web } = await opened.started.buildAppRelease({ version });
        const release = { version, images: { web } };
        writeSmallApplication(opened, {
          compose: { services: { web: { build: ".", ports: ["8080:8080"] } } },
          services,
          ports: { web: 18080 },
          release,
        });
        await up();
      };
      await deploy("1");
      await answer();
      expect(await projects()).toMatch(/^1 aaperture-staging-blue\n *1 aaperture-staging-slipway-proxy$/);
      expect(Object.keys((await up()).events.changes)).toEqual(["same"]);
      await deploy("2");
      expect(await live()).toMatchObject({ main: { colour: "green", release: "2" } });
      await answer();
    },
    long,
  );

  test.runIf(fullSeries)(
    "that is a worker without any port takes a new release",
    async () => {
      const services = { worker: { release: true } };
      const deploy = async (version: string) => {
        const { image: worker } = await opened.started.buildAppRelease({ version });
        writeSmallApplication(opened, {
          compose: { services: { worker: { build: "." } } },
          services,
          release: { version, images: { worker } },
        });
        await up();
      };
      await deploy("1");
      await deploy("2");
      expect(await live()).toMatchObject({ main: { colour: "green", release: "2" } });
      expect(Object.keys((await up()).events.changes)).toEqual(["same"]);
    },
    long,
  );
});
