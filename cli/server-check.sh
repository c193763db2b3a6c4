# shellcheck shell=sh
# Run over SSH by `slipway host check` and `slipway doctor`, with the sha256 of slipway-root: tells of each thing that a
# deployment needs whether it is there, `ok|missing <tab> <thing> <tab> <what is there, or what to do>` a line. It
# changes nothing.
set -u
export LC_ALL=C PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
root_program=/usr/local/sbin/slipway-root
# shellcheck disable=SC2016 # for people
prepare='run what `slipway host prepare` prints, as root'

ok() { printf 'ok\t%s\t%s\n' "$1" "$2"; }
missing() { printf 'missing\t%s\t%s\n' "$1" "$2"; }
has() { command -v "$1" >/dev/null 2>&1; }

machine_check() {
  case $(uname -m) in
    x86_64 | aarch64) ok processor "$(uname -m)" ;;
    *) missing processor "$(uname -m) cannot run slipway; use a server with x86_64 or aarch64" ;;
  esac
  libc=$(getconf GNU_LIBC_VERSION 2>/dev/null)
  version=${libc#glibc }
  minor=${version#*.}
  if [ -z "$libc" ]; then
    missing glibc 'use a distribution with glibc 2.28 or newer, such as Debian 10, and not one with musl'
  elif [ "${version%%.*}" -gt 2 ] || [ "${minor%%.*}" -ge 28 ]; then
    ok glibc "$version"
  else
    missing 'glibc 2.28' "got $version; use a newer release of this distribution"
  fi
}

programs_check() {
  for name in sha256sum mktemp head sync; do has "$name" || missing "$name" 'install coreutils'; done
  has gzip || missing gzip 'install gzip'
  has flock || missing flock 'install util-linux'
}

disk_check() {
  free=$(df -Pk /var/lib | { read -r _ && read -r _ _ _ free _ && echo "$free"; })
  if [ "${free:-0}" -ge 400000 ]; then
    ok 'disk' "$((free / 1000)) MB free in /var/lib"
  else
    missing 'disk' "${free:-0} kB free in /var/lib; make 400 MB free there"
  fi
}

engine_check() {
  if ! has docker; then
    missing 'Docker engine' \
      'on Debian 13: apt-get install docker.io docker-cli docker-compose; elsewhere see docs.docker.com/engine/install'
    return
  fi
  if version=$(docker version --format '{{.Server.Version}}' 2>/dev/null); then
    ok 'Docker engine' "$version"
  else
    case $(docker version --format '{{.Server.Version}}' 2>&1 >/dev/null) in
      *'permission denied'*) missing 'access to the Docker engine' "$(id -un) is not in the group docker; $prepare" ;;
      *) missing 'Docker engine' 'it does not answer; start it: service docker start' ;;
    esac
  fi
  if version=$(docker compose version --short 2>/dev/null); then
    ok 'Docker Compose' "$version"
  else
    missing 'Docker Compose v2' \
      'on Debian 13: apt-get install docker-compose; elsewhere see docs.docker.com/compose/install/linux'
  fi
}

# root_check <sha256 of slipway-root>: reaches root as a deployment will, with a call that only prints its usage.
root_check() {
  if [ ! -f "$root_program" ]; then
    missing "$root_program" "$prepare"
  elif [ "$(sha256sum <"$root_program")" != "$1  -" ]; then
    missing "$root_program of this version" "$prepare"
  else
    ok "$root_program" 'of this version'
  fi
  if [ "$(id -u)" = 0 ]; then
    ok user 'is root'
  elif ! has sudo; then
    missing sudo 'on Debian: apt-get install sudo'
  elif [ -f "$root_program" ]; then
    sudo_check "$(sudo -n "$root_program" 2>&1)"
  fi
}

sudo_check() { # sudo_check <what slipway-root, or sudo in its place, said>
  case $1 in
    *': wants '*) ok 'root by sudo' 'without a password' ;;
    *)
      line="$(id -un) ALL=(root) NOPASSWD: $root_program"
      missing 'root by sudo' "sudo says '$(printf %s "$1" | tail -n 1)'; $prepare, or add to /etc/sudoers.d: $line"
      ;;
  esac
}

# A verb goes on when its connection is lost, unless logind ends it. It spares root's own sessions.
logind_check() {
  [ -d /run/systemd/system ] && [ "$(id -u)" != 0 ] || return
  manager='org.freedesktop.login1 /org/freedesktop/login1 org.freedesktop.login1.Manager'
  # shellcheck disable=SC2086 # three words
  if [ "$(busctl get-property $manager KillUserProcesses 2>/dev/null)" = 'b true' ]; then
    missing 'processes that outlive their login' \
      'write KillUserProcesses=no into /etc/systemd/logind.conf, then: systemctl restart systemd-logind'
  fi
}

boot_check() {
  if [ ! -d /run/systemd/system ]; then
    ok 'server boot' "no systemd runs here; let your start script run '$root_program resume' after Docker has started"
  elif [ "$(systemctl is-enabled slipway-resume.service 2>/dev/null)" = enabled ]; then
    ok 'server boot' 'finishes or reverts interrupted work'
  else
    missing slipway-resume.service "$prepare"
  fi
}

machine_check
programs_check
disk_check
engine_check
root_check "$1"
logind_check
boot_check
