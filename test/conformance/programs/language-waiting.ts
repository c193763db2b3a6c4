import { writeFileSync } from "node:fs";
import * as command from "@pulumi/command";
import { given } from "./given.ts";
import { waitingSpec } from "./language-spec.ts";

const { pidFile, who, command: create, connection } = given(waitingSpec);
writeFileSync(pidFile, String(process.pid));

if (who === "local") new command.local.Command("sleeper", { create });
if (who === "remote") new command.remote.Command("sleeper", { create, connection });
if (who === "program") {
  process.stdout.write("asleep\n");
  // An interval keeps Node alive, as an open connection would.
  setInterval(() => undefined, 1000);
  await new Promise(() => undefined);
}
