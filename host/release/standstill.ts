import { Buffer } from "node:buffer";
import { isMap, parseDocument } from "yaml";
import { otherColour, type Colour } from "../../model/colour.ts";
import type { Body } from "../../model/document/bodies.ts";
import { timeText } from "../../model/time.ts";
import { isUp } from "../docker/container.ts";
import { Engine } from "../docker/engine.ts";
import { Failure } from "../failure.ts";
import { endContainers } from "../project/end-containers.ts";
import { ended, step, type Work } from "../work.ts";
import { colourPlace, type ReleasePlace } from "../colours/colour.ts";
import { Colours } from "../colours/colours.ts";
import { newGeneration } from "../colours/generation.ts";
import { routesText, type Routes, type RoutesHead } from "../colours/routes.ts";
import { followSeconds } from "./switch.ts";

/** The phase of a run in which no release answers. */
export const gap = "gap";

/** Seconds after which a client may ask again, as the proxy tells it. */
const retryAfter = "5";

/**
 * The same routes without any server: the proxy answers each request with 503 at once, and closes each connection. It
 * lets no request wait, since nobody knows how long the gap will be.
 */
export function standstillOf(routes: Buffer): Buffer {
  const [head = "", ...lines] = routes.toString("utf8").split("\n");
  const document = parseDocument(lines.join("\n"));
  for (const kind of ["http", "tcp"]) {
    const services = document.getIn([kind, "services"]);
    for (const { key } of isMap(services) ? services.items : []) {
      document.setIn([kind, "services", key, "loadBalancer", "servers"], document.createNode([]));
    }
  }
  const headers = ["http", "middlewares", "release", "headers", "customResponseHeaders"];
  if (document.hasIn(headers)) document.setIn([...headers, "Retry-After"], retryAfter);
  return Buffer.from(`${head}\n${document.toString({ lineWidth: 0 })}`);
}

/** Routes in a new generation. */
export function renewed(routes: Buffer, head: RoutesHead, generation: string): Buffer {
  return Buffer.from(routes.toString("utf8").replaceAll(head.generation, generation));
}

/** Stops everything that runs of a colour, in its own time. */
export async function stopColour(place: ReleasePlace, colour: Colour, work: Work): Promise<void> {
  const { engine } = work;
  const { project } = colourPlace(place, colour);
  const all = await Engine.during("release", () => engine.project(project));
  await Engine.during("release", () => endContainers(all.filter(isUp), "release", work));
  work.changed();
}

/**
 * The gap between two releases that must never run at the same time. In it the routes are the new colour's and lead to
 * nobody, and the old colour is kept like a warm one. So whatever ends the run, the way back is that from any other
 * release: the old colour starts, is proved, and its routes come back.
 */
export class Standstill {
  readonly #body: Body<"rollout">;
  readonly #routes: Routes;
  readonly #work: Work;
  #began: number | undefined;

  constructor(body: Body<"rollout">, routes: Routes, work: Work) {
    this.#body = body;
    this.#routes = routes;
    this.#work = work;
  }

  get hasBegun(): boolean {
    return this.#began !== undefined;
  }

  /** Ends the answers of the other colour, then stops it. */
  async begin(colour: Colour): Promise<void> {
    const live = otherColour(colour);
    this.#work.journal(gap);
    const began = performance.now();
    await step(this.#work, "stand still", () => this.#place(colour, live));
    this.#began = began;
    this.#work.say("release", `no release answers until ${this.#body.release} is checked; stops ${live}`);
    await step(this.#work, "stop", () => stopColour(this.#body, live, this.#work));
  }

  /** Tells how long no release answered; a release does again. */
  end(): void {
    if (this.#began === undefined) return;
    const seconds = ((performance.now() - this.#began) / 1000).toFixed(1);
    this.#began = undefined;
    this.#work.journal(`${gap} ${ended}`);
    this.#work.say("release", `no release answered for ${seconds} s`);
  }

  async #place(colour: Colour, live: Colour): Promise<void> {
    const { number, signal } = this.#work;
    const entry = this.#colours.of(live);
    // It may be unverified: then it is the one to go back to all the same.
    if (entry !== undefined) this.#colours.set(live, { ...entry, state: "warm" });
    const head = { colour, generation: newGeneration(number, this.#body.made) };
    this.#routes.place(standstillOf(routesText(this.#body.routes, head)));
    if (!(await this.#routes.follow(followSeconds, signal))) {
      const what = `the proxy does not follow '${this.#routes.path}' (document ${number})`;
      throw new Failure("release", `${what}; nothing was stopped; look at the proxy, then run \`pulumi up\` again`);
    }
    this.#colours.setLive(colour, { since: timeText(new Date()) });
  }

  get #colours(): Colours {
    return Colours.read(this.#work.state, this.#body, this.#routes.head());
  }
}
