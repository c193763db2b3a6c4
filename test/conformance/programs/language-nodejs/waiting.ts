import { existsSync, writeFileSync } from "node:fs";
import * as command from "@pulumi/command";
import { given } from "../../../pulumi/given.ts";
import { waitingSpec } from "./spec.ts";

const { pidFile, waiter, command: create, connection } = given(waitingSpec);
writeFileSync(pidFile, String(process.pid));

if (waiter === "local") new command.local.Command("sleeper", { create });
if (waiter === "remote") new command.remote.Command("sleeper", { create, connection });
if (waiter === "program") {
  process.on("SIGINT", () => {
    writeFileSync(`${pidFile}-interrupted`, "");
    process.exit();
  });
  process.stdout.write("asleep\n");
  // The interval keeps Node running, as an open connection would, until the folder of the test run is removed.
  setInterval(() => existsSync(pidFile) || process.exit(), 1000);
  await new Promise(() => undefined);
}
