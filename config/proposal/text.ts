import type { JsonMap } from "../../model/json.ts";
import { requestPort } from "../../model/stack/port/container-ports.ts";
import type { DataVolume, StackService } from "../../model/stack/service.ts";
import type { Stack } from "../../model/stack/stack.ts";
import { CommentedYaml } from "./commented-yaml.ts";

/** What the text of Pulumi.yaml is made of. */
interface ProjectText {
  readonly name: string;
  /** The path to slipway's program. */
  readonly main: string;
  readonly keys: JsonMap;
  readonly stack: Stack;
}

/** The text of Pulumi.yaml: the facts of the application, with what the compose files say of each in comments. */
export function projectText({ name, main, keys, stack }: ProjectText): string {
  const runtime = { name: "nodejs", options: { typescript: false } };
  const config = Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, typed(value)]));
  const hasKeys = Object.keys(keys).length > 0;
  const yaml = new CommentedYaml({ name, runtime, main, ...(hasKeys && { config }) })
    .flat(["runtime"])
    .behind(["runtime", "options"], "Node itself strips the types");
  if (!hasKeys) return yaml.last(noRelease, ...dataOf(stack)).toString();
  for (const key of Object.keys(keys)) annotate(yaml, ["config", key], ["config", key, "default"], stack);
  if (keys["services"] === undefined) yaml.above(["config"], noRelease);
  return yaml.atEnd(["config"], ...dataOf(stack)).toString();
}

/** What the text of a stack file is made of. */
interface StackText {
  readonly project: string;
  readonly stackName: string;
  readonly keys: JsonMap;
  /** Names of secrets that need a value. */
  readonly secrets: readonly string[];
  readonly stack: Stack;
}

/** The text of a stack file: the facts of one environment. */
export function stackText({ project, stackName, keys, secrets, stack }: StackText): string {
  const own = Object.entries(keys).map(([key, value]) => [`${project}:${key}`, value] as const);
  const yaml = new CommentedYaml({ config: Object.fromEntries(own) });
  for (const key of Object.keys(keys)) {
    const path = ["config", `${project}:${key}`];
    annotate(yaml, path, path, stack);
  }
  if (secrets.length === 0) return yaml.toString();
  const names = `Secrets that the compose file needs: ${secrets.join(", ")}. Each is set by`;
  return yaml
    .atEnd(["config"], names, `pulumi config set --secret --path secrets.<name> --stack ${stackName}`)
    .toString();
}

/** A key of Pulumi.yaml in the form that Pulumi checks. */
function typed(value: JsonMap[string]): JsonMap {
  if (value instanceof Array) return { type: "array", items: { type: "string" }, default: value };
  return { type: typeof value === "string" ? "string" : "object", default: value };
}

const noRelease =
  "No service is built here, so all are shared: a deploy recreates one only if its image or settings changed. " +
  "Set services.<service>.release for a service whose images your team releases.";

/** The comment of each key; `values` is the path of its value. */
function annotate(yaml: CommentedYaml, path: readonly string[], values: readonly string[], stack: Stack): void {
  const comment = commentOf(path.at(-1)?.replace(/^.*:/, "") ?? "", stack);
  if (comment !== undefined) yaml.above(path, comment);
  yaml.flat(values);
  for (const { name, text } of asides(path.at(-1) ?? "", stack)) yaml.behind([...values, name], text);
}

function commentOf(key: string, stack: Stack): string | undefined {
  switch (key) {
    case "host":
      return (
        "The server: its address, its user (root, or the one of `slipway host prepare`), and its public host key. " +
        "That is /etc/ssh/ssh_host_ed25519_key.pub there, without the comment. Write them here, or set these variables."
      );
    case "directory":
      return "The stack's own folder on the server, and the prefix of all names that it uses there.";
    case "ports":
      return (
        "The ports on the server. Without an address, only the server itself reaches a port; " +
        'write "0.0.0.0:8080" instead of 8080 to open it to others.'
      );
    case "variables":
      return "Variables that the compose file needs and has no default for.";
    case "services":
      return sharedText(stack);
    case "migration":
      return "Runs once for each release, before its services start. It must be safe to repeat.";
    case "folders":
      return (
        "Folders that services mount and git does not track. The server keeps them as data; " +
        "commit those that hold no data."
      );
    case "files":
      return "Services mount more files than slipway delivers by default.";
    default:
      return undefined;
  }
}

function sharedText({ services }: Stack): string {
  if (services.every(({ part }) => part === "shared")) return noRelease;
  const shared = services.filter(({ part }) => part === "shared").map(({ name }) => name);
  const rest = shared.length === 0 ? "" : ` Shared services, which stay: ${shared.join(", ")}.`;
  return `The release: its images are built here, and each deploy switches to the new ones.${rest}`;
}

function asides(key: string, stack: Stack): { readonly name: string; readonly text: string }[] {
  const isPorts = key.endsWith("ports");
  if (key !== "services" && !isPorts) return [];
  const released = stack.services.filter(({ part }) => part === "release");
  const ofRelease = released.map((service) => ({
    name: service.name,
    text: isPorts ? "published by slipway's proxy" : releasedText(service),
  }));
  const jobs = isPorts ? [] : stack.services.filter(({ part, settings }) => part === "shared" && settings.job === true);
  return [...ofRelease, ...jobs.map(({ name }) => ({ name, text: "ends with 0 each time that it is started" }))];
}

function releasedText({ job, compose, settings }: StackService): string {
  const port = requestPort({ compose, settings });
  const served =
    port === undefined ? "publishes no port, or none that is known to speak HTTP" : `answers on port ${port}`;
  const drop = settings.drop.length === 0 ? "" : "; drop leaves out the parts for development";
  return `${job === undefined ? served : "a job that runs in each release"}${drop}`;
}

function dataOf({ hosts }: Stack): string[] {
  const volumes = Object.values(hosts).flatMap((host) => host.volumes);
  if (volumes.length === 0) return [];
  return [`Data, which the server keeps and guards: ${volumes.map(dataText).join(", ")}.`];
}

function dataText({ name, service, data, external }: DataVolume): string {
  const kind = data === "postgres" ? ", a Postgres cluster" : "";
  return `${name} (of ${service}${kind}${external === true ? ", external" : ""})`;
}
