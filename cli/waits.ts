import { Waits } from "../remote/waits.ts";
import { showPassing, stopPassing } from "./output.ts";

/** Everything that a command waits for, such as a server; a line tells of it as long as it takes. */
export const waits = new Waits({ show: showPassing, over: stopPassing, terminal: process.stderr.isTTY });
