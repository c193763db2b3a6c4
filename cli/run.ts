import { traceToSources } from "../toolchain/early/trace.ts";
import { runToEnd } from "./commands/commands.ts";
import { outliveReaders } from "./output.ts";

if (!import.meta.filename.endsWith(".ts")) traceToSources();
outliveReaders();
process.exitCode = await runToEnd(process.argv.slice(2));
