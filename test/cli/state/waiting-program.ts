import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import * as command from "@pulumi/command";

// Runs in the folder of a test's workspace. Prints what it sees of the key; its one resource is done when the
// test says `go`.
const { SSH_AUTH_SOCK: socket = "", SSH_PRIVATE_KEY: key } = process.env;
const { stdout } = spawnSync("ssh-add", ["-L"], { encoding: "utf8" });
writeFileSync("seen.json", JSON.stringify({ socket, variable: key !== undefined, keys: stdout }));

new command.local.Command("wait", {
  create: "touch started; until test -e go; do sleep 0.05; done; touch finished",
});
