import { existsSync, writeFileSync } from "node:fs";
import { Failure } from "../../../host/failure.ts";
import { main } from "../../../host/main.ts";
import { serverPlaces } from "../../../host/places.ts";

/**
 * The program of servers, whose verbs stop when they begin, as long as there is a file /run/brake, and then fail if
 * there is a file /run/broken.
 */
const waiter = new Int32Array(new SharedArrayBuffer(4));
const journaled = (step: string): void => {
  if (!step.endsWith(" begin")) return;
  while (existsSync("/run/brake")) {
    writeFileSync("/run/braked", step);
    Atomics.wait(waiter, 0, 0, 50);
  }
  if (existsSync("/run/broken")) throw new Failure("directory", "the disk is broken");
};
void main(process.argv.slice(2), { places: serverPlaces, journaled }).then((code) => process.exit(code));
