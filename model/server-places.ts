/** The folder in which slipway keeps everything that a server remembers. docs/documents.md lists what is in it. */
const memory = "/var/lib/slipway";

/** The file with the claim of a stack. */
export function claimFile(stack: string): string {
  return `${memory}/claims-1/${fileName(stack)}`;
}

/** The file that remembers the data of a stack's volume. */
export function dataFile(stack: string, volume: string): string {
  return `${memory}/data-1/${fileName(stack)}@${volume}`;
}

/** The program of a stack on its server. */
export function stackProgram(stack: string): string {
  return `${memory}/stacks/${fileName(stack)}/slipway`;
}

/** The stack's name as a part of a file name. */
function fileName(stack: string): string {
  return stack.replace("/", "@");
}
