# shellcheck shell=sh disable=SC2154
# The acting part of the script that `slipway host prepare` prints; `user`, `key`, `observe_key` and `helper` stand
# before it. A second run changes nothing. It installs no packages: what is missing is named at the end.
missing=''
root_program=/usr/local/sbin/slipway-root

say() { # say <thing> <what became of it>
  printf '%s: %s\n' "$1" "$2"
}

lacks() { # lacks <thing> <what to do>
  missing="$missing$1: missing; $2
"
}

has() {
  command -v "$1" >/dev/null 2>&1
}

programs_check() {
  for name in sha256sum gzip flock getconf; do
    has "$name" || lacks "$name" 'on Debian: apt-get install coreutils gzip util-linux libc-bin'
  done
}

engine_check() {
  if ! docker version >/dev/null 2>&1; then
    lacks 'Docker engine' \
      'on Debian 13: apt-get install docker.io docker-cli; elsewhere see docs.docker.com/engine/install'
  elif ! docker compose version >/dev/null 2>&1; then
    lacks 'Docker Compose v2' \
      'on Debian 13: apt-get install docker-compose; elsewhere see docs.docker.com/compose/install/linux'
  else
    say 'Docker engine and Compose' installed
  fi
}

user_make() { # user_make <user> <shell>
  if id "$1" >/dev/null 2>&1; then
    say "user $1" exists
    return
  fi
  useradd --create-home --shell "$2" "$1"
  usermod --password '*' "$1" # no password fits; unlike a locked account it may log in by key, however sshd is set up
  say "user $1" created
}

# The engine's own group: Pulumi's docker provider speaks to the engine as this user.
group_join() {
  case " $(id -nG "$user") " in
    *' docker '*) say 'group docker' "$user is a member" ;;
    *)
      if getent group docker >/dev/null; then
        usermod --append --groups docker "$user"
        say 'group docker' "$user added"
      else
        lacks 'group docker' 'comes with the engine; install that, then run this again'
      fi
      ;;
  esac
}

home_of() { # home_of <user>
  getent passwd "$1" | cut -d: -f6
}

key_authorise() {
  home=$(home_of "$user")
  body=${key#* }
  if grep -qsF -- "${body%% *}" "$home/.ssh/authorized_keys"; then
    say 'authorised key' present
    return
  fi
  # As the user: what lies in its home is its own, links too. The last line may lack its end.
  printf '%s\n' "$key" | runuser -u "$user" -- sh -c "$key_append" sh "$home"
  say 'authorised key' added
}

# shellcheck disable=SC2016 # a program for another shell
key_append='umask 077
cd "$1" && mkdir -p .ssh && cd .ssh || exit
if [ -n "$(tail -c 1 authorized_keys 2>/dev/null)" ]; then echo >>authorized_keys; fi
cat >>authorized_keys'

write() { # write <file> <mode>: puts stdin there as a whole, as root's; leaves a file alone that is as it should be
  cat >"$1.new" # a name with a dot is not read by sudo, so that it never sees half a file
  chown root:root "$1.new"
  chmod "$2" "$1.new"
  if [ -f "$1" ] && [ ! -L "$1" ] && [ "$(stat -c '%U %a' "$1")" = "root ${2#0}" ] &&
    [ "$(sha256sum <"$1.new")" = "$(sha256sum <"$1")" ]; then
    rm "$1.new"
    say "$1" unchanged
    return
  fi
  case $1 in /etc/sudoers.d/*) visudo -cqf "$1.new" ;; esac
  mv -f "$1.new" "$1"
  say "$1" written
}

sudo_allow() { # sudo_allow <user> <command line>
  if has visudo; then
    printf '%s ALL=(root) NOPASSWD: %s\n' "$1" "$2" | write "/etc/sudoers.d/slipway-$1" 0440
  else
    lacks sudo 'on Debian: apt-get install sudo; then run this again'
  fi
}

# Finishes or reverts, at boot, what the shutdown interrupted.
boot_enable() {
  if [ ! -d /run/systemd/system ]; then
    say 'server boot' "no systemd runs here; let your start script run '$root_program resume' after Docker has started"
    return
  fi
  write /etc/systemd/system/slipway-resume.service 0644 <<UNIT
[Unit]
Description=Finish or revert what slipway had open when this server went down
After=docker.service

[Service]
Type=oneshot
ExecStart=$root_program resume

[Install]
WantedBy=multi-user.target
UNIT
  systemctl daemon-reload
  systemctl --quiet enable slipway-resume.service
}

# The observer may not change its own key, and every word that it sends is ignored: the command is fixed.
observer_make() {
  observer=slipway-observe
  body=${observe_key#* }
  for known in "$(home_of root)" "$(home_of "$user")"; do
    grep -qsF -- "${body%% *}" "$known/.ssh/authorized_keys" || continue
    lacks 'observe key' "it opens $known already, which is root; make another key for previews, then run this again"
    return
  done
  user_make "$observer" /bin/sh
  home=$(home_of "$observer")
  install -d -m 0755 -o root -g root "$home" "$home/.ssh"
  printf 'restrict,command="sudo -n %s observe" %s\n' "$root_program" "$observe_key" |
    write "$home/.ssh/authorized_keys" 0644
  sudo_allow "$observer" "$root_program observe"
}

folders_make() {
  install -d -m 0700 -o root -g root /var/lib/slipway /run/slipway
  say '/var/lib/slipway' 'readable only by root'
}

main() {
  if [ "$(id -u)" != 0 ]; then
    echo 'prepare: run this as root' >&2
    exit 1
  fi
  programs_check
  engine_check
  helper | write "$root_program" 0755
  if [ "$user" != root ]; then
    user_make "$user" /bin/bash
    group_join
    sudo_allow "$user" "$root_program"
  fi
  if [ -n "$key" ]; then key_authorise; fi # without a key, slipway runs on this server itself
  if [ -n "$observe_key" ]; then observer_make; fi
  folders_make
  boot_enable
  if [ -n "$missing" ]; then
    printf '%s' "$missing" >&2
    exit 1
  fi
  say 'this server' "is ready for $user; \`slipway host check\` or the first run uploads Node to it"
}

main
