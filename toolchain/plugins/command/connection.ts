import { z } from "zod";

/** The `connection` of a remote command. The official plugin's other fields (private keys, proxies) are rejected. */
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

/** The parsed form of `connection`. */
export type Connection = z.infer<typeof connection>;

/** The default values of a connection, which become part of the inputs. */
export const connectionDefaults = { port: 22, user: "root", dialErrorLimit: 10, perDialTimeout: 15 };
