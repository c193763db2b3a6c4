import { mapOf, type JsonMap } from "../json.ts";
import { writtenEnvFiles } from "../stack/env/env-files.ts";
import { secretFiles } from "../stack/secrets.ts";
import type { MigrationPart } from "../stack/stack.ts";
import { deliveredFiles } from "./files.ts";
import { externalVolumes } from "./mounts.ts";
import { networksField, networkFields } from "./networks.ts";
import type { RenderedMigration } from "./rendered.ts";
import { serviceFields } from "./service.ts";
import { escapeForCompose, writeYaml } from "./yaml.ts";

/** Renders the migration as a compose project of its own: one service, in the networks of the file. */
export function renderMigration(part: MigrationPart, environment: string): RenderedMigration {
  const { project, directory, service, deadline } = part;
  const compose = {
    name: project,
    services: { [service.name]: composeService(part, environment) },
    ...networksField(service.attachments),
    volumes: externalVolumes([service]),
  };
  return {
    project,
    directory,
    compose: writeYaml(compose),
    files: deliveredFiles([service]),
    envFiles: writtenEnvFiles([service]),
    secrets: secretFiles([service]),
    service: service.name,
    image: service.image,
    deadline,
  };
}

/**
 * The migration's service. It always knows its environment, whatever the compose file says (A9), and the engine does
 * not restart it after a failure.
 */
function composeService(part: MigrationPart, environment: string): JsonMap {
  const fields = serviceFields(part.service, part);
  return {
    ...fields,
    environment: { ...mapOf(fields["environment"]), ENVIRONMENT: escapeForCompose(environment) },
    restart: "no",
    ...networkFields(part.service),
  };
}
