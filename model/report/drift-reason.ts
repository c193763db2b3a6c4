import type { PlannedDocument } from "../plan/planned-document.ts";

/** Why a service's container is made or started again: what of it is not as it was applied. */
export function driftReasons({ document, drift }: PlannedDocument, service: string): string[] {
  const { project } = document.body;
  const own = containerOf(typeof project === "string" ? project : "", service);
  return drift.flatMap(({ where, found }) => {
    const [name, what] = own.exec(where) ?? [];
    if (name === undefined) return [];
    return [what === undefined ? `its container was found ${found}` : `its ${what} is not as it was applied`];
  });
}

/** As Compose names containers, also those of a colour; behind it stands what of the container differs. */
function containerOf(project: string, service: string): RegExp {
  const name = RegExp.escape(service);
  const colours = `-(?:blue|green)-${name}-(?:blue|green)`;
  return new RegExp(`^${RegExp.escape(project)}(?:${colours}|-${name})-\\d+(?: (.*))?$`, "s");
}
