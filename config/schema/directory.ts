import { posix } from "node:path";
import { z } from "zod";

/** Folders of the system: a stack cannot have a folder in them. */
const systemFolders = [
  "bin",
  "boot",
  "dev",
  "etc",
  "lib",
  "lib32",
  "lib64",
  "proc",
  "run",
  "sbin",
  "sys",
  "tmp",
  "usr",
];

/** Folders that others share, or whose loss would do harm. */
const sharedFolders = ["/var/www", "/var/lib", "/var/log", "/var/run", "/var/tmp", "/var/cache"];

/** Folders of other programs: a deployment must not write into them, or below them. */
const foreignFolders = [
  "/var/lib/slipway",
  "/var/lib/docker",
  "/var/lib/containerd",
  "/var/lib/dpkg",
  "/var/lib/apt",
  "/var/lib/cloud",
  "/var/lib/kubelet",
  "/var/lib/NetworkManager",
  "/var/lib/pam",
  "/var/lib/polkit-1",
  "/var/lib/sudo",
  "/var/lib/systemd",
  "/var/mail",
  "/var/run",
  "/var/lock",
  "/var/spool",
];

/** What decides on logins, and the settings of a user's programs, some of which are commands. */
const personal = /^\/(?:root|home\/[^/]+)\/\.|\/\.ssh(?:\/|$)/;

const todo = "use a folder of the stack's own, such as /var/www/aaperture-staging or /opt/aaperture";

/** A folder on the server that a stack can have for itself. */
export const directory = z.string().superRefine((path, context) => {
  const what = directoryFault(path);
  if (what !== undefined) context.addIssue(`${what}; ${todo}`);
});

function directoryFault(path: string): string | undefined {
  if (!path.startsWith("/")) return "is not an absolute path";
  if (path.split("/").includes("..")) return "contains '..', which leads out of the folder";
  if (!/^[A-Za-z0-9._/@+-]+$/.test(path)) return "contains characters other than letters, digits and '._/@+-'";
  if (posix.normalize(path) !== path || (path.endsWith("/") && path !== "/"))
    return "is not written in its shortest form";
  return belongsToSystem(path) ? "is a folder of the system" : undefined;
}

function belongsToSystem(path: string): boolean {
  const [, first = "", ...rest] = path.split("/");
  const home = first === "home" && rest.length === 1;
  if (personal.test(path)) return true;
  const foreign = foreignFolders.some((folder) => path === folder || path.startsWith(`${folder}/`));
  return rest.length === 0 || home || foreign || systemFolders.includes(first) || sharedFolders.includes(path);
}
