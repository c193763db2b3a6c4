#!/usr/bin/env bash
# Says what slipway needs to know of a server, one `name: value` a line, and fails with everything that is missing. Reads only.
set -euo pipefail
export LC_ALL=C

missing=()
need() { # need <command> <what for>
  command -v "$1" >/dev/null || missing+=("$1 ($2)")
}

need docker "runs the containers"
need flock "keeps two deploys apart"
need sha256sum "verifies what was written"
((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)) || missing+=("bash 4.4 or newer, got $BASH_VERSION")

engine=$(docker version --format '{{.Server.Version}}' 2>/dev/null) || missing+=("a Docker engine that answers")
compose=$(docker compose version --short 2>/dev/null) || missing+=("Docker Compose v2")

if ((${#missing[@]})); then
  printf 'this server lacks: %s\n' "${missing[@]}" >&2
  exit 1
fi
printf 'system: %s\nengine: %s\ncompose: %s\n' "$(. /etc/os-release && echo "$PRETTY_NAME")" "$engine" "$compose"
