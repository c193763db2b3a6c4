import type { Body } from "../../model/document/bodies.ts";
import type { Colour } from "../../model/colour.ts";
import { proxyName } from "../../model/proxy.ts";
import { Failure } from "../failure.ts";
import { Project } from "../project/project.ts";
import { step, type Work } from "../work.ts";
import type { ReleasePlace } from "../colours/colour.ts";
import { findProxy, proxyProject } from "../checks/proxy.ts";
import { newGeneration } from "../colours/generation.ts";
import { routesText, type Routes } from "../colours/routes.ts";

/** Seconds for the proxy to answer for new routes. */
export const followSeconds = 20;

/** Seconds in which a proxy answers for routes that it follows already, or that came back. */
const shortFollowSeconds = 5;

/** Settles a switch of a run that was killed: whichever routes the proxy follows are those that count. */
export async function settleRoutes(routes: Routes, { say, signal }: Pick<Work, "say" | "signal">): Promise<void> {
  if (!routes.isOpen) return;
  if (await routes.follow(shortFollowSeconds, signal)) return;
  say("release", "the proxy did not follow an earlier switch, so the routes before it come back");
}

/** The switch of the traffic to a colour of a release. */
export class Switch {
  readonly #body: Pick<Body<"rollout">, "routes" | "made"> & ReleasePlace;
  readonly #routes: Routes;
  readonly #work: Work;

  constructor(body: Pick<Body<"rollout">, "routes" | "made"> & ReleasePlace, routes: Routes, work: Work) {
    this.#body = body;
    this.#routes = routes;
    this.#work = work;
  }

  async settle(): Promise<void> {
    await settleRoutes(this.#routes, this.#work);
  }

  /** The proxy follows the routes of the document in this colour. */
  async isFollowed(colour: Colour): Promise<boolean> {
    const head = this.#routes.head();
    if (head?.colour !== colour || this.#routes.difference(this.#body.routes) !== undefined) return false;
    return await this.#routes.answers(head.generation, shortFollowSeconds, this.#work.signal);
  }

  /** Puts the new routes into place, and waits until the proxy answers for them; else the old ones come back (F56). */
  async to(colour: Colour): Promise<void> {
    const { number, signal } = this.#work;
    const head = { colour, generation: newGeneration(number, this.#body.made) };
    await step(this.#work, "switch", () => this.#routes.place(routesText(this.#body.routes, head)));
    await step(this.#work, "verify", async () => {
      using _wait = this.#work.progress.waits(() => "waits for the proxy to follow the new routes");
      if (await this.#routes.follow(followSeconds, signal)) return;
      await this.#sayProxy();
      const what = `the proxy does not route by the new '${this.#routes.path}' (document ${number})`;
      throw new Failure(
        "release",
        `${what}; the old one is back; fix what the proxy says, then run \`pulumi up\` again`,
      );
    });
  }

  /** Takes back a switch that is open, and waits for the proxy: until then it may still ask the new colour. */
  async back(): Promise<void> {
    if (!this.#routes.isOpen) return;
    this.#routes.restore();
    const head = this.#routes.head();
    if (head !== undefined) await this.#routes.answers(head.generation, shortFollowSeconds, this.#work.signal);
  }

  async #sayProxy(): Promise<void> {
    const proxy = await findProxy(this.#work.engine, this.#body);
    const { directory } = this.#body;
    if (proxy === undefined) this.#work.say("release", "the proxy does not run");
    else {
      const place = { directory: `${directory}/${proxyName}`, project: proxyProject(this.#body) };
      await new Project(place, this.#work).sayLogs(proxy);
    }
  }
}
