import { z } from "zod";
import { linesOf } from "../lines.ts";
import type { EngineConnection } from "./connection.ts";
import { composeLabel } from "./container.ts";

const eventSchema = z.object({
  Type: z.string(),
  Action: z.string(),
  Actor: z.object({ Attributes: z.record(z.string(), z.string()).nullish() }),
});

/** Something that happened to a container. */
export interface EngineEvent {
  /** Such as `start`, `die`, or `health_status: healthy`. */
  readonly action: string;
  /** The compose project of the container; empty where it has none. */
  readonly project: string;
}

/** The events of containers as the engine tells them, until the signal ends them or the engine breaks off. */
export async function* eventsOf(connection: EngineConnection, signal: AbortSignal): AsyncGenerator<EngineEvent> {
  const filters = encodeURIComponent(JSON.stringify({ type: ["container"] }));
  const answer = await connection.stream({ method: "GET", path: `/events?filters=${filters}`, signal });
  for await (const line of linesOf(answer)) {
    const { data } = eventSchema.safeParse(JSON.parse(line));
    if (data === undefined) continue;
    const project = data.Actor.Attributes?.[composeLabel.project] ?? "";
    yield { action: data.Action, project };
  }
}
