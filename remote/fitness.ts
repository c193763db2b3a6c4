import type { Need } from "../model/session/protocol.ts";
import type { Architecture } from "./runtime-packages.ts";
import { ServerFault } from "./server-fault.ts";

type RuntimeNeed = Need & { readonly need: "runtime" };

const architectureOf: Readonly<Record<string, Architecture>> = { x86_64: "x64", aarch64: "arm64" };

/** The oldest glibc with which the official binaries of Node run. */
const glibc = [2, 28] as const;

/** Kilobytes for the runtime and its packed copy during the upload, and some for the program. */
const neededSpace = 400_000;

/** The architecture of a server that lacks the runtime. Throws if the runtime would not work there. */
export function requireFit({ machine, libc, free }: RuntimeNeed): Architecture {
  const architecture = architectureOf[machine];
  if (architecture === undefined)
    throw new ServerFault(`the server's processor is '${machine}'`, "use a server with x86_64 or aarch64");
  requireGlibc(libc);
  if (!(Number(free) >= neededSpace)) {
    const what = `the server has ${Math.floor(Number(free) / 1000)} MB free for /var/lib/slipway`;
    throw new ServerFault(what, `make ${neededSpace / 1000} MB free there for the runtime`);
  }
  return architecture;
}

function requireGlibc(libc: string): void {
  const [, major, minor] = /^glibc (\d+)\.(\d+)/.exec(libc) ?? [];
  if (major === undefined || minor === undefined) {
    const what = "the server has no glibc, which the runtime needs";
    throw new ServerFault(
      what,
      "use a distribution with glibc, such as Debian, instead of one with musl, such as Alpine",
    );
  }
  if (Number(major) > glibc[0] || (Number(major) === glibc[0] && Number(minor) >= glibc[1])) return;
  const what = `the server's glibc is ${major}.${minor}, and the runtime needs ${glibc.join(".")}`;
  throw new ServerFault(what, "use a newer release of its distribution, such as Debian 10, Ubuntu 20.04 or RHEL 8");
}
