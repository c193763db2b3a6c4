import { adopt } from "./adopt.ts";
import { envCheck, envFromCi, envInit } from "./env.ts";
import { gitlabDeploy, gitlabNote, gitlabPreview } from "./gitlab.ts";
import { hostCheck, hostPrepare } from "./host.ts";
import { lock, release } from "./images.ts";
import { migrateCheck } from "./migrate.ts";
import { releases, resume, rollback, status, switchBack } from "./operate.ts";
import { destroy, preview, refresh, up } from "./operations.ts";
import { drift, plan, render } from "./plans.ts";
import { clean, exec, logs, run } from "./services.ts";
import { completion, doctor, init, newStack } from "./project.ts";

/**
 * Every command, in the order of the help. The parser, the help, docs/commands.md and the completion of shells are made
 * of it. No command's name is the beginning of another's.
 */
export const declarations = [
  ...[up, preview, refresh, destroy],
  ...[plan, render, lock, release, drift],
  ...[status, releases, rollback, switchBack, resume],
  ...[logs, exec, run, clean],
  ...[newStack, init, adopt, doctor, completion],
  ...[envCheck, envInit, envFromCi],
  ...[migrateCheck],
  ...[hostPrepare, hostCheck],
  ...[gitlabPreview, gitlabNote, gitlabDeploy],
] as const;

/** The name of a command. */
export type CommandName = (typeof declarations)[number]["name"];
