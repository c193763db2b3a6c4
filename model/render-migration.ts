import type { JsonMap } from "./application.ts";
import { mapOf } from "./compose-value.ts";
import type { Deployment } from "./deployment.ts";
import { withMigration } from "./migration.ts";
import { namesOf } from "./names.ts";
import { deliveredFiles } from "./render-file.ts";
import { imageOf } from "./render-image.ts";
import { externalVolumes } from "./render-mount.ts";
import { secretFiles } from "./render-secret.ts";
import { serviceFields } from "./render-service.ts";
import { externalNetworks } from "./render-shared.ts";
import { composeText, writeYaml } from "./render-text.ts";
import type { RenderedMigration } from "./rendered.ts";

/** The release's migration as a compose project of its own: one service that reaches the data and that nobody reaches. */
export function renderMigration(deployment: Deployment): RenderedMigration | undefined {
  const { migration } = deployment;
  if (migration === undefined) return undefined;
  const whole = withMigration(deployment);
  const { name } = migration.service;
  const { projects, directories, networks } = namesOf(deployment);
  const compose = {
    name: projects.migration,
    services: { [name]: composeService(whole, name) },
    networks: externalNetworks({ data: networks.data }),
    volumes: externalVolumes(whole, [name]),
  };
  return {
    project: projects.migration,
    directory: directories.migration,
    compose: writeYaml(compose),
    files: deliveredFiles(whole, [name]),
    secrets: secretFiles(whole, [name]),
    service: name,
    image: imageOf(whole, name),
    deadline: migration.deadline,
  };
}

/** A9: whatever the compose file says, the migration knows its environment. Who has failed shall not be started again behind our back. */
function composeService(whole: Deployment, name: string): JsonMap {
  const { directories, envFiles } = namesOf(whole);
  const fields = serviceFields(whole, name, directories.migration, envFiles.migration);
  return {
    ...fields,
    environment: { ...mapOf(fields["environment"]), ENVIRONMENT: composeText(whole.environment) },
    restart: "no",
    networks: { data: {} },
  };
}
