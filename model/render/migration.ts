import type { JsonMap } from "../compose/application.ts";
import { mapOf } from "../compose/value.ts";
import type { Deployment } from "../stack/deployment.ts";
import { withMigration } from "../stack/migration.ts";
import { namesOf } from "../stack/names.ts";
import { deliveredFiles } from "./files.ts";
import { imageOf } from "../stack/images.ts";
import { externalVolumes } from "../stack/mounts.ts";
import { secretFiles } from "../stack/secrets.ts";
import { serviceFields } from "./service.ts";
import { externalNetworks } from "./shared.ts";
import { composeText, writeYaml } from "./yaml.ts";
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
