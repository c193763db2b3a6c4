import { execFileSync } from "node:child_process";

/** Runs the docker command of this machine, and gives what it prints. */
export function docker(...words: string[]): string {
  return execFileSync("docker", words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}
