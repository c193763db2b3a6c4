import type { LogLine, LogsWish } from "../../model/session/logs.ts";
import { messageOf } from "../../model/problem.ts";
import type { LogRange } from "../docker/streams.ts";
import { Failure } from "../failure.ts";
import type { Mask } from "../mask.ts";
import type { ServerView } from "../view.ts";
import { Follower } from "./follower.ts";
import { linesIn, type ContainerLine } from "./log-lines.ts";
import { logMask } from "./log-mask.ts";
import { LogSender, type Receiver } from "./log-sender.ts";
import { logSources, type LogSource } from "./log-sources.ts";
import { mergeByTime } from "./merge.ts";

/** Characters of a line that are shown. */
const longestLine = 16_384;

/** A line with the container that printed it. */
interface SourceLine extends ContainerLine {
  readonly source: LogSource;
}

/** Sends the logs of a stack's containers, and what they print from then on for as long as somebody listens. */
export async function sendLogs(wish: LogsWish, view: ServerView, answers: Receiver, gone: AbortSignal): Promise<void> {
  const sources = await logSources(wish, view);
  using sender = new LogSender(answers, gone);
  const logs = new Logs(wish, view, sender, gone);
  await logs.learn();
  if (sources.length === 0) await logs.say("there is no container yet");
  await logs.sendAll(sources);
  if (wish.follow) await new Follower(wish, view, logs, gone).follow(sources);
  await sender.end();
}

/** The logs of containers, on their way to somebody who looks at them. */
export class Logs {
  readonly #wish: LogsWish;
  readonly #view: ServerView;
  readonly #sender: LogSender;
  readonly #gone: AbortSignal;
  #mask: Mask | undefined;
  /** By container: the time of its last line, and the number of lines of that time. */
  readonly #last = new Map<string, { time: string; count: number }>();
  readonly #begin: string;

  constructor(wish: LogsWish, view: ServerView, sender: LogSender, gone: AbortSignal) {
    this.#wish = wish;
    this.#view = view;
    this.#sender = sender;
    this.#gone = gone;
    this.#begin = (Date.now() / 1000).toFixed(3);
  }

  /** Learns the values that are hidden, once more where containers were made. */
  async learn(): Promise<void> {
    if (this.#wish.mask) this.#mask = await logMask(this.#view);
  }

  /** A line of slipway's own. */
  async say(text: string): Promise<void> {
    await this.#sender.add({ from: "", time: new Date().toISOString(), text });
  }

  /** Sends all that was printed up to now, in the order of its times. */
  async sendAll(sources: readonly LogSource[]): Promise<void> {
    const range = { tail: this.#wish.tail, since: this.#since(), follow: false };
    const logs = sources.map((source) => this.#lines(source, range));
    for await (const line of mergeByTime(logs)) await this.#send(line);
  }

  /** Sends what a container prints from now on, until it ends. One that is new is sent from its begin. */
  async sendNext(source: LogSource, isNew: boolean): Promise<void> {
    const last = this.#last.get(source.id);
    const since = last === undefined ? (isNew ? undefined : this.#begin) : secondsOf(last.time);
    let seen = last?.count ?? 0;
    for await (const line of this.#lines(source, { since, follow: true })) {
      if (last !== undefined && (line.time < last.time || (line.time === last.time && seen-- > 0))) continue;
      await this.#send(line);
    }
  }

  async *#lines(source: LogSource, range: LogRange): AsyncGenerator<SourceLine> {
    try {
      const bytes = await this.#view.engine.streams.log(source.id, range, this.#gone);
      for await (const line of linesIn(bytes, source.terminal)) yield { ...line, source };
    } catch (error) {
      if (!this.#gone.aborted) await this.#sayLost(source, messageOf(error));
    }
  }

  async #sayLost(source: LogSource, why: string): Promise<void> {
    const name = labelOf(source);
    if (/does not support reading/.test(why)) {
      const todo = "look where that driver sends them";
      await this.say(`'${name}' has the log driver '${source.driver}', which keeps no lines to read; ${todo}`);
    } else if (/No such container|dead or marked for removal/i.test(why)) await this.say(`'${name}' was removed`);
    else throw new Failure("logs", `the log of '${name}' broke off: ${why}; run it again`);
  }

  async #send({ source, time, text }: SourceLine): Promise<void> {
    const last = this.#last.get(source.id);
    this.#last.set(source.id, { time, count: last?.time === time ? last.count + 1 : 1 });
    await this.#sender.add({ from: labelOf(source), time, text: this.#shown(text) });
  }

  #shown(text: string): string {
    if (this.#mask !== undefined) return this.#mask.start(text, longestLine);
    if (text.length <= longestLine) return text;
    return `${text.slice(0, longestLine)}… and ${text.length - longestLine} characters more`;
  }

  #since(): string | undefined {
    const { ago, since } = this.#wish;
    if (ago !== undefined) return (Date.now() / 1000 - ago).toFixed(3);
    return since?.toFixed(3);
  }
}

/** The name under which a container's lines are shown. */
function labelOf({ service, number }: LogSource): LogLine["from"] {
  return number === undefined ? service : `${service}-${number}`;
}

/** A time of the engine as it takes it in a question. */
function secondsOf(time: string): string {
  const [, fraction = "0"] = /\.(\d+)Z$/.exec(time) ?? [];
  return `${Math.floor(Date.parse(time) / 1000)}.${fraction.padEnd(9, "0")}`;
}
