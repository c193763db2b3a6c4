import { heldText } from "../../facts/release/release.ts";
import { shortCommit } from "./past-releases.ts";
import { columns, toned, type Cell } from "../columns.ts";
import { printableLine, type Line } from "../tone.ts";
import { illLines } from "../wording.ts";
import type { StatusReport } from "./status.ts";
import { shortReason } from "../../reason.ts";

const widths = { two: [12, 104], four: [26, 18, 20, 48], runs: [20, 14, 16, 60] };

/** The status for people, who may read it at night: what serves, how to go back, then what is not well. */
export function statusLines(report: StatusReport): Line[] {
  const { stack, host, address, well } = report;
  const short = stack.slice(stack.indexOf("/") + 1);
  const head = toned(well ? "good" : "error", `${stack} on ${host}, ${address}: ${well ? "well" : headOf(report)}`);
  const rows: (readonly Cell[])[] = [
    ["serves", servesText(report)],
    ...otherRow(report),
    ["go back", goBackCell(report)],
    ...report.held.map(({ current, ...hold }): readonly Cell[] => [
      current ? toned("error", "held") : "held",
      `${heldText(hold)}; \`slipway resume ${hold.release} --stack ${short}\` lets it be deployed again`,
    ]),
    ...illLines(report.unhealthy).map(({ service, why }): readonly Cell[] => [
      toned("error", "unhealthy"),
      `${service} ${why}`,
    ]),
    ...(report.leaseHolder === undefined ? [] : [["changed by", report.leaseHolder]]),
    ...report.damage.map((what): readonly Cell[] => [toned("warning", "records"), what]),
    ...(report.beside.length === 0 ? [] : [["also here", report.beside.join(", ")]]),
  ];
  return [head, ...columns(rows, widths.two), ...serviceLines(report), ...runLines(report)].map(printableLine);
}

function headOf({ unhealthy, held, services }: StatusReport): string {
  if (unhealthy.length > 0) return "not well";
  if (held.some(({ current }) => current)) return "a release is held";
  return services.length === 0 ? "the server's engine does not answer" : "not well";
}

function servesText({ serves }: StatusReport): string {
  if (serves === undefined) return "no release";
  const { release, commit, colour, since, verified } = serves;
  return `${release}${shortCommit(commit)} in ${colour} since ${since}${verified ? "" : ", not verified"}`;
}

function otherRow({ other }: StatusReport): (readonly Cell[])[] {
  if (other === undefined) return [];
  const { release, commit, colour, state, running } = other;
  const how = state === "starting" ? "not serving yet, or left by a run" : running ? "running" : "stopped";
  return [[state === "starting" ? "starting" : state, `${release}${shortCommit(commit)} in ${colour}, ${how}`]];
}

function goBackCell({ goBack, serves }: StatusReport): Cell {
  if (goBack === undefined)
    return serves === undefined ? "nothing serves" : "there is no earlier release to go back to";
  return `${goBack.command}  (to ${goBack.release}${shortCommit(goBack.commit)})`;
}

function serviceLines({ services, unhealthy }: StatusReport): Line[] {
  const ill = new Set(unhealthy.map(({ service }) => service));
  const rows = services.map(
    ({ service, part, state, health, since, exitCode, restarts, done, image }): readonly Cell[] => {
      const bare = service.replace(new RegExp(`-${part}$`), "");
      const isUp = state === "running";
      const how = done ? (isUp ? "run by hand" : "ended well") : isUp ? health || state : `${state} (${exitCode})`;
      const again = restarts > 0 ? `, ${restarts} restarts` : "";
      return [
        service,
        toned(ill.has(bare) ? "error" : "plain", `${how}${again}`),
        toSecond(since),
        shortImageName(image),
      ];
    },
  );
  const head = ["SERVICE", "STATE", "SINCE", "IMAGE"].map((text) => toned("quiet", text));
  return rows.length === 0 ? [] : ["", ...columns([head, ...rows], widths.four)];
}

function runLines({ runs }: StatusReport): Line[] {
  const rows = runs.map(({ time, verdict, release, holder, why }): readonly Cell[] => [
    time,
    verdict,
    release,
    why === "" ? holder : shortReason(why),
  ]);
  const head = ["LAST RUNS", "", "RELEASE", "BY, OR WHY"].map((text) => toned("quiet", text));
  return rows.length === 0 ? [] : ["", ...columns([head, ...rows], widths.runs)];
}

/** A time of the engine without its fraction. */
function toSecond(time: string): string {
  return time.replace(/\.[0-9]+Z$/, "Z");
}

/** The last part of a repository with the beginning of the digest. */
function shortImageName(image: string): string {
  return image.replace(/^.*\//, "").replace(/(@sha256:[0-9a-f]{12})[0-9a-f]+$/, "$1…");
}
