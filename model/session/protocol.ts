import { z } from "zod";
import { unhealthySchema } from "../facts/health.ts";
import { observationSchema } from "../facts/observation.ts";
import { layersSchema } from "../facts/images/room.ts";
import { observationScopeSchema } from "../facts/scope.ts";
import { cleanReportSchema } from "./clean.ts";
import { commandWishSchema } from "./command.ts";
import { logLineSchema, logsWishSchema } from "./logs.ts";

/**
 * The lines between a run and the attending process on a server: requests one way, an answer to each the other way, as
 * JSON. Each line of the server begins with the run's nonce and a space; a run ignores all other lines, such as those
 * that a login shell prints (F9).
 */

/** A request of a run. Only `alive` and `secret` have no answer. */
export const requestSchema = z.discriminatedUnion("do", [
  /** A sign of life. The attending process considers a silent run dead after thirty seconds. */
  z.object({ do: z.literal("alive") }),
  z.object({ do: z.literal("observe"), scope: observationScopeSchema }),
  /** Takes the server's lease for this run, and lets its verbs change the server. */
  z.object({
    do: z.literal("lease"),
    /** Seconds to wait for the lease, and then for verbs of earlier runs. */
    seconds: z.number(),
    run: z.string(),
    /** The stack, who, the job and since when, in one line for other runs. */
    holder: z.string(),
    /** The address of the CI job; empty outside of CI. */
    job: z.string(),
  }),
  /** Keeps a secret in memory for the verbs of this run. */
  z.object({ do: z.literal("secret"), name: z.string(), value: z.base64() }),
  /** Allows the removal of these objects although the stack is protected. */
  z.object({ do: z.literal("allow"), objects: z.array(z.string()) }),
  /** Protects these objects, which the run declares, from its own deletes of resources with former names. */
  z.object({ do: z.literal("keep"), objects: z.array(z.string()) }),
  /** Pulls images while the run goes on. Refuses them if the disk has no room, as far as their layers are known. */
  z.object({ do: z.literal("fetch"), images: z.array(z.string()), layers: layersSchema.optional() }),
  /**
   * Probes everything that the documents of these objects started, waits for it as long as they say, and remembers the
   * data of what is well (SEC-A5, F137).
   */
  z.object({ do: z.literal("health"), objects: z.array(z.string()) }),
  /** Asks for lines of logs, in any number of answers `log`; `logs` is the last one. */
  z.object({ do: z.literal("logs"), wish: logsWishSchema }),
  /** Keeps a command for the door `command`, which runs it while this process attends. */
  z.object({ do: z.literal("command"), wish: commandWishSchema }),
  /** Asks what the stack no longer needs, and with `remove` has it removed. */
  z.object({ do: z.literal("clean"), remove: z.boolean(), holder: z.string() }),
  /** Switches to the warm release by hand, and holds the one that is left. */
  z.object({ do: z.literal("switch-back"), who: z.string(), why: z.string() }),
  /** Lets a held release be deployed again; without a name, the only one. */
  z.object({ do: z.literal("resume"), release: z.string().optional(), who: z.string(), why: z.string() }),
  /** The run is over; `why` says in which way it failed. */
  z.object({ do: z.literal("end"), why: z.string().optional() }),
]);

export type Request = z.output<typeof requestSchema>;

/** What a switch back by hand has done. */
const switchedBackSchema = z.object({
  colour: z.string(),
  release: z.string(),
  commit: z.string(),
  /** The version that was left, and is held. */
  left: z.string(),
});

export type SwitchedBack = Readonly<z.output<typeof switchedBackSchema>>;

/** The answer to a request, by the request's word. `error` ends the connection. */
export const answerSchema = z.discriminatedUnion("to", [
  /** The program runs; this is the first line. */
  z.object({ to: z.literal("start") }),
  z.object({ to: z.literal("observe"), observation: observationSchema }),
  z.object({ to: z.literal("lease") }),
  z.object({ to: z.literal("allow") }),
  z.object({ to: z.literal("keep") }),
  z.object({ to: z.literal("fetch") }),
  /** `ill` is empty if all is well. `phases` are the seconds of each verb of the run, and of the rollout's steps. */
  z.object({
    to: z.literal("health"),
    ill: z.array(unhealthySchema),
    phases: z.record(z.string(), z.number()),
  }),
  z.object({ to: z.literal("log"), lines: z.array(logLineSchema) }),
  z.object({ to: z.literal("logs") }),
  z.object({ to: z.literal("clean"), report: cleanReportSchema }),
  /** The name by which the door finds the command. */
  z.object({ to: z.literal("command"), ticket: z.string() }),
  /** The release that serves again, in its colour, and the one that was left. */
  z.object({ to: z.literal("switch-back"), ...switchedBackSchema.shape }),
  /** The release that is held no longer. */
  z.object({ to: z.literal("resume"), release: z.string() }),
  /** Everything that the run left open is settled, and the lease is free. */
  z.object({ to: z.literal("end") }),
  z.object({ to: z.literal("error"), message: z.string() }),
]);

export type Answer = z.output<typeof answerSchema>;

/**
 * A line of `slipway-root attend` before the program runs: something is missing on the server. The client sends a line
 * `<bytes> <sha256>` and then these bytes, gzipped; or it closes the connection.
 */
export const needSchema = z.discriminatedUnion("need", [
  z.object({
    need: z.literal("runtime"),
    /** As `uname -m` prints it. */
    machine: z.string(),
    /** As `getconf GNU_LIBC_VERSION` prints it, such as `glibc 2.41`; empty where there is no glibc. */
    libc: z.string(),
    /** Free kilobytes in the file system of /var/lib/slipway. */
    free: z.string(),
  }),
  z.object({ need: z.literal("program") }),
]);

export type Need = z.output<typeof needSchema>;
