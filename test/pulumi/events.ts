import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";

const metadata = z.object({
  op: z.string(),
  urn: z.string(),
  type: z.string(),
  diffs: z.array(z.string()).nullish(),
  keys: z.array(z.string()).nullish(),
});
const step = z.object({ metadata });

const eventSchema = z.object({
  resourcePreEvent: step.optional(),
  resOutputsEvent: step.optional(),
  resOpFailedEvent: step.optional(),
  diagnosticEvent: z
    .object({
      urn: z.string().optional(),
      message: z.string(),
      severity: z.string(),
      ephemeral: z.boolean().optional(),
    })
    .optional(),
  summaryEvent: z.object({ resourceChanges: z.record(z.string(), z.number()), isPreview: z.boolean() }).optional(),
});

type EngineEvent = z.infer<typeof eventSchema>;

/** A message of the engine about a resource: a line of a command's output, a warning, an error. */
interface Message {
  readonly resource: string;
  readonly severity: string;
  readonly text: string;
  /** True for progress that the engine shows only while it is new. */
  readonly ephemeral: boolean;
}

/** The events of one run, as `--event-log` wrote them. */
export class EventLog {
  readonly text: string;
  readonly #events: readonly EngineEvent[];

  constructor(text: string) {
    this.text = text;
    this.#events = text.split("\n").flatMap((line) => (line === "" ? [] : [eventSchema.parse(JSON.parse(line))]));
  }

  /** Reads a log. A run that stops at a wrong argument writes none. */
  static read(file: string): EventLog {
    return new EventLog(existsSync(file) ? readFileSync(file, "utf8") : "");
  }

  /** The steps of a resource, in order: "create", "update", "create-replacement", "delete-replaced", "same", … */
  steps(name: string): string[] {
    return this.#started(name).map(({ op }) => op);
  }

  /** The inputs that make the resource change. */
  differences(name: string): string[] {
    return this.#started(name).flatMap(({ diffs }) => diffs ?? []);
  }

  /** The inputs that make the engine replace the resource. */
  replacementReasons(name: string): string[] {
    return [...new Set(this.#started(name).flatMap(({ keys }) => keys ?? []))];
  }

  /** The number of resources by operation. */
  get changes(): Readonly<Record<string, number>> {
    return this.#events.findLast(({ summaryEvent }) => summaryEvent !== undefined)?.summaryEvent?.resourceChanges ?? {};
  }

  /** Tells if any step of the resource failed. */
  failed(name: string): boolean {
    return this.#events.some(
      ({ resOpFailedEvent: failed }) => failed !== undefined && nameOf(failed.metadata.urn) === name,
    );
  }

  /** Messages to the user, without the SDK's own debug lines. */
  get messages(): readonly Message[] {
    return this.#events.flatMap(({ diagnosticEvent: said }) =>
      said === undefined || said.severity === "debug"
        ? []
        : [
            {
              resource: nameOf(said.urn ?? ""),
              severity: said.severity,
              text: said.message,
              ephemeral: said.ephemeral === true,
            },
          ],
    );
  }

  /** The messages of one resource, of all severities or of one, joined. */
  said(name: string, severity?: string): string {
    return this.messages
      .filter((message) => message.resource === name && (severity ?? message.severity) === message.severity)
      .map(({ text }) => text)
      .join("");
  }

  /** The log without the Node SDK's debug lines. */
  get textWithoutDebug(): string {
    return this.text
      .split("\n")
      .filter((line) => !line.includes('"severity":"debug"'))
      .join("\n");
  }

  #all() {
    return this.#events.flatMap(({ resourcePreEvent: started }) => (started === undefined ? [] : [started.metadata]));
  }

  #started(name: string) {
    return this.#all().filter(({ urn }) => nameOf(urn) === name);
  }
}

/** Takes the last part of a URN, which is the resource's name. */
function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + (urn.includes("::") ? 2 : 1));
}
