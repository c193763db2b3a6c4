import type { CheckedDeployment } from "../../model/plan/plan.ts";
import { planFresh, serverFiles } from "../../model/report/server-files.ts";

/** All that a server would get, as one text. */
export function renderedFiles({ deployment }: Pick<CheckedDeployment, "deployment">): string {
  const plan = planFresh({ deployment, unknown: [], namesKnown: true, plain: {} });
  const files = Object.values(plan.hosts).flatMap(serverFiles);
  return files.map(({ path, content }) => `${path}\n${Buffer.from(content).toString("utf8")}`).join("\n");
}
