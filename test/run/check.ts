/** `npm run check`: checks that must pass before every commit. */
import { describeError } from "../../model/problem.ts";
import { runChecks } from "./checks.ts";

try {
  const { succeeded } = await runChecks();
  process.exitCode = succeeded ? 0 : 1;
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = 1;
}
