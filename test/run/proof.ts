/**
 * `npm run proof -- <part>`: runs one of the long series whole, of which `npm test` takes samples, and writes its line
 * to docs/proof.md. Without a part it lists all of them, with the commit that each was proved at.
 */
import { ensureTools } from "../../toolchain/toolchain.ts";
import { deployTools, testTools } from "../../toolchain/tools.ts";
import { describeError, UserError } from "../../model/problem.ts";
import { guess } from "../../model/guess.ts";
import { localVariable, userVariable } from "../real/deploy-user.ts";
import { seriesVariable } from "../real/series.ts";
import { proofParts } from "./proof-parts.ts";
import { ProofRecord } from "./proof-record.ts";
import { runSuite } from "./suite.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function prove(name: string): Promise<boolean> {
  const part = proofParts[name];
  if (part === undefined) {
    const todo = guess(name, Object.keys(proofParts));
    throw new UserError({ path: "npm run proof", what: `there is no part '${name}'`, todo }, { usage: true });
  }
  process.env[seriesVariable] = "yes";
  process.env[userVariable] = part.user ?? "root";
  process.env[localVariable] = part.local === true ? "yes" : "no";
  await ensureTools([...deployTools, ...testTools], say);
  const begun = performance.now();
  const { passed, failed, succeeded } = await runSuite("real", part.tests, part.titles);
  const minutes = ((performance.now() - begun) / 60_000).toFixed(1);
  ProofRecord.open().write(name, { passed, failed, minutes });
  say(`proof: ${name}: ${passed} passed, ${failed} failed in ${minutes} min`);
  return succeeded;
}

try {
  const names = process.argv.slice(2);
  if (names.length === 0) ProofRecord.open().states(Object.keys(proofParts)).forEach(say);
  for (const name of names) if (!(await prove(name))) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = 2;
}
