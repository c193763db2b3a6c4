import { otherColour } from "../../model/colour.ts";
import { warmRefusal } from "../../model/facts/release/going-back.ts";
import type { SwitchedBack } from "../../model/session/protocol.ts";
import { messageOf } from "../../model/problem.ts";
import { timeText } from "../../model/time.ts";
import { Failure } from "../failure.ts";
import type { View } from "../view.ts";
import type { Work } from "../work.ts";
import { Colours } from "../colours/colours.ts";
import { DatabaseSchemas } from "../state/database-schemas.ts";
import { Records } from "../records/records.ts";
import { settledRelease, type ServingRelease } from "../release/settle.ts";
import { settleWork } from "../release/settle-work.ts";
import { serveOther } from "../release/switch-back.ts";
import { keepWarm } from "../release/warm.ts";
import { forgetSwitchBack, rememberSwitchBack, settleSwitchBack } from "../release/asked-switch.ts";

/** A switch back that a person asks for. */
interface AskedSwitchBack {
  /** The person or the job. */
  readonly who: string;
  readonly why: string;
}

/**
 * Switches to the warm release because a person asks for it (E5). The release that is left is held and kept to be
 * examined, until the next one takes its place.
 */
export class OperatorSwitchBack {
  readonly #work: Work;
  readonly #run: string;

  constructor(view: View, say: Work["say"], run: string) {
    this.#work = settleWork(view, say, run);
    this.#run = run;
  }

  async switch(asked: AskedSwitchBack): Promise<SwitchedBack> {
    const serving = await settledRelease(this.#work);
    if (serving === undefined) throw refusal("no release serves");
    const { place, live, entry: left } = serving;
    const why = this.#schemaRefusal(serving);
    if (why !== undefined) throw refusal(`${left.release} in ${live} serves on: ${why}`);
    const since = timeText(new Date());
    const hold = { release: left.release, hash: left.hash, by: "hand", ...asked, since };
    rememberSwitchBack(this.#work.state, { run: this.#run, hold });
    const switched = await serveOther(place, live, this.#work, { onlyIfWell: true });
    if (switched.back === undefined) {
      forgetSwitchBack(this.#work.state);
      throw refusal(`${left.release} in ${live} serves on: ${switched.why}`);
    }
    const { release, commit } = switched.back;
    this.#settle(`${release} in ${switched.colour}`);
    return { colour: switched.colour, release, commit, left: left.release };
  }

  #settle(served: string): void {
    try {
      settleSwitchBack(this.#work);
    } catch (error) {
      const what = `${served} serves again, but ${messageOf(error)}`;
      throw new Failure("switch back", `${what}; the next run holds the one that was left, and records it`);
    }
  }

  /** What is warm may have been verified with a schema that a contract has taken away (F60). */
  #schemaRefusal({ place, live }: ServingRelease): string | undefined {
    const { state, places } = this.#work;
    const warm = Colours.at(place, this.#work).of(otherColour(live));
    const known = { records: new Records(places).all(), schemas: new DatabaseSchemas(state).all() };
    return warm && warmRefusal(warm, known);
  }

  /** Keeps the release that was left as `warm` says; `none` would leave nothing to examine. */
  async keep(): Promise<void> {
    const colours = Colours.now(this.#work);
    if (colours?.live === undefined) return;
    const colour = otherColour(colours.live);
    const policy = this.#work.state.body("confirm")?.warm === "running" ? "running" : "stopped";
    this.#work.changed();
    await keepWarm({ policy, colour, colours }, this.#work);
  }
}

function refusal(what: string): Failure {
  const todo = "`slipway releases` lists what `slipway rollback` can go back to";
  return new Failure("switch back", `${what}; ${todo}`);
}
