import type { Tool } from "./tool.ts";
import { debianCompose } from "./tools/debian-compose.ts";
import { dockerBuildx } from "./tools/docker-buildx.ts";
import { dockerCompose } from "./tools/docker-compose.ts";
import { dockerEngine } from "./tools/docker-engine.ts";
import { dockerRegistry } from "./tools/docker-registry.ts";
import { fish } from "./tools/fish.ts";
import { gitlabCiLocal } from "./tools/gitlab-ci-local.ts";
import { go } from "./tools/go.ts";
import { languageHost } from "./tools/language-host.ts";
import { mmdebstrap } from "./tools/mmdebstrap.ts";
import { node } from "./tools/node.ts";
import { pebble } from "./tools/pebble.ts";
import { pip } from "./tools/pip.ts";
import { postgres } from "./tools/postgres.ts";
import { providers } from "./tools/providers.ts";
import { pulumi } from "./tools/pulumi.ts";
import { rsync } from "./tools/rsync.ts";
import { shellcheck } from "./tools/shellcheck.ts";
import { sops } from "./tools/sops.ts";
import { traefik } from "./tools/traefik.ts";
import { zsh } from "./tools/zsh.ts";

/** The tools of a deployment. */
export const deployTools: readonly Tool[] = [node, pulumi, languageHost, ...providers];

/** The tools that `npm test` needs in addition. */
export const testTools: readonly Tool[] = [dockerEngine, shellcheck, traefik];

/** The tools that only some tests or developers need; they are installed by name. */
const furtherTools: readonly Tool[] = [
  debianCompose,
  dockerBuildx,
  dockerCompose,
  dockerRegistry,
  fish,
  gitlabCiLocal,
  go,
  mmdebstrap,
  pebble,
  pip,
  postgres,
  rsync,
  sops,
  zsh,
];

/** All tools. */
export const allTools: readonly Tool[] = [...deployTools, ...testTools, ...furtherTools];
