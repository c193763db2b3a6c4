# shellcheck shell=bash disable=SC2154
# The acting part of the script that `slipway host prepare` prints; `user`, `key` and `helper` stand before it. A second run changes nothing. It installs no
# packages: what lacks is named at the end.
missing=()

say() { # say <thing> <what became of it>
  printf '%s: %s\n' "$1" "$2"
}

lacks() { # lacks <thing> <what to do>
  missing+=("$1: missing; $2")
}

engine_check() {
  if ! docker version >/dev/null 2>&1; then
    lacks 'Docker engine' 'on Debian 13: apt-get install docker.io docker-cli; elsewhere see docs.docker.com/engine/install'
  elif ! docker compose version >/dev/null 2>&1; then
    lacks 'Docker Compose v2' 'on Debian 13: apt-get install docker-compose; elsewhere see docs.docker.com/compose/install/linux'
  else
    say 'Docker engine and Compose' 'are there'
  fi
}

user_make() {
  if id "$user" >/dev/null 2>&1; then
    say "user $user" 'is there'
    return
  fi
  useradd --create-home --shell /bin/bash "$user"
  usermod --password '*' "$user" # no password fits; unlike a locked account it may log in by key, however sshd is set up
  say "user $user" made
}

# The engine's own group: Pulumi's docker provider speaks to the engine as this user.
group_join() {
  if [[ " $(id -nG "$user") " == *' docker '* ]]; then
    say 'group docker' "holds $user"
  elif getent group docker >/dev/null; then
    usermod --append --groups docker "$user"
    say 'group docker' "$user added"
  else
    lacks 'group docker' 'comes with the engine; install that, then run this again'
  fi
}

key_authorise() {
  local home file body
  home=$(getent passwd "$user" | cut -d: -f6)
  file=$home/.ssh/authorized_keys
  read -r _ body _ <<<"$key"
  if [[ -f $file ]] && grep -qF -- "$body" "$file"; then
    say 'authorised key' 'is there'
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

helper_install() {
  local file=/usr/local/sbin/slipway-root
  if [[ -f $file && $(stat -c '%U %a' "$file") == 'root 755' ]] && helper | cmp -s - "$file"; then
    say "$file" 'is there'
    return
  fi
  helper >"$file.new"
  chown root:root "$file.new"
  chmod 0755 "$file.new"
  mv -f "$file.new" "$file"
  say "$file" written
}

sudo_allow() {
  local file=/etc/sudoers.d/slipway-$user line="$user ALL=(root) NOPASSWD: /usr/local/sbin/slipway-root"
  if ! command -v visudo >/dev/null; then
    lacks sudo 'on Debian: apt-get install sudo; then run this again'
  elif [[ -f $file && $(<"$file") == "$line" ]]; then
    say "$file" 'is there'
  else
    # A name with a dot is not read by sudo, so that it never sees half a line.
    (umask 0337 && printf '%s\n' "$line" >"$file.new")
    visudo -cqf "$file.new"
    mv -f "$file.new" "$file"
    say "$file" written
  fi
}

folders_make() {
  install -d -m 0700 -o root -g root /var/lib/slipway /run/slipway
  say '/var/lib/slipway' 'is there, for root alone'
}

main() {
  if [[ $(id -u) != 0 ]]; then
    echo 'prepare: run this as root' >&2
    exit 1
  fi
  engine_check
  if [[ $user != root ]]; then
    user_make
    group_join
    helper_install
    sudo_allow
  fi
  key_authorise
  folders_make
  if ((${#missing[@]})); then
    printf '%s\n' "${missing[@]}" >&2
    exit 1
  fi
  say "this server" "is ready for $user"
}

main
