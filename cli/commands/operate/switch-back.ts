import * as declared from "../../declaration/operate.ts";
import { exitCodes } from "../../exit-code.ts";
import { print } from "../../output.ts";
import { command } from "../command.ts";
import { underLease } from "./under-lease.ts";

/** `slipway switch-back`: sends the traffic to the warm release at once. */
export const switchBack = command(declared.switchBack, async (call) => {
  const { stack, result } = await underLease(call, (client, asked) => client.switchBack(asked));
  const { release, colour, left } = result;
  return {
    exitCode: exitCodes.done,
    json: { stack, ...result },
    show: () => {
      print([{ tone: "good", text: `${stack}: ${release} in ${colour} serves again` }]);
      print(`${left} is held: no \`up\` deploys it before \`slipway resume ${left} --stack ${stack}\``);
      print("`slipway up` without a release document keeps what serves now");
    },
  };
});
