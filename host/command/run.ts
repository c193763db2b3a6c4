import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { constants } from "node:os";
import type { CommandWish } from "../../model/session/command.ts";
import type { Engine } from "../docker/engine.ts";
import { Failure } from "../failure.ts";
import { composeEnvironment, placeWords } from "../project/compose-command.ts";
import type { RunTarget } from "./target.ts";

/** Milliseconds for the container to end by itself once nobody is there any more. */
const endMilliseconds = 10_000;

interface RunHelp {
  readonly engine: Engine;
  /** Its caller is lost. */
  readonly lost: AbortSignal;
  /** Notes the container's name until the end of a block, for those who find it after this process was killed. */
  readonly noted: (container: string) => Disposable;
}

/**
 * Runs a command in a container of its own, made from the compose file of a service's project, so with the same image,
 * variables, secrets, networks and mounts; it publishes no port and is removed when it ends. If its caller is lost, the
 * container is stopped and removed.
 */
export async function runCommand(
  { place, service }: RunTarget,
  { service: called, words, terminal }: CommandWish,
  { engine, lost, noted }: RunHelp,
): Promise<number> {
  const name = `${place.project}-${called}-run-${randomBytes(4).toString("hex")}`;
  using _note = noted(name);
  const form = ["run", "--rm", "--no-deps", "--name", name, ...(terminal ? [] : ["--no-TTY"])];
  const child = spawn("docker", ["compose", ...placeWords(place), ...form, service, ...words], {
    env: composeEnvironment(),
    stdio: "inherit",
  });
  let late: NodeJS.Timeout | undefined;
  const end = (): void => {
    child.kill("SIGTERM"); // Compose passes it on to the container
    late = setTimeout(() => child.kill("SIGKILL"), endMilliseconds);
  };
  lost.addEventListener("abort", end, { once: true });
  if (lost.aborted) end();
  try {
    return await new Promise((resolve, reject) => {
      child.once("error", (error) => reject(new Failure("run", `\`docker compose\` does not start: ${error.message}`)));
      child.once("close", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    });
  } finally {
    clearTimeout(late);
    lost.removeEventListener("abort", end);
    await engine.removeContainer(name); // where Compose was ended before it could
  }
}
