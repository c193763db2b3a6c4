import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readLastOutputs } from "../../../../model/facts/last-outputs.ts";
import type { Observation } from "../../../../model/facts/observation.ts";
import { planDeployment, type HostPlan } from "../../../../model/plan/plan.ts";
import type { RolloutSettings, ServiceSettings } from "../../../../model/stack/deployment.ts";
import { stackOf } from "../../../../model/stack/derive.ts";
import { app, traefik } from "../../../hosts/image/images.ts";
import { buildImage } from "../../../hosts/image/build.ts";
import { recipeTag } from "../../../hosts/image/recipe.ts";
import type { AppRelease } from "../../../hosts/registry/app-release.ts";
import { deployment, service } from "../../../model/stack/aaperture.ts";
import { mainOf } from "../../../model/stack/main-host.ts";
import { docker } from "../docker.ts";
import { at, tcp } from "../../../model/stack/port.ts";

/** How a release is brought in a test. */
export interface Bringing {
  /** What differs in the worker alone. */
  readonly worker?: Partial<AppRelease>;
  /** What differs in web alone. */
  readonly web?: Partial<AppRelease>;
  readonly rollout?: Partial<RolloutSettings>;
  /** When the worker starts. @default after the switch, since it has no port */
  readonly start?: ServiceSettings["start"];
  /** Seconds that a service may take to become ready. @default 8 */
  readonly boot?: number;
  /** The `stop_grace_period` of api and web, such as "20s". */
  readonly grace?: string;
}

/** The settings of a switch in tests: short, so that nothing waits without need. */
const quick: RolloutSettings = {
  strategy: "blue-green",
  gate: { answers: 3, seconds: 0.5, interval: 0.1 },
  ...{ watch: 1, warm: "stopped" },
};

/** Where the stack of a test is. */
export interface ReleasePlaces {
  readonly folder: string;
  readonly directory: string;
  readonly project: string;
  readonly ports: Readonly<Record<"api" | "web", number>>;
}

/** Files of tests run side by side on one engine, and no lease keeps them from choosing the same subnet. */
const ownRange = `10.${140 + Number(process.env["VITEST_POOL_ID"] ?? 0)}.0.0/16`;

/** The plans of releases of three services, with images that are built when they are wanted. */
export class ReleasePlans {
  readonly #places: ReleasePlaces;
  readonly #images = new Map<string, string>();
  #attempts = 0;

  constructor(places: ReleasePlaces) {
    this.#places = places;
  }

  /** The plan of a release on a server with this observation. */
  async plan(release: AppRelease, observation: Observation, more: Bringing = {}): Promise<HostPlan> {
    const { directory, project, ports } = this.#places;
    const image = await this.#image(release);
    const web = await this.#image({ ...release, ...more.web });
    const worker = await this.#image({ ...release, ...more.worker });
    const wanted = deployment(servicesOf(more), settingsOf(more), {
      ...{ stack: "shop/staging", directory, project },
      ports: { api: at(ports.api), web: at(ports.web) },
      release: { version: release.version, commit: "abcdef0", images: { api: image, web, worker } },
      proxy: { image: imageId(recipeTag(traefik)), memory: undefined },
      rollout: { ...quick, ...more.rollout },
      networks: { range: ownRange, subnets: {} },
    });
    const facts = { hosts: { main: { observation, last: readLastOutputs({}, "main") } } };
    const newAttempt = (): string => `a${(this.#attempts += 1)}`;
    return mainOf(planDeployment({ deployment: wanted, stack: stackOf(wanted) }, { ...facts, newAttempt }).hosts);
  }

  async #image(release: AppRelease): Promise<string> {
    const content = JSON.stringify(release);
    const known = this.#images.get(content);
    if (known !== undefined) return known;
    const { folder, project } = this.#places;
    const context = mkdtempSync(join(folder, "image-"));
    writeFileSync(join(context, "release.json"), content);
    // Without the label, stacks of other files would share the image.
    const lines = [`FROM ${recipeTag(app)}`, "COPY release.json /release.json", `LABEL slipway.test.stack=${project}`];
    writeFileSync(join(context, "Dockerfile"), lines.join("\n"));
    const tag = `${project}:${this.#images.size}`;
    await buildImage(context, tag, []);
    const id = imageId(tag);
    this.#images.set(content, id);
    return id;
  }

  close(): void {
    if (this.#images.size > 0) docker("rmi", "--force", ...new Set(this.#images.values()));
  }
}

const port = tcp(8080);

/** Two share a container port, one has two replicas, one has no port. */
function servicesOf({ grace }: Bringing) {
  const end = grace === undefined ? {} : { stop_grace_period: grace };
  return [
    service("api", { image: undefined, ports: [port], fields: { deploy: { replicas: 2 }, ...end } }),
    service("web", { image: undefined, ports: [port], fields: end }),
    service("worker", { image: undefined }),
  ];
}

function settingsOf({ boot = 8, start }: Bringing): Record<string, Partial<ServiceSettings>> {
  const common = { release: true, boot };
  return { api: { ...common, health: { path: "/health" } }, web: common, worker: { ...common, start } };
}

function imageId(tag: string): string {
  return docker("image", "inspect", "--format", "{{.Id}}", tag);
}
