import { exitCodes } from "../exit-code.ts";
import { declare } from "./declaration.ts";

export const gitlabPreview = declare({
  name: "gitlab preview",
  summary: "previews a stack in a CI job, and writes reports for the merge request",
  details: [
    "It writes the plan as JSON and Markdown, the counts for GitLab's widget, and links into slipway-reports.",
    "Outside a merge request it also saves the plan for `slipway gitlab deploy --held true`.",
    "--offline plans without Pulumi's engine, secrets or a server, and compares the plan with the one that the last",
    "deployment published. If SSH_OBSERVE_KEY holds a key that can only observe, the plan includes the servers' state.",
    `The exit code is ${exitCodes.notChecked} if the job lacks the keys that a preview needs.`,
  ],
  examples: ["slipway gitlab preview --stack staging"],
  stack: "required",
  options: { offline: { type: "boolean", summary: "plans without Pulumi's engine, secrets or a server" } },
  exits: ["notChecked"],
});

export const gitlabNote = declare({
  name: "gitlab note",
  summary: "writes the plans of a pipeline into a note on its merge request",
  details: [
    "It reads the reports of `slipway gitlab preview` in slipway-reports. It writes one note, or updates the note of",
    "an earlier pipeline.",
    "It needs a project access token in SLIPWAY_GITLAB_TOKEN, because the job's own token cannot write notes. Without",
    "a token it says so and succeeds.",
  ],
  examples: ["slipway gitlab note"],
  stack: "none",
  options: {},
});

export const gitlabDeploy = declare({
  name: "gitlab deploy",
  summary: "deploys a stack in a CI job, and writes its outputs for later jobs",
  details: [
    "If a newer pipeline has already deployed the stack, it refuses, unless this pipeline deployed the stack before or",
    "SLIPWAY_ROLLBACK=yes is set. Then it runs `slipway up --yes --skip-preview`.",
    "If images of the stack come with a release and the pipeline has no release document, it refuses as well, because",
    "nothing would be deployed. With --release kept it deploys the configuration, and the release that runs stays.",
    "It writes the plan that it deployed and the outputs as variables into slipway-reports. Later offline plans are",
    "compared with that plan.",
  ],
  examples: ["slipway gitlab deploy --stack production --held true"],
  stack: "required",
  options: {
    held: {
      ...{ type: "string", value: "true | false" },
      summary: "with true, deploys the plan that this pipeline previewed, and refuses if anything changed",
    },
    release: {
      ...{ type: "string", value: "required | kept" },
      summary: "whether the pipeline must have made a release; by default it must",
    },
  },
});
