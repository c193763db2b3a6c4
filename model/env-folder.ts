/** The env file of all of a stack's variables. Compose fills in the compose file's variables from it. */
export const stackEnvFile = ".env";

/** The name under which a session brings its bytes. */
export const stagedStackEnvFile = "env";

/** The folder of all other env files, beside it. */
export const envFolder = "slipway-env";

/** The mode of every env file. */
export const envFileMode = "0600";

/** Tells env files from other files, by their path from the folder of their compose file. */
export function isEnvFile(path: string): boolean {
  return path === stackEnvFile || path.startsWith(`${envFolder}/`);
}
