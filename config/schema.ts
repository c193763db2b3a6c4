import { z } from "zod";

/** The algorithm and the key, as a server's /etc/ssh/ssh_host_*_key.pub holds them, without the comment. */
const hostKeyForm = /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]{43,}={0,2}$/;

// A message holds both halves of a problem: what is wrong; what to do.
const hostSchema = z.strictObject({
  address: z.string().min(1, "is empty; write the server's name or IP address"),
  port: z.int().min(1, "is not a port; use 1 to 65535").max(65535, "is not a port; use 1 to 65535").default(22),
  user: z
    .string()
    .regex(
      /^[a-z_][a-z0-9_-]{0,31}$/,
      "is not a Linux user name; use small letters, digits, '_' and '-', such as deploy",
    ),
  hostKey: z
    .string()
    .regex(
      hostKeyForm,
      "is not a host key of the form 'ssh-ed25519 AAAA…'; copy it from the server's /etc/ssh/ssh_host_ed25519_key.pub",
    ),
});

/** Everything a stack may say; defaults stand here and nowhere else. */
export const environmentSchema = z.strictObject({ host: hostSchema });

/** One environment as its stack declares it, checked and with defaults filled in. */
export type EnvironmentConfig = z.output<typeof environmentSchema>;

/** How to reach one server. */
export type HostConfig = z.output<typeof hostSchema>;
