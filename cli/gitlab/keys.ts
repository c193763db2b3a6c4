import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readProjectFiles } from "../../config/stack-files.ts";
import type { Call } from "../commands/command.ts";
import type { GitlabJob } from "./job.ts";
import { keyVariable } from "../ssh/private-key.ts";

/** The variables that a preview on the server needs and that this job does not have. */
export function missingKeys(call: Call, stack: string): readonly string[] {
  const { root: project } = readProjectFiles(call.folder);
  const { environment } = call;
  const is = (name: string): boolean => (environment[name] ?? "") !== "";
  const says = (file: string, pattern: RegExp): boolean => {
    const path = join(project, file);
    return existsSync(path) && pattern.test(readFileSync(path, "utf8"));
  };
  const backend = is("PULUMI_ACCESS_TOKEN") || is("PULUMI_BACKEND_URL") || says("Pulumi.yaml", /^backend:/m);
  const encrypted = says(`Pulumi.${stack}.yaml`, /^encryptionsalt:/m);
  const passphrase = is("PULUMI_CONFIG_PASSPHRASE") || is("PULUMI_CONFIG_PASSPHRASE_FILE");
  return [
    ...(is(keyVariable) || is("SSH_AUTH_SOCK") ? [] : [keyVariable]),
    ...(backend ? [] : ["PULUMI_BACKEND_URL"]),
    ...(encrypted && !passphrase ? ["PULUMI_CONFIG_PASSPHRASE"] : []),
  ];
}

/** Explains why a job has no keys, and what that means for the merge request (F115, F125). */
export function explainMissing(missing: readonly string[], job: GitlabJob, stack: string): readonly string[] {
  return [
    `${stack} is not previewed: this job was not given ${missing.join(", ")}.`,
    reasonFor(job, stack),
    `It is unknown what this change would do to the server of ${stack}; the results of the other jobs stand.`,
  ];
}

function reasonFor({ mergeRequest, protected: isProtected }: GitlabJob, stack: string): string {
  if (mergeRequest?.fork !== undefined)
    return (
      `The merge request comes from ${mergeRequest.fork}, and pipelines of a fork get no variables of this project. ` +
      "A person who may push here can read the change, and then run a pipeline for the merge request in this project."
    );
  if (!isProtected)
    return (
      "The branch is not protected, and protected variables exist only on protected branches. Remove the protection " +
      `of ${stack}'s variables, if everyone who may push may have them; or set \`protected: true\`, or ` +
      "`shared: true`, for the stack in .gitlab-ci.yml, which plans it without keys."
    );
  return `Set what is missing for the environment ${stack}, or for all of them.`;
}
