import { join } from "node:path";
import { readOfflineImages, readUnfinished } from "../config/offline.ts";
import { imagesToLock, readImageLock } from "../config/images/lock.ts";
import { missingVariables } from "../config/proposal/variables.ts";
import { readProjectFiles } from "../config/stack-files.ts";
import { readTextFile } from "../config/whole-file.ts";
import { imageLockFile } from "../model/stack/images/lock.ts";
import { lacks } from "../model/stack/images/lock-changes.ts";
import type { StackService } from "../model/stack/service.ts";

/** A stack whose files are there. */
interface UnfinishedStack {
  readonly folder: string;
  readonly stack: string;
  readonly environment: NodeJS.ProcessEnv;
  /** It has neither a state nor a key yet. */
  readonly isNew: boolean;
}

/** A command that is to be run next. */
interface Step {
  readonly command: string;
  readonly purpose: string;
}

/** The commands that bring a stack to its server, in their order. What its files have already is left out. */
export async function nextSteps(given: UnfinishedStack): Promise<readonly Step[]> {
  const { stack, isNew } = given;
  const read = await readUnfinished(given);
  const services = read.read?.stack.services ?? [];
  const released =
    read.read?.stack.release === undefined ? services.filter(({ imageFrom }) => imageFrom === "release") : [];
  const { secrets } = missingVariables(read);
  const own = `--stack ${stack}`;
  return [
    ...stepIf(isNew, `slipway init ${own}`, "creates the stack's state and its key"),
    ...stepIf(
      secrets.length > 0,
      `pulumi config set --secret --path secrets.<name> ${own}`,
      `asks for a value; run it for each secret: ${secrets.join(", ")}`,
    ),
    ...stepIf(
      await lacksLock(given),
      "slipway lock",
      `writes ${imageLockFile}, with the digests of images that you do not build`,
    ),
    ...stepIf(
      released.length > 0,
      `slipway release ${imageOptions(released)}`,
      "writes the release document for images that you pushed",
    ),
    { command: `slipway host check ${own}`, purpose: "shows what the server lacks" },
    { command: `slipway up ${own}`, purpose: "shows the plan, asks, and deploys" },
  ];
}

/** The steps for people. */
export function stepLines(steps: readonly Step[]): string[] {
  return ["next:", ...steps.flatMap(({ command, purpose }) => [`  ${command}`, `    ${purpose}`])];
}

function stepIf(isNeeded: boolean, command: string, purpose: string): Step[] {
  return isNeeded ? [{ command, purpose }] : [];
}

/** Services of one image need to be named once. */
function imageOptions(services: readonly StackService[]): string {
  const named = services.filter(({ compose: { image } }, index) => {
    return image === undefined || services.findIndex((other) => other.compose.image === image) === index;
  });
  return named
    .map(
      ({ name, compose: { image } }) =>
        `--image ${name}=${image === undefined ? "<registry/repository:tag>" : "<tag>"}`,
    )
    .join(" ");
}

async function lacksLock(given: UnfinishedStack): Promise<boolean> {
  const { draft, stack } = await readOfflineImages(given);
  if (stack === undefined) return false;
  const file = join(readProjectFiles(given.folder).root, imageLockFile);
  const { lock } = readImageLock(readTextFile(file, imageLockFile));
  return imagesToLock(draft, stack).some((image) => lacks(lock, image));
}
