import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadEmptyImage } from "../../hosts/image/empty-image.ts";
import type { AppRelease } from "../../hosts/servers.ts";
import { fullSeries } from "../series.ts";
import { AapertureServer } from "../stack/aaperture-server.ts";
import { writeSmallApplication } from "../stack/small-stack.ts";
import { errorsIn, underOpenLoop } from "../../hosts/open-loop.ts";

const long = 600_000;
let opened: AapertureServer;
let grafana: string;
/** The image of a worker that is well. */
let worker: string;

beforeAll(async () => {
  opened = await AapertureServer.open(["staging"]);
  grafana = `registry.test:5000/grafana/grafana@${await opened.started.registry.digest("grafana/grafana", "latest")}`;
  worker = await imageOf({ version: "1" });
  write("1", { web: worker });
  await opened.aaperture.succeed("up", "staging", opened.server);
}, long);
afterAll(() => opened.close());

async function imageOf(release: AppRelease): Promise<string> {
  return (await opened.started.buildAppRelease(release)).image;
}

/** A stack of a web service and a worker, as its team writes it. */
function write(version: string, images: { readonly web: string; readonly migrate?: string }): void {
  const { migrate } = images;
  writeSmallApplication(opened, {
    compose: {
      services: {
        web: { build: ".", ports: ["8080:8080"], restart: "unless-stopped" },
        worker: { build: ".", restart: "unless-stopped" },
        ...(migrate !== undefined && { migrate: { build: ".", command: ["migrate"], restart: "no" } }),
      },
    },
    services: {
      web: { release: true, health: "/health", boot: "6 seconds", memory: "64 MB" },
      worker: { release: true },
    },
    ports: { web: "0.0.0.0:18080" },
    keys: {
      gate: { answers: 3, window: "1 second", interval: "100 milliseconds" },
      watch: "10 seconds",
      ...(migrate !== undefined && { migration: { service: "migrate", deadline: "20 seconds" } }),
    },
    // A migration has the image of the services whose repository it shares.
    release: { version, images: { ...images, worker: migrate ?? worker } },
  });
}

/** An image for servers of another kind, in the run's registry. */
async function foreignImage(version: string): Promise<string> {
  const local = `slipway-arm64:${version}`;
  loadEmptyImage(mkdtempSync(join(opened.folder, "arm64-")), local, "arm64");
  const digest = await opened.started.registry.push(local, `app:${version}`);
  return `registry.test:5000/app@${digest}`;
}

interface Kind {
  readonly what: string;
  /** The images of a release of this kind. */
  readonly images: (version: string) => Promise<{ readonly web: string; readonly migrate?: string }>;
  readonly says: RegExp;
  /** Seen only after the switch. */
  readonly isLate?: true;
}

function built(what: string, fault: Omit<AppRelease, "version">, says: RegExp, also: Pick<Kind, "isLate"> = {}): Kind {
  return { what, images: async (version) => ({ web: await imageOf({ version, ...fault }) }), says, ...also };
}

const kinds: readonly Kind[] = [
  built("crashes at boot", { crashAtBoot: true }, /'web' (is exited|is restarting|restarts)/),
  built("exits with 0", { exitAtBoot: true }, /'web' (is exited|is restarting|restarts)/),
  built("is never healthy", { unhealthy: true }, /it answered 503, and no answer was good/),
  built("flaps", { flapEvery: "400ms" }, /answers in a row were good/),
  built("starts too slowly", { bootDelay: "60s" }, /'web' was not healthy within 6 s/),
  built("answers 500 after five seconds", { failAfter: "5s" }, /answered 500 through the proxy/, { isLate: true }),
  built("redirects to a maintenance page", { redirect: "/maintenance" }, /it answered 302, and no answer was good/),
  {
    what: "is another application behind the tag",
    images: () => Promise.resolve({ web: grafana }),
    says: /'web' (was not healthy within 6 s|is exited|restarts)/,
  },
  built("listens on another port", { port: 9999 }, /'web' was not healthy within 6 s/),
  built(
    "needs more memory than it has",
    { memoryMiB: 200 },
    /'web' (is exited with exit code 137|is restarting|restarts)/,
  ),
  {
    what: "cannot migrate",
    images: async (version) => {
      const web = await imageOf({ version });
      return { web, migrate: web };
    },
    says: /'migrate' of release .* ended with exit code 1/,
  },
  {
    what: "is for another platform",
    images: async (version) => ({ web: await foreignImage(version) }),
    says: /is for linux\/arm64, but this server runs linux\/amd64/,
  },
];

/** The one that only the watch can find; `npm run proof` brings all of them. */
const sample = ["answers 500 after five seconds"];

const tries = kinds
  .filter(({ what }) => fullSeries || sample.includes(what))
  .flatMap((kind) => Array.from({ length: fullSeries ? 5 : 1 }, (_, index) => ({ ...kind, attempt: index + 1 })));

describe("a bad release", () => {
  test.each(tries)(
    "that $what, try $attempt, ends on the last verified one, and the run fails (E2, E4, E18, F35 - F40)",
    async ({ what, images, says, isLate, attempt }) => {
      const version = `bad-${kinds.findIndex((kind) => kind.what === what)}-${attempt}`;
      write(version, await images(version));
      const url = `http://${opened.server.networkAddress}:18080/version`;
      const { aaperture, server } = opened;
      const [{ exitCode, output }, seen] = await underOpenLoop(url, () => aaperture.run("up", "staging", server));
      process.stdout.write(`  ${what}: ${JSON.stringify(seen)}\n`);
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(says);
      expect(await aaperture.output("staging", "live")).toMatchObject({ main: { release: "1" } });
      expect(await opened.on("curl -sS http://127.0.0.1:18080/version")).toBe('"1"');
      expect(await opened.on("docker ps --format '{{.Names}}' --filter name=worker")).toBe(
        "aaperture-staging-worker-blue",
      );
      const errors = Object.values(seen.errors).reduce((sum, count) => sum + count, 0);
      if (isLate === true) expect(errors).toBeLessThanOrEqual(errorsIn(5));
      else expect(seen.errors).toEqual({});
    },
    long,
  );
});
