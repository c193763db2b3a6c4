import { runToEnd } from "./commands/commands.ts";
import { outliveReaders } from "./output.ts";

outliveReaders();
process.exitCode = await runToEnd(process.argv.slice(2));
