import type { Json } from "../compose/application.ts";
import type { Deployment } from "../stack/deployment.ts";
import { migrationProblems } from "../stack/migration.ts";
import { colourWord, generationWord, nameProblems } from "../stack/names.ts";
import { portProblems, releaseServices } from "../stack/ports.ts";
import type { Problem } from "../problem.ts";
import { fileProblems } from "./files.ts";
import { imageProblems } from "../stack/images.ts";
import { routeProblems } from "./routes.ts";
import { volumeProblems } from "../stack/volume-problems.ts";

export { renderColour } from "./colour.ts";
export { renderMigration } from "./migration.ts";
export { renderProxy } from "./proxy.ts";
export { renderShared } from "./shared.ts";

/** Everything that keeps a deployment from being rendered; where there is nothing, the renderers do not fail. */
export function renderProblems(deployment: Deployment): Problem[] {
  return [
    ...nameProblems(deployment),
    ...portProblems(deployment),
    ...imageProblems(deployment),
    ...migrationProblems(deployment),
    ...fileProblems(deployment),
    ...volumeProblems(deployment),
    ...routeProblems(deployment),
    ...fieldProblems(deployment),
  ];
}

/** Fields of release services that hold a word which the server fills in. */
function fieldProblems(deployment: Deployment): Problem[] {
  return releaseServices(deployment).flatMap((service) => {
    const fields: Json = deployment.application.services[service]?.fields ?? {};
    const text = JSON.stringify(fields);
    return [colourWord, generationWord]
      .filter((word) => text.includes(word))
      .map((word) => ({
        path: `compose.services.${service}`,
        what: `holds a word that slipway fills in, got '${word}'`,
        todo: "write it in another way",
      }));
  });
}
