import { declare, jsonOption } from "./declaration.ts";

export const lock = declare({
  name: "lock",
  summary: "writes the digest of each image that is named by tag into slipway.lock",
  details: [
    "It reads the compose files of all stacks of the project, and asks the registries of the images. It needs neither",
    "key, state nor server. Digests that slipway.lock has already stay, images that no stack uses are removed.",
    "The proxy is the service slipway-proxy.",
    "Logins are those of `registries`, of the CI job, and of `docker login` on this machine.",
    "docs/images.md shows an example.",
  ],
  examples: ["slipway lock", "slipway lock --check", "slipway lock --update postgres"],
  stack: "none",
  options: {
    check: {
      type: "boolean",
      summary: "changes nothing and asks no registry; fails if slipway.lock is not what the compose files need",
    },
    update: { type: "boolean", summary: "looks up the named services again, or all, and shows old and new" },
    ...jsonOption,
  },
  words: { form: "[<service> …]", completes: "service" },
});

export const release = declare({
  name: "release",
  summary: "looks up the images of a release, and writes the release document",
  details: [
    "Each --image names a service and its image: registry/repository:tag, or the tag alone, where the compose file",
    "names the rest. Services with the same image in the compose file get the same. One that the compose file names by",
    "digest needs none.",
    "It reads the compose files of the named stacks, or of all, and needs neither key, state nor server.",
    "docs/releases.md shows the document.",
  ],
  examples: ["slipway release --image web=1.4.2 --image api=1.4.2"],
  stack: "many",
  options: {
    image: {
      ...{ type: "string", multiple: true, value: "<service>=<tag>", completes: "image" },
      summary: "a service and its image",
    },
    version: {
      ...{ type: "string", value: "<version>" },
      summary: "the release's name; by default the tag that all images have in common",
    },
    commit: { type: "string", value: "<hash>", summary: "the commit that was built" },
    out: {
      ...{ type: "string", value: "<file>", completes: "file" },
      summary: "the document's file; by default that of `release.file`",
    },
    ...jsonOption,
  },
});
