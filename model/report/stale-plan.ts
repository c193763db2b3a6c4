import type { Difference } from "../facts/observation.ts";
import { documentChanges } from "../document/changes.ts";
import { readDocument } from "../document/reader.ts";
import type { Plan } from "../plan/plan.ts";
import type { Problem } from "../problem.ts";
import { describeChanges } from "./document.ts";
import { changeText } from "./wording.ts";
import { saveHost, withoutAttempts, type SavedHost, type SavedPlan } from "../plan/saved-plan.ts";

const todo = "review a new plan, and save it with `slipway plan --save`";

/** Everything that changed since a plan was saved. Without problems the new plan does exactly the same. */
export function stalePlanProblems(saved: SavedPlan, plan: Plan): Problem[] {
  const { stack, hosts } = plan;
  if (stack.name !== saved.stack) {
    return [staleProblem("stack", `is not the one of the saved plan, got '${stack.name}' beside '${saved.stack}'`)];
  }
  const gone = Object.keys(saved.hosts).filter((name) => hosts[name] === undefined);
  return [
    ...Object.entries(hosts).flatMap(([name, host]) => staleHostProblems(name, saved.hosts[name], saveHost(host))),
    ...gone.map((name) => staleProblem(`hosts.${name}`, "is no longer declared since the plan was saved")),
  ];
}

function staleHostProblems(name: string, saved: SavedHost | undefined, now: SavedHost | undefined): Problem[] {
  const path = `hosts.${name}`;
  if (now === undefined)
    return [staleProblem(path, "cannot be asked, so it is not known whether the saved plan still holds")];
  if (saved === undefined) return [staleProblem(path, "is declared since the plan was saved")];
  if (now.facts.machine !== saved.facts.machine) {
    return [staleProblem(path, `is another machine than the plan was made for, got '${now.facts.machine}'`)];
  }
  const problems = [...documentProblems(saved, now), ...factProblems(saved, now)];
  if (problems.length > 0 || now.digest === saved.digest) return problems;
  return [staleProblem(path, "does something else than the saved plan")];
}

function documentProblems(saved: SavedHost, now: SavedHost): Problem[] {
  const before = new Map(saved.documents.map((document) => [document.object, document]));
  const kept = new Set(now.documents.map(({ object }) => object));
  const gone = saved.documents.filter(({ object }) => !kept.has(object));
  return [
    ...now.documents.flatMap(({ resource, object, text }) => {
      const old = before.get(object);
      if (old === undefined) return [staleProblem(resource, "is declared since the plan was saved")];
      return changeTexts(old.text, text).map((change) =>
        staleProblem(resource, `changed in the configuration since the plan was saved: ${change}`),
      );
    }),
    ...gone.map(({ resource }) => staleProblem(resource, "is no longer declared since the plan was saved")),
  ];
}

function changeTexts(old: string, now: string): string[] {
  const [before, after] = [readDocument(old)?.document, readDocument(now)?.document];
  if (before === undefined || after === undefined) return ["it cannot be compared"];
  const [from, to] = [withoutAttempts(before), withoutAttempts(after)];
  return documentChanges(from, to).length === 0 ? [] : describeChanges(from, to).map(changeText);
}

function factProblems({ facts: old }: SavedHost, { facts: now }: SavedHost): Problem[] {
  return [
    ...names(old.applied, now.applied).flatMap((object) =>
      appliedProblems(object, old.applied[object], now.applied[object]),
    ),
    ...names(old.volumes, now.volumes)
      .filter((volume) => JSON.stringify(old.volumes[volume]) !== JSON.stringify(now.volumes[volume]))
      .map((volume) => staleProblem(`volume ${volume}`, "is not what it was when the plan was saved")),
    ...(old.release === now.release
      ? []
      : [
          staleProblem(
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
    const what = `was applied on the server since the plan was saved, got '${after}' after '${before}'`;
    return [staleProblem(object, what)];
  }
  const [drift, newDrift] = [driftTexts(old?.differences ?? []), driftTexts(now?.differences ?? [])];
  return [
    ...newDrift
      .filter((line) => !drift.includes(line))
      .map((line) => staleProblem(object, `changed on the server since the plan was saved: ${line}`)),
    ...drift
      .filter((line) => !newDrift.includes(line))
      .map((line) => staleProblem(object, `changed back on the server since the plan was saved: ${line}`)),
  ];
}

function driftTexts(differences: readonly Difference[]): string[] {
  return differences.map(({ where, expected, found }) => `${where}: expected ${expected}, found ${found}`);
}

function names(one: object, other: object): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
}

function staleProblem(path: string, what: string): Problem {
  return { path, what, todo };
}
