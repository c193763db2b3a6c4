import type { Difference } from "../facts/observation.ts";
import { documentChanges } from "../document/changes.ts";
import { readDocument } from "../document/reader.ts";
import type { Plan } from "../plan/plan.ts";
import type { Problem } from "../problem.ts";
import { describeChanges } from "./document.ts";
import { changeWords } from "./words.ts";
import { saveHost, withoutAttempts, type SavedHost, type SavedPlan } from "../plan/saved-plan.ts";

const todo = "look at a new plan, and save that one with `slipway plan --save`";

/** Everything that is not as it was when a plan was saved; where there is nothing, the plan does what the saved one said. */
export function movedSince(saved: SavedPlan, plan: Plan): Problem[] {
  const { stack, hosts } = plan;
  if (stack.name !== saved.stack) {
    return [moved("stack", `is not the one of the saved plan, got '${stack.name}' beside '${saved.stack}'`)];
  }
  const gone = Object.keys(saved.hosts).filter((name) => hosts[name] === undefined);
  return [
    ...Object.entries(hosts).flatMap(([name, host]) => hostProblems(name, saved.hosts[name], saveHost(host))),
    ...gone.map((name) => moved(`hosts.${name}`, "is declared no longer since the plan was saved")),
  ];
}

function hostProblems(name: string, saved: SavedHost | undefined, now: SavedHost | undefined): Problem[] {
  const path = `hosts.${name}`;
  if (now === undefined) return [moved(path, "cannot be asked, so it is not known whether the saved plan still holds")];
  if (saved === undefined) return [moved(path, "is declared since the plan was saved")];
  if (now.facts.machine !== saved.facts.machine) {
    return [moved(path, `is another machine than the plan was made for, got '${now.facts.machine}'`)];
  }
  const problems = [...documentProblems(saved, now), ...factProblems(saved, now)];
  if (problems.length > 0 || now.digest === saved.digest) return problems;
  return [moved(path, "does something else than the saved plan")];
}

function documentProblems(saved: SavedHost, now: SavedHost): Problem[] {
  const before = new Map(saved.documents.map((one) => [one.object, one]));
  const kept = new Set(now.documents.map(({ object }) => object));
  const gone = saved.documents.filter(({ object }) => !kept.has(object));
  return [
    ...now.documents.flatMap(({ resource, object, text }) => {
      const old = before.get(object);
      if (old === undefined) return [moved(resource, "is declared since the plan was saved")];
      return wordsOf(old.text, text).map((words) =>
        moved(resource, `is declared otherwise since the plan was saved: ${words}`),
      );
    }),
    ...gone.map(({ resource }) => moved(resource, "is declared no longer since the plan was saved")),
  ];
}

function wordsOf(old: string, now: string): string[] {
  const [before, after] = [readDocument(old)?.document, readDocument(now)?.document];
  if (before === undefined || after === undefined) return ["it cannot be compared"];
  const [from, to] = [withoutAttempts(before), withoutAttempts(after)];
  return documentChanges(from, to).length === 0 ? [] : describeChanges(from, to).map(changeWords);
}

function factProblems({ facts: old }: SavedHost, { facts: now }: SavedHost): Problem[] {
  return [
    ...names(old.applied, now.applied).flatMap((object) =>
      appliedProblems(object, old.applied[object], now.applied[object]),
    ),
    ...names(old.volumes, now.volumes)
      .filter((volume) => JSON.stringify(old.volumes[volume]) !== JSON.stringify(now.volumes[volume]))
      .map((volume) => moved(`volume ${volume}`, "is not what it was when the plan was saved")),
    ...(old.release === now.release
      ? []
      : [
          moved(
            "release",
            `is another one on the server since the plan was saved, got '${now.release}' after '${old.release}'`,
          ),
        ]),
  ];
}

type Applied = SavedHost["facts"]["applied"][string] | undefined;

function appliedProblems(object: string, old: Applied, now: Applied): Problem[] {
  const [before, after] = [old?.number ?? "nothing", now?.number ?? "nothing"];
  if (before !== after || old?.hash !== now?.hash) {
    return [moved(object, `was applied on the server since the plan was saved, got '${after}' after '${before}'`)];
  }
  const words = (differences: readonly Difference[]): string[] =>
    differences.map(({ where, expected, found }) => `${where}: expected ${expected}, found ${found}`);
  const [said, says] = [words(old?.differences ?? []), words(now?.differences ?? [])];
  return [
    ...says
      .filter((line) => !said.includes(line))
      .map((line) => moved(object, `changed on the server since the plan was saved: ${line}`)),
    ...said
      .filter((line) => !says.includes(line))
      .map((line) => moved(object, `changed back on the server since the plan was saved: ${line}`)),
  ];
}

function names(one: object, other: object): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
}

function moved(path: string, what: string): Problem {
  return { path, what, todo };
}
