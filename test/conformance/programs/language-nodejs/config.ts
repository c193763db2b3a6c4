import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

const config = new pulumi.Config();

export const word = config.require("word");
export const size = config.requireNumber("size");
export const ports = config.requireObject<Record<string, number>>("ports");
export const token = config.requireSecret("token");
/** Not secret, since `get` returns a secret as plain text. */
export const tokenLength = config.get("token")?.length;
export const place = { project: pulumi.getProject(), stack: pulumi.getStack(), organization: pulumi.getOrganization() };
export const secretObject = config.getSecretObject<Record<string, string>>("credentials");
export const isDryRun = pulumi.runtime.isDryRun();
export const secretKeys = z
  .array(z.string())
  .parse(JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]"))
  .sort();
