/** `npm run proof`: runs the long series whole, of which `npm test` takes samples. It needs hours. */
import { ensureTools } from "../../toolchain/toolchain.ts";
import { deployTools, testTools } from "../../toolchain/tools.ts";
import { seriesVariable } from "../real/series.ts";
import { runSuite } from "./suite.ts";

process.env[seriesVariable] = "yes";
await ensureTools([...deployTools, ...testTools], (line) => void process.stdout.write(`${line}\n`));
const { succeeded } = await runSuite("real", process.argv.slice(2));
process.exitCode = succeeded ? 0 : 1;
