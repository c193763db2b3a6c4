import { declare, jsonOption } from "./declaration.ts";

const ofColour = {
  colour: {
    type: "string",
    value: "<colour>",
    summary: "blue or green; by default the colour that serves",
  },
} as const;

const needs = ["It needs a key that may deploy, as `slipway up` does, and no secrets of the stack."] as const;

export const logs = declare({
  name: "logs",
  summary: "shows the logs of the live release and of the shared services",
  details: [
    "Without services it shows all but the proxy, which is called slipway-proxy, and the migration.",
    "--follow goes on until Ctrl-C, also with containers that start later and with the next release once it serves.",
    "In CI, every value that may be secret is hidden, and there are no colours.",
    ...needs,
  ],
  examples: ["slipway logs --stack production", "slipway logs backend -f --tail 20 --stack production"],
  stack: "one",
  options: {
    follow: { type: "boolean", short: "f", summary: "goes on with what is printed from now on" },
    tail: {
      ...{ type: "string", short: "n", value: "<lines>" },
      summary: "the last lines of each container; by default 100 without --since, and `all` for all",
    },
    since: {
      ...{ type: "string", value: "<time>" },
      summary: "a time such as 2026-11-30T12:00:00Z, or how long ago, such as 30s, 15m, 2h or 1d",
    },
    timestamps: { type: "boolean", short: "t", summary: "shows when each line was printed" },
    release: { type: "string", value: "<version>", summary: "the release whose containers it shows, live or not" },
    ...ofColour,
  },
  words: { form: "[<service> …]", completes: "service" },
});

export const exec = declare({
  name: "exec",
  summary: "runs a command in a container of a service, with the terminal if there is one",
  details: [
    "The exit code is that of the command; 255 also if the connection is lost. No shell on the server reads the words.",
    "If the connection is lost, or on Ctrl-C, the command ends: first by SIGTERM, and after five seconds by SIGKILL.",
    "The log of the stack on the server notes who ran which program for which service, without its arguments.",
    ...needs,
  ],
  examples: [
    "slipway exec api --stack production -- sh",
    "slipway exec db --stack production -- pg_dump shop > shop.sql",
  ],
  stack: "one",
  options: {
    ...ofColour,
    replica: {
      type: "string",
      value: "<number>",
      summary: "the container of a service that has several; by default the first",
    },
  },
  words: { form: "<service> -- <program> [<argument> …]", completes: "service" },
});

export const run = declare({
  name: "run",
  summary: "runs a command in a new container of a service, which is removed at the end",
  details: [
    "The container has the image, variables, secrets, networks and mounts of the service, but publishes no ports, and",
    "gets no requests. Other services that it needs are not started. Without a command it runs that of the service.",
    "The entrypoint of the image stays, as with `docker compose run`: the words are its arguments.",
    "The exit code is that of the command; 255 also if the connection is lost.",
    "If the connection is lost, or on Ctrl-C, the container is stopped and removed. The next release ends it, too, if",
    "it belongs to a colour that is taken down. Until then `slipway drift` lists it as run by hand, which is no drift.",
    ...needs,
  ],
  examples: ["slipway run api --stack production -- bin/console cache:clear"],
  stack: "one",
  options: ofColour,
  words: { form: "<service> [-- <program> [<argument> …]]", completes: "service" },
});

export const clean = declare({
  name: "clean",
  summary: "lists what nothing needs any more on the stack's server, and removes it with --yes",
  details: [
    "It lists images that slipway pulled for this stack and that no container, no deployed stack and none of the last",
    "releases needs; containers that an interrupted run left of a release; and programs of slipway that no stack runs.",
    "The keys `keep.releases` and `keep.disk` say how many releases stay. Volumes, images of others, and what an",
    "adopted project needs to go back always stay. The end of each `slipway up` removes such images by itself.",
    ...needs,
  ],
  examples: ["slipway clean --stack production", "slipway clean --stack production --yes"],
  stack: "one",
  options: {
    yes: { type: "boolean", short: "y", summary: "removes what it lists" },
    ...jsonOption,
  },
});
