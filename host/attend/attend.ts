import { Buffer } from "node:buffer";
import { plainEntriesName } from "../../model/session/plain-entries.ts";
import type { Doing } from "../../model/session/progress.ts";
import type { Request } from "../../model/session/protocol.ts";
import { removeLeftContainers } from "../command/left-containers.ts";
import { keepCommand } from "../command/ticket.ts";
import type { Call } from "../door.ts";
import { loginsIn } from "../docker/pull.ts";
import { messageOf } from "../../model/problem.ts";
import { Failure, sameVersion } from "../failure.ts";
import { rememberPlainEntries } from "../logs/log-mask.ts";
import { sendLogs } from "../logs/logs.ts";
import { observe } from "../observe/observe.ts";
import { resumeHeld } from "../operator/resume.ts";
import { OperatorSwitchBack } from "../operator/switch-back.ts";
import { journalOf, phasesOf } from "../records/phases.ts";
import { Presence } from "../session/presence.ts";
import { clean } from "../retention/clean.ts";
import { requireRoom } from "../images/room.ts";
import { PulledImages } from "../images/pulled.ts";
import { SessionFolder } from "../session/session-folder.ts";
import { ServerView } from "../view.ts";
import { lineOf } from "../messages.ts";
import { Answers } from "./answers.ts";
import { Fetches } from "./fetches.ts";
import { examine } from "./health.ts";
import { HeldLease } from "./held-lease.ts";
import { ownProgram, touchProgram } from "../session/program.ts";
import { Report } from "./report.ts";
import { Requests } from "./requests.ts";

/**
 * Attends the server for a run: observes it, holds its lease, and keeps what no document may carry. It lives as long as
 * the run's connection, and then settles what the run left open, even if nobody reads its answers.
 */
export async function attend(call: Call): Promise<number> {
  const answers = new Answers(call.words[0]);
  touchProgram(call.places, ownProgram());
  await Presence.sweepAll(call.places.run);
  const presence = await Presence.open(call.places.stackRun);
  return await new Attendance(call, answers, presence).run();
}

class Attendance {
  readonly #call: Call;
  readonly #answers: Answers;
  readonly #presence: Presence;
  readonly #folder: SessionFolder;
  readonly #view: ServerView;
  readonly #requests: Requests;
  readonly #fetches: Fetches;
  #lease: HeldLease | undefined;
  /** Why the run's record says that it failed although each verb ended well; empty if it does not. */
  #shortfall = "the run ended before everything was applied";

  constructor(call: Call, answers: Answers, presence: Presence) {
    this.#call = call;
    this.#answers = answers;
    this.#presence = presence;
    this.#folder = new SessionFolder(presence.folder);
    this.#folder.hear();
    this.#view = new ServerView(call.places, call.engine);
    this.#fetches = new Fetches(call.engine, new PulledImages(call.places));
    const heard = (): void => this.#folder.hear();
    this.#requests = new Requests(process.stdin, { heard, say: call.messages.say, silence: call.silence });
  }

  async run(): Promise<number> {
    using _report = this.#report();
    this.#answers.send({ to: "start" });
    const listened = await this.#reporting(() => this.#listen());
    const settled = await this.#reporting(() => this.#end());
    if (settled) this.#answers.send({ to: "end" });
    await this.#answers.end();
    return listened && settled ? 0 : 1;
  }

  #report(): Report {
    const send = (progress: readonly Doing[]): void =>
      this.#call.messages.tell(this.#answers.line({ progress: [...progress] }));
    return new Report({ folder: this.#folder, own: this.#view.progress, send });
  }

  async #listen(): Promise<void> {
    for await (const request of this.#requests) {
      if (request.do === "end") {
        this.#shortfall = request.why ?? "";
        return;
      }
      await this.#serve(request);
    }
  }

  async #serve(request: Request): Promise<void> {
    switch (request.do) {
      case "observe":
        await this.#observe(request);
        break;
      case "lease":
        await this.#takeLease(request);
        break;
      case "secret":
        this.#stage(request);
        break;
      case "allow":
        request.objects.forEach((object) => this.#folder.allowRemoval(object));
        this.#answers.send({ to: "allow" });
        break;
      case "keep":
        request.objects.forEach((object) => this.#folder.touchObject(object));
        this.#answers.send({ to: "keep" });
        break;
      case "fetch":
        await requireRoom(request.images, request.layers ?? {}, this.#call.engine);
        this.#fetches.add(request.images, loginsIn(this.#folder.secrets().get("registry")));
        this.#answers.send({ to: "fetch" });
        break;
      case "health":
        await this.#examine(request.objects);
        break;
      case "switch-back":
        await this.#operate(async (run) => await this.#switchBack(run, request));
        break;
      case "resume":
        await this.#operate((run) => {
          const { release } = resumeHeld(this.#view, request, run);
          this.#answers.send({ to: "resume", release });
        });
        break;
      default:
        await this.#serveOperator(request);
    }
  }

  /** What needs no lease of a run. `alive` and `end` were heard before. */
  async #serveOperator(
    request: Extract<Request, { do: "logs" | "command" | "clean" | "alive" | "end" }>,
  ): Promise<void> {
    if (request.do === "logs") {
      await sendLogs(request.wish, this.#impatientView(), this.#answers, this.#requests.gone);
      this.#answers.send({ to: "logs" });
    } else if (request.do === "command") {
      const ticket = await keepCommand(request.wish, this.#impatientView(), this.#presence.folder);
      this.#answers.send({ to: "command", ticket });
    } else if (request.do === "clean") {
      const cleaning = { ...request, say: this.#call.messages.say, signal: this.#requests.gone };
      this.#answers.send({ to: "clean", report: await clean(this.#view, cleaning) });
    }
  }

  #stage({ name, value }: Extract<Request, { do: "secret" }>): void {
    const bytes = Buffer.from(value, "base64");
    this.#folder.stage(name, bytes);
    if (name === plainEntriesName) rememberPlainEntries(this.#view.state, bytes);
  }

  #impatientView(): ServerView {
    return new ServerView(this.#call.places, this.#call.impatientEngine);
  }

  async #observe({ scope }: Extract<Request, { do: "observe" }>): Promise<void> {
    const observation = await observe(this.#impatientView(), scope);
    this.#answers.send({ to: "observe", observation });
  }

  async #examine(objects: readonly string[]): Promise<void> {
    const secrets = this.#folder.secrets();
    const { gone: signal } = this.#requests;
    const { say } = this.#call.messages;
    this.#view.changed();
    using _step = this.#view.progress.step("health");
    const unhealthy = await examine({ view: this.#view, objects, secrets, say, signal });
    // A run asks for this last, when everything is applied.
    this.#shortfall = unhealthy.map(({ service, why }) => `'${service}' ${why}`).join("; ");
    const phases = phasesOf(journalOf(this.#view.state, this.#folder.run ?? ""));
    this.#answers.send({ to: "health", ill: unhealthy, phases });
  }

  /** Does under the lease what a person asks for. Its failure stands in the record of the run. */
  async #operate(act: (run: string) => void | Promise<void>): Promise<void> {
    const run = this.#folder.run;
    if (run === undefined) throw new Failure("attend", `this run does not hold the lease; ${sameVersion}`);
    try {
      await act(run);
      this.#shortfall = "";
    } catch (error) {
      this.#shortfall = messageOf(error);
      throw error;
    }
  }

  /** Answers as soon as the previous release serves, before the one that is left has stopped. */
  async #switchBack(run: string, { who, why }: Extract<Request, { do: "switch-back" }>): Promise<void> {
    const operator = new OperatorSwitchBack(this.#view, this.#call.messages.say, run);
    const switched = await operator.switch({ who, why });
    this.#answers.send({ to: "switch-back", ...switched });
    await operator.keep();
  }

  async #takeLease(request: Extract<Request, { do: "lease" }>): Promise<void> {
    if (this.#lease !== undefined) throw new Failure("lease", "this run holds the lease already; run slipway again");
    const session = { folder: this.#folder, say: this.#call.messages.say, shortfall: () => this.#shortfall };
    this.#lease = await HeldLease.take(this.#view, session, request, this.#requests.gone);
    await this.#lease.begin();
    this.#answers.send({ to: "lease" });
  }

  /** The folder goes before the lease: a session that is found holds the lease. */
  async #end(): Promise<void> {
    this.#requests.stop();
    this.#fetches[Symbol.dispose]();
    this.#folder.end();
    await removeLeftContainers(this.#folder.path, this.#call.engine, this.#call.messages.say);
    const leave = (): void => this.#presence[Symbol.dispose]();
    if (this.#lease === undefined) leave();
    else await this.#lease.end(leave);
  }

  /** Answers with whatever is thrown; what remains to be settled is settled all the same. */
  async #reporting(act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      this.#call.messages.note(error);
      this.#answers.send({ to: "error", message: lineOf(error) });
      return false;
    }
  }
}
