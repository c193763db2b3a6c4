import { z } from "zod";
import { jobSchema } from "../job.ts";
import { count, fraction, port, seconds } from "./body-values.ts";

const names = z.record(z.string(), z.string());

/** A service, as the verbs that start it know it. */
export const service = z.strictObject({
  /** By digest. */
  image: z.string(),
  /** Seconds that it may take to become ready. */
  deadline: seconds,
  /** By volume on the server: the kind of its data. */
  volumes: z.record(z.string(), z.enum(["postgres", "files"])),
});

/** Present where the service is ready when it has ended well; one that `may end` is also ready when it runs. */
export const job = jobSchema.optional();

/** A service of the release. */
export const releaseService = service.extend({
  job,
  /** The port that is probed; a service without one is ready when Docker says so. */
  port: port.optional(),
  /** Other ports that are open when it is ready. */
  opens: z
    .record(z.string().regex(/^[1-9][0-9]{0,4}$/), z.literal("tcp"))
    .transform((ports) => Object.keys(ports).map(Number))
    .optional(),
  /** Present where it starts when its release has the traffic. */
  start: z.literal("after switch").optional(),
  /** The request that a service which is well answers; without one an open port is enough. */
  health: z
    .strictObject({
      path: z.string().startsWith("/"),
      /** The status of a good answer; any 2xx without one. */
      status: z
        .string()
        .regex(/^[1-5][0-9]{2}$/)
        .transform(Number)
        .optional(),
      headers: names.optional(),
    })
    .optional(),
  /** The number of good answers in a row, the time they take at least, and the time from one to the next. */
  gate: z.strictObject({ answers: count, seconds: fraction, interval: fraction }),
});

/** A port of the proxy that leads to a service of the release. */
export const entryPoint = z.strictObject({
  service: z.string(),
  /** The proxy reads requests there, or passes on connections. */
  speaks: z.enum(["http", "tcp"]),
  /** The port on the server, or in the proxy's container where it is not published. */
  port,
  /** The address on the server; undefined where the port is not published. */
  address: z.string().optional(),
  /** The network at whose address of the proxy it is; undefined where it is at all of them. */
  network: z.string().optional(),
});
