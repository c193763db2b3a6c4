import { runSlipway } from "./commands/commands.ts";
import { tellFailure } from "./failure.ts";

process.exitCode = await runSlipway(process.argv.slice(2)).catch(tellFailure);
