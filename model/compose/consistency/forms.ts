import { textOf, type Json } from "../../json.ts";
import type { Problem } from "../../problem.ts";
import { yesNoWords } from "../boolean.ts";
import { knownText, type ReaderContext } from "../context.ts";

/** The form that Compose asks of a text, since it makes another kind of value of it. */
interface Form {
  readonly noun: string;
  readonly text: RegExp;
  readonly todo: string;
}

const whole: Form = { noun: "whole number", text: /^[+-]?\d+$/, todo: "write digits alone" };
const count: Form = { noun: "count", text: /^\+?\d+$/, todo: "write 0 or more" };
const number: Form = {
  noun: "number",
  text: /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i,
  todo: "write digits, such as 0.5",
};
const yesNo: Form = { noun: "yes or no", text: yesNoWords, todo: "write true or false" };
const size: Form = {
  noun: "size",
  text: /^\d+(\.\d+)?\s?([kmgtp]?i?b?)$/i,
  todo: "write a number with a unit, such as 512m",
};
/** Compose 2.26 takes -1, by which a container may use all swap, as a number alone. */
const swap: Form = { ...size, todo: `${size.todo}, or -1 without quotes` };
const duration: Form = {
  noun: "duration",
  text: /^[+-]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h|d|w))+)$/,
  todo: "write a number with a unit, such as 30s",
};

const restart: Form = {
  noun: "restart condition",
  text: /^(none|no|any|always|on-failure|unless-stopped)$/,
  todo: "write none, on-failure, any or unless-stopped",
};

const changes = (key: string): Readonly<Record<string, Form>> => ({
  [`deploy.${key}.parallelism`]: whole,
  [`deploy.${key}.delay`]: duration,
  [`deploy.${key}.monitor`]: duration,
  [`deploy.${key}.max_failure_ratio`]: number,
});

const together = (form: Form, keys: string): Readonly<Record<string, Form>> =>
  Object.fromEntries(keys.split(" ").map((key) => [key, form]));

/** The forms by path; `*` stands for one name or number. */
const serviceForms: ReadonlyMap<string, Form> = new Map(
  Object.entries({
    ...together(whole, "scale cpu_count cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares pids_limit"),
    ...together(whole, "oom_score_adj ulimits.* ulimits.*.soft ulimits.*.hard deploy.replicas"),
    ...together(whole, "deploy.placement.max_replicas_per_node deploy.resources.limits.pids"),
    ...together(count, "healthcheck.retries deploy.restart_policy.max_attempts blkio_config.weight"),
    ...together(number, "cpus cpu_percent deploy.resources.limits.cpus deploy.resources.reservations.cpus"),
    ...together(yesNo, "attach tty stdin_open init privileged read_only oom_kill_disable use_api_socket"),
    ...together(yesNo, "healthcheck.disable depends_on.*.required depends_on.*.restart env_file.*.required"),
    ...together(yesNo, "volumes.*.read_only volumes.*.bind.create_host_path volumes.*.volume.nocopy"),
    ...together(size, "mem_limit mem_reservation mem_swappiness shm_size"),
    memswap_limit: swap,
    ...together(size, "deploy.resources.limits.memory deploy.resources.reservations.memory"),
    ...together(duration, "stop_grace_period pull_refresh_after deploy.restart_policy.delay"),
    ...together(restart, "deploy.restart_policy.condition"),
    ...together(duration, "deploy.restart_policy.window healthcheck.interval healthcheck.timeout"),
    ...together(duration, "healthcheck.start_period healthcheck.start_interval"),
    ...changes("update_config"),
    ...changes("rollback_config"),
  }),
);

/** The forms of what networks and volumes say. */
const resourceForms: ReadonlyMap<string, Form> = new Map(
  Object.entries(together(yesNo, "internal attachable enable_ipv4 enable_ipv6 external")),
);

/** What is checked, and how messages and places name it. */
interface Checked {
  readonly subject: string;
  readonly value: Json;
  readonly place: (keys: readonly string[]) => string;
}

/** Every text of a service that Compose cannot read as the value that it stands for. */
export function serviceFormProblems(context: ReaderContext, checked: Checked): Problem[] {
  return formProblems(context, serviceForms, checked);
}

/** The same for a network or volume. */
export function resourceFormProblems(context: ReaderContext, checked: Checked): Problem[] {
  return formProblems(context, resourceForms, checked);
}

function formProblems(
  context: ReaderContext,
  forms: ReadonlyMap<string, Form>,
  { subject, value, place }: Checked,
): Problem[] {
  return textsIn(value).flatMap(({ keys, text }) => {
    const path = keys.join(".");
    const form = forms.get(path) ?? forms.get(keys.map((key, index) => (index === 1 ? "*" : key)).join("."));
    // What only the server knows is not checked here.
    const resolved = form && knownText(context, text);
    if (form === undefined || resolved === undefined || form.text.test(resolved)) return [];
    return [{ path: place(keys), what: `${subject} has no ${form.noun} as ${path}, got '${text}'`, todo: form.todo }];
  });
}

/** Texts alone: the schema checks the kind of all other values. */
function textsIn(
  value: Json,
  keys: readonly string[] = [],
): { readonly keys: readonly string[]; readonly text: string }[] {
  if (typeof value === "string") return [{ keys, text: textOf(value) ?? "" }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, field]) => textsIn(field, [...keys, key]));
}
