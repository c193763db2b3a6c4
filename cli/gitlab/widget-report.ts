/** What GitLab's widget on a merge request shows of a plan: how much is made, changed and taken away, and nothing else. */
interface WidgetReport {
  readonly create: number;
  readonly update: number;
  readonly delete: number;
}

/** Of a plan, as far as the widget is concerned. */
export interface CountedPlan {
  /** By name. */
  readonly hosts: Readonly<Record<string, CountedHost>>;
}

/** A server of a plan. */
interface CountedHost {
  readonly documents: readonly { readonly change: CountedChange }[];
  /** What was applied and is declared no longer. */
  readonly removed: readonly unknown[];
}

/** Why a document is sent; a blind plan says what is likely. */
interface CountedChange {
  readonly kind: string;
  readonly likely?: string | undefined;
}

/** Counts a plan for the widget. */
export function widgetReport({ hosts }: CountedPlan): WidgetReport {
  const all = Object.values(hosts);
  const kinds = all.flatMap(({ documents }) => documents).map(({ change }) => change.likely ?? change.kind);
  const create = kinds.filter((kind) => kind === "new").length;
  const update = kinds.filter((kind) => kind !== "new" && kind !== "same").length;
  return { create, update, delete: all.flatMap(({ removed }) => removed).length };
}

/** A link on the page of a job. */
export interface JobLink {
  readonly label: string;
  readonly url: string;
}

/** The file of links that GitLab shows beside a job (`artifacts:reports:annotations`). */
export function linksReport(links: readonly JobLink[]): object {
  return { slipway: links.map((link) => ({ external_link: link })) };
}
