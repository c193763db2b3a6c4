import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SimulatedDeployment, type Fault, type UpOutcome } from "./simulated-deployment.ts";

/** An event in a deployment; a counterexample prints its `label`. */
interface Happening {
  readonly label: string;
  readonly happen: (deployment: SimulatedDeployment) => UpOutcome | undefined;
}

function happening(label: string, happen: (deployment: SimulatedDeployment) => unknown): Happening {
  const perform = (deployment: SimulatedDeployment): undefined => {
    happen(deployment);
  };
  return { label, happen: perform };
}

/** Each resource has an object of its own, since rules refuse two resources with one; `volume` holds data. */
const objects = ["files", "folder", "project", "volume"];
const object = fc.constantFrom(...objects);

const want = fc.tuple(object, fc.constantFrom("one", "two")).map(([name, content]) =>
  happening(`want ${name} ${content}`, ({ wanted }) => {
    const owner = [...wanted].find(([, { object: owned }]) => owned === name)?.[0] ?? name;
    wanted.set(owner, { object: name, content });
  }),
);

const rename = fc.tuple(object, fc.constantFrom("renamed", ...objects)).map(([from, to]) =>
  happening(`rename ${from} ${to}`, ({ wanted }) => {
    const found = wanted.get(from);
    if (found === undefined || wanted.has(to)) return;
    wanted.delete(from);
    wanted.set(to, found);
  }),
);

const unwant = object.map((name) => happening(`unwant ${name}`, ({ wanted }) => wanted.delete(name)));

const drift = object.map((name) =>
  happening(`drift ${name}`, ({ host }) => {
    const found = host.get(name);
    if (found !== undefined) host.set(name, { ...found, content: "changed by hand" });
  }),
);

const machine = fc.constantFrom(
  ...objects.map((name) => happening(`erase ${name}`, ({ host }) => host.delete(name))),
  happening("wipe", ({ host }) => host.clear()),
  happening("snapshot", (deployment) => deployment.snapshot()),
  happening("restore", (deployment) => deployment.restore()),
  happening("destroy", (deployment) => deployment.destroy()),
);

const fault: fc.Arbitrary<Fault> = fc.record({
  at: fc.constantFrom("renamed", ...objects),
  moment: fc.constantFrom("before", "halfway", "unsaved", "after"),
  killed: fc.boolean(),
});

const up = fc
  .tuple(fc.option(fault, { nil: undefined }), fc.option(object, { nil: undefined, freq: 3 }))
  .map(([struck, replaced]): Happening => {
    const label = `up ${struck === undefined ? "" : JSON.stringify(struck)} ${replaced ?? ""}`;
    return { label, happen: (deployment) => deployment.up(struck, replaced) };
  });

const history = fc.array(
  fc.oneof({ weight: 3, arbitrary: want }, { weight: 4, arbitrary: up }, rename, unwant, drift, machine),
  { maxLength: 30 },
);

const named = ({ wanted, state }: SimulatedDeployment): Set<string> => new Set([...wanted.keys(), ...state.keys()]);

function check(property: (happenings: readonly Happening[]) => void): void {
  fc.assert(fc.property(history, property), { numRuns: 5000 });
}

describe("a deployment with numbered documents", () => {
  it("previews exactly the changes that the host or the state lacks", () => {
    check((happenings) => {
      const deployment = new SimulatedDeployment();
      for (const { happen } of happenings) {
        happen(deployment);
        const shown = deployment.preview();
        for (const name of named(deployment)) {
          const settled = deployment.hostIsAsWanted(name) && deployment.stateKnowsHost(name);
          expect({ name, shown: shown.has(name) }).toEqual({ name, shown: !settled });
        }
      }
    });
  });

  it("brings the host to the desired state, after which a preview shows nothing, even a blind one", () => {
    check((happenings) => {
      const deployment = new SimulatedDeployment();
      const upAtLast = { label: "up", happen: () => deployment.up() };
      for (const { happen } of [...happenings, upAtLast]) {
        if (happen(deployment) !== "done") continue;
        expect([...named(deployment)].filter((name) => !deployment.hostIsAsWanted(name))).toEqual([]);
        expect([...deployment.preview(), ...deployment.preview(true)]).toEqual([]);
      }
    });
  });

  it("never removes or recreates published data", () => {
    check((happenings) => {
      const deployment = new SimulatedDeployment();
      for (const { label, happen } of happenings) {
        const before = deployment.host.get("volume");
        const published = [...deployment.outputs.values()].some(({ object: name }) => name === "volume");
        const outcome = happen(deployment);
        if (outcome === undefined && label !== "destroy") continue;
        if (before !== undefined) expect(deployment.host.has("volume")).toBe(true);
        if (before === undefined && published && outcome !== undefined) expect(outcome).toBe("stopped for data");
      }
    });
  });
});
