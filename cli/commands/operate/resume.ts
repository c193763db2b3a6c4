import * as declared from "../../declaration/operate.ts";
import { exitCodes } from "../../exit-code.ts";
import { usageError } from "../../options.ts";
import { print } from "../../output.ts";
import { command } from "../command.ts";
import { underLease } from "./under-lease.ts";

/** `slipway resume`: lets a held release be deployed again. */
export const resume = command(declared.resume, async (call) => {
  const [version, ...others] = call.words;
  if (others.length > 0)
    throw usageError("slipway resume", `names several releases, got '${call.words.join(" ")}'`, "name one");
  const { stack, result: release } = await underLease(call, (client, asked) =>
    client.resume({ ...asked, release: version }),
  );
  return {
    exitCode: exitCodes.done,
    json: { stack, release },
    show: () => print(`${stack}: ${release} is held no longer; the next \`up\` may deploy it`),
  };
});
