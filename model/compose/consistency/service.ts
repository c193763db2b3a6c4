import { isList, isMap, listOf, mapOf, textOf } from "../../json.ts";
import { guess } from "../../guess.ts";
import type { ReaderContext } from "../context.ts";
import type { NormalService } from "../normal-service.ts";
import type { ComposeProject } from "../project.ts";
import { serviceFormProblems } from "./forms.ts";
import { checkLimits, checkScale } from "./limits.ts";

/** A service that Compose checks before it runs anything. */
interface Checked {
  readonly name: string;
  readonly service: NormalService;
  readonly project: ComposeProject;
  /** Reports that the field at these keys is not as Compose asks. */
  readonly refuse: (keys: readonly string[], what: string, todo: string) => void;
}

/** Reports every contradiction within a service for which Compose would refuse it. */
export function checkService(context: ReaderContext, project: ComposeProject, name: string): void {
  const service = project.services.get(name);
  if (service === undefined) return;
  const refuse = (keys: readonly string[], what: string, todo: string): void => {
    context.problems.push({ path: service.place(...keys), what: `service '${name}' ${what}`, todo });
  };
  const checked: Checked = { name, service, project, refuse };
  for (const check of checks) check(checked);
  const place = (keys: readonly string[]): string => placeIn(service, keys);
  const value = { ...service.fields, volumes: service.volumes.map((entry) => entry.value) };
  context.problems.push(...serviceFormProblems(context, { subject: `service '${name}'`, value, place }));
  checkLimits(context, name, service);
  checkScale(context, name, service);
}

/** Volumes of several files and services keep their places when they are merged. */
function placeIn(service: NormalService, keys: readonly string[]): string {
  const [field, index] = keys;
  return (field === "volumes" ? service.volumes[Number(index)]?.place : undefined) ?? service.place(...keys);
}

const checks = [
  ...[checkImage, checkCommands, checkNetworks, checkHealth, checkTargets, checkSources, checkDevices, checkHosts],
  ...[checkWatch, checkBuild],
];

function checkImage({ service, refuse }: Checked): void {
  const { image, build, provider } = service.fields;
  if ((textOf(image) ?? "") !== "" || build !== undefined || provider !== undefined) return;
  const todo = "add image or build, or name in `compose` the file that has it as well";
  refuse([], "has neither image nor build", todo);
}

/** Compose splits a text into words as a shell does. */
function checkCommands({ service, refuse }: Checked): void {
  const hooks = ["post_start", "pre_stop"].flatMap((field) =>
    listOf(service.fields[field]).map(
      (hook, index) => [[field, String(index), "command"], mapOf(hook)["command"]] as const,
    ),
  );
  const own = ["command", "entrypoint"].map((field) => [[field], service.fields[field]] as const);
  for (const [keys, value] of [...own, ...hooks]) {
    const text = textOf(value) ?? "";
    const rest = text.replace(/\\[^]|'[^']*'|"(?:[^"\\]|\\[^])*"|[^'"\\]/g, "");
    if (rest === "") continue;
    const open = rest.startsWith("\\") ? "a backslash at its end" : "a quote that is not closed";
    const what = `has ${open} in ${keys.join(".")}, got '${text}'`;
    refuse(keys, what, "close it, or write a list of words");
  }
}

function checkNetworks({ service, project, refuse }: Checked): void {
  const names = Object.keys(mapOf(service.fields["networks"]));
  if (names.length > 0 && service.fields["network_mode"] !== undefined)
    refuse(["network_mode"], "has both networks and network_mode", "keep the one that is meant");
  const known = [...project.networks.keys(), "default"];
  for (const name of names.filter((name) => !known.includes(name))) {
    const otherwise = "add it below the file's top-level networks, or name in `compose` the file that has it";
    const todo = guess(name, [...project.networks.keys()], otherwise);
    refuse(["networks", name], `has the network '${name}', which is not defined`, todo);
  }
}

function checkHealth({ service, refuse }: Checked): void {
  const { test } = mapOf(service.fields["healthcheck"]);
  const [first] = isList(test) ? test : [];
  if (first === undefined || ["CMD", "CMD-SHELL", "NONE"].includes(textOf(first) ?? "")) return;
  const what = `has a healthcheck.test that begins with '${textOf(first) ?? ""}'`;
  refuse(["healthcheck", "test"], what, "begin it with CMD, CMD-SHELL or NONE");
}

/** Requires that nothing else is mounted where a tmpfs is. */
function checkTargets({ service, refuse }: Checked): void {
  const targets = service.volumes.map(({ value }) => textOf(mapOf(value)["target"]) ?? "");
  const todo = "keep the one that is meant; what a tmpfs holds is lost with its container";
  for (const [index, entry] of listOf(service.fields["tmpfs"]).entries()) {
    const target = (textOf(entry) ?? "").replace(/:.*$/s, "");
    if (targets.includes(target)) refuse(["tmpfs", String(index)], `mounts two things at ${target}`, todo);
    targets.push(target);
  }
}

function checkSources({ service, refuse }: Checked): void {
  for (const { value } of service.volumes) {
    const { type, source, target } = mapOf(value);
    if (type !== "bind" || (textOf(source) ?? "") !== "") continue;
    refuse(["volumes"], `has a bind mount without a source at ${textOf(target) ?? ""}`, "add source");
  }
}

/** A name and its address stand on both sides of `:` or `=`. */
function checkHosts({ service, refuse }: Checked): void {
  for (const [index, host] of listOf(service.fields["extra_hosts"]).entries()) {
    const text = textOf(host) ?? "";
    if (!/[:=]/.test(text))
      refuse(["extra_hosts", String(index)], `has a host without an address, got '${text}'`, "write NAME=ADDRESS");
  }
}

function checkBuild({ service, project, refuse }: Checked): void {
  const { dockerfile, dockerfile_inline: inline, secrets } = mapOf(service.fields["build"]);
  if (dockerfile !== undefined && inline !== undefined)
    refuse(["build"], "has build.dockerfile and build.dockerfile_inline", "keep the one that is meant");
  for (const entry of listOf(secrets)) {
    const name = textOf(isMap(entry) ? entry["source"] : entry) ?? "";
    if (project.secrets.has(name)) continue;
    const todo = guess(name, [...project.secrets.keys()], "add it below the file's top-level secrets");
    refuse(["build", "secrets"], `is built with the secret '${name}', which is not defined`, todo);
  }
}

function checkDevices({ service, refuse }: Checked): void {
  for (const [index, device] of listOf(service.fields["devices"]).entries()) {
    if ((textOf(device) ?? "").split(":").length > 3)
      refuse(["devices", String(index)], `has a device of more than three parts, got '${textOf(device) ?? ""}'`, short);
  }
  const reserved = mapOf(mapOf(mapOf(service.fields["deploy"])["resources"])["reservations"])["devices"];
  const requests = [
    ...listOf(service.fields["gpus"]).map((entry, index) => ({ entry, keys: ["gpus", String(index)] })),
    ...listOf(reserved).map((entry) => ({ entry, keys: ["deploy", "resources", "reservations", "devices"] })),
  ];
  for (const { entry, keys } of requests) {
    const { count, device_ids: ids } = mapOf(entry);
    if (count !== undefined && count !== "all" && !/^(\d+|.*\$.*)$/.test(textOf(count) ?? ""))
      refuse(keys, `asks for '${textOf(count) ?? ""}' devices`, "write all, or a number");
    if (count !== undefined && ids !== undefined)
      refuse(keys, "asks for devices by count and by device_ids", "keep the one that is meant");
  }
}

const short = "write source, target and permissions as a map";

function checkWatch({ service, refuse }: Checked): void {
  for (const [index, watch] of listOf(mapOf(service.fields["develop"])["watch"]).entries()) {
    const action = isMap(watch) ? textOf(watch["action"]) : undefined;
    if (action === "rebuild" || action === "restart" || mapOf(watch)["target"] !== undefined) continue;
    refuse(["develop", "watch", String(index)], `has a develop.watch without target`, "add target");
  }
}
