import { megabytes } from "../../../model/byte-size.ts";
import type { CleanReport } from "../../../model/session/clean.ts";
import { newRun } from "../../../remote/run.ts";
import * as declared from "../../declaration/services.ts";
import { exitCodes } from "../../exit-code.ts";
import { print } from "../../output.ts";
import { command } from "../command.ts";
import { onStackServer } from "../../stack/stack-server.ts";

/** `slipway clean`: lists what nothing needs on a stack's server, and removes it with `--yes`. */
export const clean = command(declared.clean, async (call) => {
  const { yes = false } = call.options;
  const { holder } = newRun("slipway clean", call.environment, new Date());
  const report = await onStackServer(call, (client) => client.clean(yes, holder));
  const exitCode = report.failed.length === 0 ? exitCodes.done : exitCodes.refused;
  return {
    exitCode,
    json: { exitCode, done: yes, ...report },
    show: () => cleanLines(report, yes).forEach((line) => print(line)),
  };
});

/** A report in words. */
export function cleanLines(report: CleanReport, done: boolean): string[] {
  const { removed, kept, containers, programs, failed, before, after } = report;
  const verb = done ? "removed" : "would remove";
  const image = ({ references, size, why }: CleanReport["removed"][number]): string =>
    `${references.map(short).join(" ")}  ${megabytes(size)}  ${why}`;
  const gone = removed.length + containers.length + programs.length;
  const size = removed.reduce((sum, one) => sum + one.size, 0) + programs.reduce((sum, one) => sum + one.size, 0);
  return [
    ...kept.map((one) => `keeps  ${image(one)}`),
    ...removed.map((one) => `${verb}  ${image(one)}`),
    ...containers.map((name) => `${verb}  container ${name}, which a run left behind`),
    ...programs.map(({ path, size: bytes }) => `${verb}  ${path}  ${megabytes(bytes)}  no stack runs it`),
    ...failed.map((why) => `not removed  ${why}`),
    gone === 0 ? "nothing to remove" : `${verb} ${gone} in all, at most ${megabytes(size)}, since images share layers`,
    `free: ${megabytes(before)}${done ? ` before, ${megabytes(after)} after` : ""}`,
    ...(gone > 0 && !done ? ["run it again with --yes to remove them"] : []),
  ];
}

/** A reference with the beginning of its digest. */
function short(reference: string): string {
  return reference.replace(/(@sha256:[0-9a-f]{12})[0-9a-f]+$/, "$1…");
}
