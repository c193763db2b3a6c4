import { OperatorSwitchBack } from "../../../../host/operator/switch-back.ts";
import type { SwitchedBack } from "../../../../model/session/protocol.ts";
import type { ReleaseStack } from "./release-stack.ts";

/** What a run does that a person starts to switch back; `at` is told when the verb begins and when it says so. */
export async function switchBackByHand(
  stack: ReleaseStack,
  asked: { readonly who: string; readonly why: string },
  at: (moment: "begin" | "switched") => void = () => undefined,
): Promise<SwitchedBack> {
  const run = await stack.session.begin();
  try {
    at("begin");
    const operator = new OperatorSwitchBack(stack.view(), () => undefined, run);
    const switched = await operator.switch(asked);
    at("switched");
    await operator.keep();
    return switched;
  } finally {
    await stack.session.end();
  }
}
