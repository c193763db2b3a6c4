import { declare, jsonOption } from "./declaration.ts";

export const lock = declare({
  name: "lock",
  summary: "writes the digest of each image that the compose files name by tag into slipway.lock",
  details: [
    "It reads the compose files of all stacks of the project, and looks up the images in their registries. It needs no",
    "key, state or server. Digests that are already in slipway.lock stay. Images that no stack uses are removed.",
    "The proxy's service is called slipway-proxy.",
    "Registry logins come from the key `registries`, from the CI job, or from `docker login` on this machine.",
    "docs/images.md shows an example.",
  ],
  examples: ["slipway lock", "slipway lock --check", "slipway lock --update postgres"],
  stack: "none",
  options: {
    check: {
      type: "boolean",
      summary: "only checks that slipway.lock has what the compose files need; contacts no registry",
    },
    update: { type: "boolean", summary: "looks up the given services again, or all, and shows old and new versions" },
    ...jsonOption,
  },
  words: { form: "[<service> …]", completes: "service" },
});

export const release = declare({
  name: "release",
  summary: "looks up the images of a release, and writes the release document",
  details: [
    "With --metadata it takes the digests from the file that `docker buildx bake --metadata-file` wrote. An image is",
    "that of the services that name it in the compose file, or of the service with the name of its target.",
    "Give --image for each other image: a service, and registry/repository:tag, or only the tag if the compose file",
    "has the rest. Services with the same image in the compose file get the same digest. A service whose image has a",
    "digest in the compose file needs neither. All images are looked up in their registries.",
    "It reads the compose files of the given stacks, or of all stacks. It needs no key, state or server.",
    "docs/releases.md shows the document.",
  ],
  examples: [
    "slipway release --metadata build.json --version 1.4.2",
    "slipway release --image web=1.4.2 --image api=1.4.2",
  ],
  stack: "many",
  options: {
    image: {
      ...{ type: "string", multiple: true, value: "<service>=<tag>", completes: "image" },
      summary: "a service, and the tag or full name of its image",
    },
    metadata: {
      ...{ type: "string", multiple: true, value: "<file>", completes: "file" },
      summary: "the metadata file of a build; <service>=<file> for that service alone",
    },
    version: {
      ...{ type: "string", value: "<version>" },
      summary: "the name of the release; by default the tag that all images have",
    },
    commit: { type: "string", value: "<hash>", summary: "the hash of the commit that was built" },
    schema: {
      ...{ type: "string", value: "<migration>" },
      summary: "the newest migration of the release, such as `alembic heads` prints it",
    },
    contract: { type: "boolean", summary: "its migrations take away what the release before needs" },
    "build-argument": {
      ...{ type: "string", multiple: true, value: "<name>[=<value>]" },
      summary: "lists a build argument; by default with the value of the build or of the variable",
    },
    "environment-argument": {
      ...{ type: "string", multiple: true, value: "<name>[=<value>]" },
      summary: "the same, for a value that belongs to one environment",
    },
    check: {
      type: "boolean",
      summary: "only asks the registries whether they answer and take the login",
    },
    out: {
      ...{ type: "string", value: "<file>", completes: "file" },
      summary: "the file to write; by default that of the key `release.file`",
    },
    ...jsonOption,
  },
});
