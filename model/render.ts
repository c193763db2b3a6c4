import type { Json } from "./application.ts";
import type { Deployment } from "./deployment.ts";
import { migrationProblems } from "./migration.ts";
import { colourWord, generationWord, nameProblems } from "./names.ts";
import { portProblems, releaseServices } from "./ports.ts";
import type { Problem } from "./problem.ts";
import { fileProblems } from "./render-file.ts";
import { imageProblems } from "./render-image.ts";
import { routeProblems } from "./routes.ts";
import { volumeProblems } from "./volumes-problem.ts";

export { renderColour } from "./render-colour.ts";
export { renderMigration } from "./render-migration.ts";
export { renderProxy } from "./render-proxy.ts";
export { renderShared } from "./render-shared.ts";

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
