import { runToEnd } from "./commands/commands.ts";

process.exitCode = await runToEnd(process.argv.slice(2));
