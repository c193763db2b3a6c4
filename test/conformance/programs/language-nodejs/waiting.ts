import { existsSync, writeFileSync } from "node:fs";
import * as command from "@pulumi/command";
import { given } from "../../../pulumi/given.ts";
import { waitingSpec } from "./spec.ts";

const { pidFile, who, command: create, connection } = given(waitingSpec);
writeFileSync(pidFile, String(process.pid));

if (who === "local") new command.local.Command("sleeper", { create });
if (who === "remote") new command.remote.Command("sleeper", { create, connection });
if (who === "program") {
  process.on("SIGINT", () => {
    writeFileSync(`${pidFile}-interrupted`, "");
    process.exit();
  });
  process.stdout.write("asleep\n");
  // An interval keeps Node alive, as an open connection would; a test run that died takes its folder along.
  setInterval(() => existsSync(pidFile) || process.exit(), 1000);
  await new Promise(() => undefined);
}
