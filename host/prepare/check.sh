# shellcheck shell=bash
# Run over SSH by `slipway host check <sha256 of slipway-root>`: says of each thing that a deployment needs whether it is there, `ok|missing <tab> <thing> <tab>
# <what is there, or what to do>` a line. Changes nothing.
set -uo pipefail
export LC_ALL=C PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
# shellcheck disable=SC2016 # for people
prepare='run what `slipway host prepare` prints, as root'

ok() { printf 'ok\t%s\t%s\n' "$1" "$2"; }
missing() { printf 'missing\t%s\t%s\n' "$1" "$2"; }

programs_check() {
  local name
  for name in flock sha256sum setsid timeout; do
    if ! command -v "$name" >/dev/null; then missing "$name" 'install util-linux and coreutils'; fi
  done
  if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)); then
    ok bash "$BASH_VERSION"
  else
    missing 'bash 4.4' "got $BASH_VERSION; install a newer one"
  fi
}

engine_check() {
  local version said
  if ! command -v docker >/dev/null; then
    missing 'Docker engine' 'on Debian 13: apt-get install docker.io docker-cli docker-compose; elsewhere see docs.docker.com/engine/install'
    return
  fi
  if version=$(docker version --format '{{.Server.Version}}' 2>/dev/null); then
    ok 'Docker engine' "$version"
  else
    said=$(docker version --format '{{.Server.Version}}' 2>&1 >/dev/null | tail -n 1)
    if [[ $said == *'permission denied'* ]]; then
      missing 'access to the Docker engine' "$(id -un) is not in the group docker; $prepare"
    else
      missing 'Docker engine' "it does not answer; start it: service docker start"
    fi
  fi
  if version=$(docker compose version --short 2>/dev/null); then
    ok 'Docker Compose' "$version"
  else
    missing 'Docker Compose v2' 'on Debian 13: apt-get install docker-compose; elsewhere see docs.docker.com/compose/install/linux'
  fi
}

# root_check <sha256 of the helper>: reaches root as a deployment will, with a program that only looks.
root_check() {
  # shellcheck disable=SC2016 # a program for another shell
  local file=/usr/local/sbin/slipway-root sum who probe='rm -f "$0"; id -un'
  if [[ $(id -u) == 0 ]]; then
    ok 'user' 'is root'
    return
  fi
  if ! command -v sudo >/dev/null; then missing sudo 'on Debian: apt-get install sudo'; fi
  if [[ ! -f $file ]]; then
    missing "$file" "$prepare"
    return
  fi
  sum=$(sha256sum "$file")
  if [[ ${sum%% *} != "$1" ]]; then missing "$file of this version" "$prepare"; else ok "$file" 'of this version'; fi
  if who=$(printf %s "$probe" | sudo -n "$file" attend check/check "${#probe}" 2>&1); then
    ok 'root by sudo' "$who"
  else
    missing 'root by sudo' "sudo says '${who##*$'\n'}'; $prepare"
  fi
}

programs_check
engine_check
root_check "$1"
