import "../model/interpreted-schemas.ts";
import { runSlipway } from "./commands/commands.ts";
import { exitCodeOf } from "./exit-code.ts";
import { printError } from "./output.ts";

process.exitCode = await runSlipway(process.argv.slice(2)).catch((error: unknown) => {
  printError(error);
  return exitCodeOf(error);
});
