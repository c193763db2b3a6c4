import { execFileSync } from "node:child_process";

/** The label by which a container that a test makes counts as made by Compose from its image (F133). */
export function madeByCompose(image: string): string {
  return `com.docker.compose.image=${docker("image", "inspect", "--format", "{{.Id}}", image)}`;
}

/** Runs the docker command of this machine, and gives what it prints. */
export function docker(...words: string[]): string {
  return execFileSync("docker", words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}
