import { main } from "../../../../host/main.ts";

// dying-verb.ts <state> <run> <stack> <verb> <step>: runs a verb, and dies by SIGKILL at a step of its journal.
const [state = "", run = "", stack = "", verb = "", step = ""] = process.argv.slice(2);
const journaled = (noted: string): void => {
  if (noted === `${verb} ${step}`) process.kill(process.pid, "SIGKILL");
};
process.exit(await main(["verb", stack, verb, "apply"], { places: { state, run }, journaled }));
