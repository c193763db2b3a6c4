import { z } from "zod";

/** How to reach a server. What it does not name (keys in the program, proxies) is refused by name. */
export const connection = z.strictObject({
  host: z.string(),
  port: z.number(),
  user: z.string(),
  password: z.string().exactOptional(),
  agentSocketPath: z.string().exactOptional(),
  hostKey: z.string().exactOptional(),
  dialErrorLimit: z.int(),
  perDialTimeout: z.int(),
});

export type Connection = z.infer<typeof connection>;

/** What a connection has when the program leaves it out; it becomes part of the inputs. */
export const connectionDefaults = { port: 22, user: "root", dialErrorLimit: 10, perDialTimeout: 15 };
