import { isIP } from "node:net";
import { z } from "zod";
import { isList } from "../../model/json.ts";
import type { HealthCheck } from "../../model/stack/deployment.ts";

// The message of a check has both halves of a problem: what is wrong; what to do.

/** The algorithm and the key, as in a server's /etc/ssh/ssh_host_*_key.pub, without the comment. */
const hostKeyForm = /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]{43,}={0,2}$/;

/** A server's public host key. */
export const hostKey = z
  .string()
  .regex(
    hostKeyForm,
    "is not a host key of the form 'ssh-ed25519 AAAA…'; copy it from the server's /etc/ssh/ssh_host_ed25519_key.pub",
  );

/** The host name or IP address of a server. Ssh gets it as a word, so it must not look like an option. */
export const serverAddress = z
  .string()
  .min(1, { error: "is empty; write the server's name or IP address", abort: true })
  .refine((text) => isIP(text) !== 0 || /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.(?!$)|$))+$/i.test(text), {
    error: "is neither a host name nor an IP address; write it without user and port, such as server.example.com",
  });

/**
 * The name of a host within its stack. It is the beginning of resource names up to their first hyphen, so it has none:
 * otherwise two hosts could give two resources the same name.
 */
export const hostName = z
  .string()
  .regex(
    /^[a-z][a-z0-9]{0,29}$/,
    "is not a server's name in a stack; use at most 30 small letters and digits, and begin with a letter, such as main",
  );

/** A TCP port. */
export const port = z.int().min(1, "is not a port; use 1 to 65535").max(65535, "is not a port; use 1 to 65535");

const template = "holds '{{', which the proxy would run as a template; write plain text";

const noTemplate = (text: string): boolean => !text.includes("{{");

/** The path that a health check asks for. */
export const healthPath = z
  .string()
  .refine(noTemplate, { error: template, abort: true })
  .regex(/^\/[\x21-\x5f\x61-\x7e]*$/, "is not a path; begin with '/' and use no space, backtick or control character");

/** The name of a header of HTTP. */
const headerName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, "is not the name of a header; use letters, digits and '-'");

const healthRequest = z.strictObject({
  path: healthPath,
  status: z.int().min(100, "is not a status; use 100 to 599").max(599, "is not a status; use 100 to 599").optional(),
  headers: z
    .record(
      headerName,
      z.string().regex(/^[\x20-\x7e]*$/, "is not the value of a header; use printable characters of ASCII"),
    )
    .optional(),
});

/** `/health`, or a map with path, status and headers. */
export const healthCheck = z.unknown().transform((value, context): HealthCheck => {
  const read = typeof value === "string" ? healthPath.safeParse(value) : healthRequest.safeParse(value);
  if (read.success) return typeof read.data === "string" ? { path: read.data } : read.data;
  for (const issue of read.error.issues) {
    const { path, message } = issue;
    if (issue.code === "unrecognized_keys") {
      context.issues.push({ code: issue.code, keys: issue.keys, path, input: undefined });
    } else if (issue.code === "invalid_type") {
      context.issues.push({ code: issue.code, expected: issue.expected, path, input: undefined });
    } else context.issues.push({ code: "custom", path, message, input: value });
  }
  return z.NEVER;
});

/** `compose.yaml`, or a list of compose files that are merged in this order. */
export const composeFiles = z.unknown().transform((value, context): readonly string[] => {
  const files = (isList(value) ? value : [value]).filter((file) => typeof file === "string" && file !== "");
  if (files.length > 0 && files.length === (isList(value) ? value.length : 1)) return files.map(String);
  context.addIssue("is not a path and no list of paths; write one such as compose.yaml, or several as they are merged");
  return z.NEVER;
});

/** The name of a service of the compose file, or a list of several. */
export const serviceNames = z.unknown().transform((value, context): readonly string[] => {
  if (value === undefined) {
    context.addIssue({ code: "invalid_type", expected: "string", input: value });
    return z.NEVER;
  }
  const names = isList(value) ? value.map(String) : [typeof value === "string" ? value : ""];
  if (names.length > 0 && names.every((name) => name !== "") && new Set(names).size === names.length) return names;
  context.addIssue("is not the name of a service and no list of different ones; write one such as migrate");
  return z.NEVER;
});

/** A public name. */
export const domainName = z
  .string()
  .refine(noTemplate, { error: template, abort: true })
  .regex(
    /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    "is not a domain name; write it without scheme and path, such as staging.example.com",
  );

const units = { KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 } as const;
const seconds = { second: 1, minute: 60, hour: 3600 } as const;

/** A size in words, such as `"512 MB"`, in bytes; the units are powers of 1024, as Docker's are. */
export const size = z.string().transform((text, context): number => {
  const [, amount, unit] = /^([1-9]\d*(?:\.\d+)?) (KB|MB|GB)$/.exec(text) ?? [];
  if (unit === "KB" || unit === "MB" || unit === "GB") return Math.round(Number(amount) * units[unit]);
  context.addIssue("is not a size; write a number and KB, MB or GB, such as '512 MB'");
  return z.NEVER;
});

/** A duration in words, such as `"60 seconds"`, in seconds. */
export const duration = z.string().transform((text, context): number => {
  const [, amount, unit] = /^([1-9]\d*) (second|minute|hour)s?$/.exec(text) ?? [];
  if (unit === "second" || unit === "minute" || unit === "hour") return Number(amount) * seconds[unit];
  context.addIssue("is not a duration; write a number and seconds, minutes or hours, such as '60 seconds'");
  return z.NEVER;
});

/** A short time in words, such as `"200 milliseconds"` or `"3 seconds"`, in seconds. */
export const gateTime = z.string().transform((text, context): number => {
  const [, amount, unit] = /^([1-9]\d{0,4}) (millisecond|second|minute)s?$/.exec(text) ?? [];
  if (unit === "millisecond") return Number(amount) / 1000;
  if (unit === "second" || unit === "minute") return Number(amount) * seconds[unit];
  context.addIssue(
    "is not a duration; write a number and milliseconds, seconds or minutes, such as '200 milliseconds'",
  );
  return z.NEVER;
});

/** The name of an environment variable. */
export const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "is not a variable name; use letters, digits and '_'");

/** A file with a usual path, where it need not exist. A file that the stack names has to. */
export function fileIn(usual: string, empty: string) {
  return z
    .string()
    .min(1, empty)
    .transform((path) => ({ path, named: true }))
    .default({ path: usual, named: false });
}

/** What an env file holds: variables by the names that they have there, or what an encrypted file has. */
type EnvFileContent = { readonly names: Readonly<Record<string, string>> } | { readonly file: string };

const namesInFile = z.record(variableName, variableName);

/** `[NAME, OTHER]`, or a map of names in the file to variables of the stack, or the path of an encrypted file. */
export const envFileContent = z.unknown().transform((value, context): EnvFileContent => {
  if (typeof value === "string" && value !== "") return { file: value };
  const names = isList(value) ? Object.fromEntries(value.map((name) => [String(name), name])) : value;
  const { success, data } = namesInFile.safeParse(names);
  if (success) return { names: data };
  context.addIssue(
    "is neither names of variables nor a path; write [NAME, OTHER_NAME], or { NAME: VARIABLE_OF_THE_STACK }, " +
      "or the path of an encrypted file",
  );
  return z.NEVER;
});
