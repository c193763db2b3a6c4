import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { given } from "../../../pulumi/given.ts";
import { endSpec } from "./spec.ts";

const first = new command.local.Command("first", { create: "echo done" });
process.stdout.write("said on stdout\n");
process.stderr.write("said on stderr\n");
await pulumi.log.info("told the user", first);
await pulumi.log.warn("warned the user");

/** Resolves when the command has been created, so that it is in the state however the program ends. */
const ready = new Promise<void>((resolve) => first.stdout.apply(() => resolve()));
if (!pulumi.runtime.isDryRun()) await ready;

const { way } = given(endSpec);
if (way === "throws") throw new Error("thrown by the program");
if (way === "throws a run error") throw new pulumi.RunError("a message for the user");
if (way === "rejects") void Promise.reject(new Error("rejected by the program"));
if (way === "exits") process.exit(3);
if (way === "exits well") process.exit(0);
if (way === "logs an error") await pulumi.log.error("an error for the user");
if (way === "cannot be loaded") await import(new URL("no-such-file.ts", import.meta.url).href);

export const end = "reached";
