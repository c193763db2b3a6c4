/** The folder in which slipway keeps everything that a server remembers. docs/documents.md lists what is in it. */
const memory = "/var/lib/slipway";

/** The file with the claim of a stack. */
export function claimFile(stack: string): string {
  return `${memory}/claims/${fileName(stack)}.json`;
}

/** The file that remembers the data of a stack's volume. */
export function dataFile(stack: string, volume: string): string {
  return `${memory}/data/${fileName(stack)}@${volume}.json`;
}

/** The launcher of a stack on its server. It starts the program of the session that was there last. */
export function stackLauncher(stack: string): string {
  return `${memory}/stacks/${fileName(stack)}/slipway`;
}

/** The stack's name as a part of a file name. */
function fileName(stack: string): string {
  return stack.replace("/", "@");
}

/** The folder in a stack's directory in which only root may be: files are written there before they get their place. */
export const draftsFolder = ".slipway";
