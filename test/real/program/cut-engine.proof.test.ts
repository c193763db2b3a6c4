import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { bodySchemas } from "../../../model/document/bodies.ts";
import { messageOf } from "../../../model/problem.ts";
import type { Engine } from "../../../host/docker/engine.ts";
import { compose } from "../../../host/verbs/compose.ts";
import { images } from "../../../host/verbs/images.ts";
import { migration } from "../../../host/verbs/migration.ts";
import { networks } from "../../../host/verbs/networks.ts";
import { volume } from "../../../host/verbs/volume.ts";
import { testServer } from "../../host/verbs/server.ts";
import { base } from "../../hosts/image/images.ts";
import { recipeTag } from "../../hosts/image/recipe.ts";
import { ensureImages } from "../../hosts/image/store.ts";
import { fullSeries } from "../series.ts";
import { composeOnPath } from "./compose/compose-on-path.ts";
import { CutEngine, type Cut } from "./cut-engine.ts";
import { Shop } from "./compose/shop.ts";
import { docker } from "./docker.ts";
import { removeImage, tinyRegistry } from "./tiny-registry.ts";
import { VolumeStack } from "./volume-stack.ts";

beforeAll(async () => {
  await ensureImages([base], () => undefined);
  return await composeOnPath();
});

const image = recipeTag(base);
const ways: readonly Cut[] = ["before", "after", "within"];

/** A verb that a test runs again and again. */
interface Cuttable {
  /** The request that is cut in every way, also in a sample. */
  readonly always?: string;
  /** Takes away what the verb made. */
  clear(): void | Promise<void>;
  apply(engine: Engine): Promise<unknown>;
  /** Everything that is not as it was applied. */
  differences(): Promise<unknown[]>;
}

/** Cuts a verb at its requests, each of them or a sample, and lets the next run converge. Gives how each cut ended. */
async function cutEach(verb: Cuttable, cut: CutEngine): Promise<string[]> {
  cut.cutAt();
  await cut.during((engine) => verb.apply(engine));
  expect(await verb.differences()).toEqual([]);
  const count = cut.asked.length;
  const certain = cut.asked.findIndex((asked) => asked.includes(verb.always ?? "none")) + 1;
  const all = Array.from({ length: count }, (_, index) => index + 1);
  const chosen = fullSeries
    ? all
    : all.filter((at) => at % Math.ceil(count / 3) === 1 || [certain, count].includes(at));
  const ends: string[] = [];
  for (const at of chosen) {
    for (const how of fullSeries || at === certain ? ways : [ways[at % ways.length] ?? "before"]) {
      await verb.clear();
      cut.cutAt(at, how);
      const end = await cut
        .during((engine) => verb.apply(engine))
        .then(
          () => "done",
          (error: unknown) => messageOf(error),
        );
      const asked = cut.asked[at - 1];
      cut.cutAt();
      await cut.during((engine) => verb.apply(engine));
      expect(await verb.differences(), `after a cut ${how} ${asked ?? "nothing"}, which ended: ${end}`).toEqual([]);
      ends.push(`${asked ?? ""} ${how}: ${end}`);
    }
  }
  return ends;
}

/** Each way in which a verb may stop whose engine broke off, or else it went on. */
const failures = [
  "cannot bring it up: Compose failed",
  "nothing was changed, since not every image",
  ".*the Docker engine (does not answer|broke off its answer)",
];
const goodEnd = new RegExp(`: (done|(${failures.join("|")}).*)$`);

describe("an engine that breaks off at any request", () => {
  it("leaves networks that the next run makes (F25)", async () => {
    const cut = await CutEngine.open();
    const { unique, work } = testServer();
    const names = [`${unique}-a`, `${unique}-b`];
    const body = { range: "10.213.0.0/16", networks: Object.fromEntries(names.map((name) => [name, { prefix: 26 }])) };
    const clear = (): void => {
      const there = docker("network", "ls", "--quiet", "--filter", `name=${unique}`);
      if (there !== "") docker("network", "rm", ...there.split("\n"));
    };
    onTestFinished(clear);
    const ends = await cutEach(
      {
        clear,
        apply: (engine) => networks.apply(body, Object.assign(work("networks"), { engine })),
        differences: () => networks.differences(body, work("networks")),
      },
      cut,
    );
    for (const end of ends) expect(end).toMatch(goodEnd);
  });

  it("leaves a data volume as it is, and one that is not there yet to the next run (F25, F45)", async () => {
    const cut = await CutEngine.open();
    const stack = new VolumeStack();
    const body = stack.body("data");
    await stack.deploy(body);
    stack.write(body.volume);
    const ends = await cutEach(
      {
        clear: () => undefined,
        apply: (engine) => volume.apply(body, Object.assign(stack.server.work(`volume:${body.volume}`), { engine })),
        differences: () => stack.differences(body),
      },
      cut,
    );
    for (const end of ends) expect(end).toMatch(goodEnd);
    expect(stack.read(body.volume)).toBe("1");
  });

  it("leaves images that the next run pulls, if they did not come all the same (F25)", async () => {
    const cut = await CutEngine.open();
    const { unique, work } = testServer();
    const pulled = await tinyRegistry(unique);
    const body = { images: { [image]: "web", [pulled]: "api" } };
    const ends = await cutEach(
      {
        always: "/images/create?",
        clear: () => removeImage(pulled),
        apply: (engine) => images.apply(body, Object.assign(work("images"), { engine })),
        differences: () => images.differences(body, work("images")),
      },
      cut,
    );
    for (const end of ends) expect(end).toMatch(goodEnd);
    expect(ends.filter((end) => end.includes("/images/create?"))).toHaveLength(ways.length);
  });

  it("leaves shared services that the next run brings up, each once (F25)", async () => {
    const cut = await CutEngine.open();
    const shop = new Shop();
    const services = { cache: { fields: { environment: { TOKEN: "${TOKEN}" } } }, queue: {} };
    const document = shop.document(services);
    shop.remember("compose", document, `compose:${shop.project}`);
    const ends = await cutEach(
      {
        clear: () => shop.removeContainers(),
        apply: (engine) => compose.apply(bodySchemas.compose.parse(document), Object.assign(shop.work(), { engine })),
        differences: () => shop.differences(services),
      },
      cut,
    );
    for (const end of ends) expect(end).toMatch(goodEnd);
    expect(shop.names()).toEqual([shop.name("cache"), shop.name("queue")]);
  }, 1_800_000);

  it("lets a migration end once, or be repeated where it is unknown whether it ran (F25, F2)", async () => {
    const cut = await CutEngine.open();
    const { folder, unique, work } = testServer();
    const [directory, out] = [join(folder, "shop", "migration"), join(folder, "out")];
    mkdirSync(join(folder, "shop"));
    mkdirSync(out);
    const project = `${unique}-migration`;
    onTestFinished(() => {
      const left = docker("ps", "--all", "--quiet", "--filter", `name=${project}`);
      if (left !== "") docker("rm", "--force", ...left.split("\n"));
      const nets = docker("network", "ls", "--quiet", "--filter", `name=${unique}`);
      if (nets !== "") docker("network", "rm", ...nets.split("\n"));
    });
    const service = {
      ...{ image, command: ["sh", "-c", "echo ran >>/out/runs"], volumes: [`${out}:/out`], restart: "no", init: true },
    };
    const body = bodySchemas.migration.parse({
      ...{ directory, project, service: "migrate", release: "1", image, deadline: "60", files: {}, secrets: {} },
      env: { ".env": { staged: "env" } },
      compose: Buffer.from(`${JSON.stringify({ name: project, services: { migrate: service } })}\n`),
    });
    const secrets = new Map([["env", Buffer.from("")]]);
    const runs = (): number => readFileSync(join(out, "runs"), "utf8").split("\n").length - 1;
    const ends = await cutEach(
      {
        clear: () => {
          writeFileSync(join(out, "runs"), "");
          work("migration").state.forget("migration");
          work("migration").state.forgetMemory("migration");
        },
        apply: (engine) => migration.apply(body, Object.assign(work("migration", { secrets }), { engine })),
        differences: async () => {
          expect(runs()).toBeGreaterThan(0);
          expect(runs()).toBeLessThan(3);
          return await migration.differences(body, work("migration"));
        },
      },
      cut,
    );
    expect(ends.length).toBeGreaterThan(2);
  }, 1_800_000);
});
