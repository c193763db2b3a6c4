import type { PlannedDocument } from "./planned-document.ts";

/** What a change costs those who use the application: nothing, no gap although something moves, a restart of shared services, a gap, or data that could be lost. */
export type Impact = "none" | "live" | "restart" | "gap" | "data";

/** A cost, and in words what it means. */
export interface Cost {
  readonly impact: Impact;
  readonly meaning: string;
}

const nothing: Cost = { impact: "none", meaning: "nobody notices" };

/** What it costs to carry a document out. Where nothing ran before, nothing can be interrupted. */
export function costOf({ document, change }: PlannedDocument): Cost {
  if (change.kind === "same" || change.kind === "new") return nothing;
  if (change.kind === "blind" && change.likely === "same") return nothing;
  switch (document.resource) {
    case "shared":
      return { impact: "restart", meaning: "services whose declaration, values or mounted files differ restart" };
    case "proxy":
      return { impact: "gap", meaning: "the proxy restarts, a few seconds without answers on its ports" };
    case "release":
      return change.kind === "repair"
        ? { impact: "restart", meaning: "what differs in the live colour is made again in place" }
        : { impact: "live", meaning: "the other colour comes up and is checked, then the proxy switches" };
    case "migration":
      return { impact: "live", meaning: "it runs once for a release, while the release before serves" };
    case "networks":
      return { impact: "gap", meaning: "services lose each other until the network is back and they have joined it" };
    default:
      return document.kind === "volume"
        ? { impact: "data", meaning: "the guard of a data volume is declared otherwise; the data stay as they are" }
        : nothing;
  }
}
