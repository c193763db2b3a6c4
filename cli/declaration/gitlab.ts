import { exitCodes } from "../exit-code.ts";
import { declare } from "./declaration.ts";

export const gitlabPreview = declare({
  name: "gitlab preview",
  summary: "previews a stack in a job, and leaves reports for the merge request",
  details: [
    "In slipway-reports it leaves the plan as JSON and Markdown, the counts for GitLab's widget, and links.",
    "Outside of a merge request it also saves the plan for `slipway gitlab deploy --held true`.",
    "--offline plans without engine, server and secrets, and compares the plan with the one that the stack's last",
    "deployment published. If SSH_OBSERVE_KEY holds a key that only observes, the plan has the servers' facts.",
    `The exit code is ${exitCodes.notChecked} if the job does not have the keys that a preview needs; it says why.`,
  ],
  examples: ["slipway gitlab preview --stack staging"],
  stack: "required",
  options: { offline: { type: "boolean", summary: "plans without Pulumi's engine, secrets and server" } },
  exits: ["notChecked"],
});

export const gitlabNote = declare({
  name: "gitlab note",
  summary: "writes the plans of a pipeline into the note on its merge request",
  details: [
    "It reads the reports of `slipway gitlab preview` in slipway-reports, and writes one note, or updates the note of",
    "an earlier pipeline.",
    "It needs a project access token in SLIPWAY_GITLAB_TOKEN, since a job's own token may not write notes. Without one",
    "it logs this and succeeds.",
  ],
  examples: ["slipway gitlab note"],
  stack: "none",
  options: {},
});

export const gitlabDeploy = declare({
  name: "gitlab deploy",
  summary: "deploys a stack in a job, and leaves its outputs for later jobs",
  details: [
    "It refuses if a newer pipeline has deployed the stack already, unless this pipeline has deployed it before, or",
    "SLIPWAY_ROLLBACK=yes says that this is intended. Then it runs `slipway up --yes --skip-preview`.",
    "In slipway-reports it leaves the plan that was carried out, with which offline plans are compared, and the",
    "outputs as variables.",
  ],
  examples: ["slipway gitlab deploy --stack production --held true"],
  stack: "required",
  options: {
    held: {
      ...{ type: "string", value: "true | false" },
      summary: "with true, carries out the plan that this pipeline previewed, and refuses if anything moved",
    },
  },
});
