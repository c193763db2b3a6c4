#!/usr/bin/env bash
# Starts PostgreSQL, and creates a cluster first if there is none. It supports the variables of the official image:
# POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB and POSTGRES_INITDB_ARGS, each also as …_FILE,
# POSTGRES_HOST_AUTH_METHOD, and PGDATA.
set -euo pipefail

# Prints a variable, or the content of the file in <variable>_FILE, or a default.
setting() {
  local name=$1 file="$1_FILE"
  if [ -n "${!file:-}" ]; then
    [ -z "${!name:-}" ] || { echo "error: both $name and $file are set (but are exclusive)" >&2; exit 1; }
    cat "${!file}"
  else
    printf '%s' "${!name:-${2:-}}"
  fi
}

# Exports the settings, since the script continues as another user, who cannot open files for root.
read_settings() {
  POSTGRES_USER=$(setting POSTGRES_USER postgres)
  POSTGRES_PASSWORD=$(setting POSTGRES_PASSWORD)
  POSTGRES_DB=$(setting POSTGRES_DB "$POSTGRES_USER")
  POSTGRES_INITDB_ARGS=$(setting POSTGRES_INITDB_ARGS)
  export POSTGRES_USER POSTGRES_PASSWORD POSTGRES_DB POSTGRES_INITDB_ARGS
  unset POSTGRES_USER_FILE POSTGRES_PASSWORD_FILE POSTGRES_DB_FILE POSTGRES_INITDB_ARGS_FILE
}

give_up_root() {
  mkdir -p "$PGDATA"
  chmod 0700 "$PGDATA"
  find "$PGDATA" \! -user postgres -exec chown postgres: '{}' +
  exec setpriv --reuid postgres --regid postgres --init-groups env HOME=/var/lib/postgresql "${BASH_SOURCE[0]}" "$@"
}

make_cluster() {
  local method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
  local -a arguments
  if [ -z "$POSTGRES_PASSWORD" ] && [ "$method" != trust ]; then
    echo 'Error: Database is uninitialized and superuser password is not specified; set POSTGRES_PASSWORD.' >&2
    exit 1
  fi
  eval "arguments=($POSTGRES_INITDB_ARGS)"
  initdb --username "$POSTGRES_USER" --pwfile <(printf '%s\n' "$POSTGRES_PASSWORD") "${arguments[@]}"
  printf '\nhost all all all %s\n' "$method" >> "$PGDATA/pg_hba.conf"
}

# As in the official image, a script that is not executable is sourced.
run_shell_script() {
  if [ -x "$1" ]; then
    "$1"
  else
    # shellcheck source=/dev/null
    . "$1"
  fi
}

# Runs a script of /docker-entrypoint-initdb.d.
run_script() {
  local file=$1
  echo "$0: running $file"
  case $file in
    *.sh) run_shell_script "$file" ;;
    *.sql) ask --dbname "$POSTGRES_DB" -f "$file" ;;
    *.sql.gz) gunzip -c "$file" | ask --dbname "$POSTGRES_DB" ;;
    *) echo "$0: ignoring $file" ;;
  esac
}

ask() {
  PGPASSWORD=$POSTGRES_PASSWORD psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --no-password --no-psqlrc "$@"
}

# Runs the initial scripts on a server that does not listen on the network.
fill_cluster() {
  local file
  pg_ctl -D "$PGDATA" -o "-c listen_addresses=''" -w start
  if [ "$POSTGRES_DB" != postgres ]; then
    ask --dbname postgres -v name="$POSTGRES_DB" <<< 'CREATE DATABASE :"name";'
  fi
  for file in /docker-entrypoint-initdb.d/*; do
    [ ! -f "$file" ] || run_script "$file"
  done
  pg_ctl -D "$PGDATA" -m fast -w stop
  echo 'PostgreSQL init process complete; ready for start up.'
}

[ "${1:0:1}" != - ] || set -- postgres "$@"
if [ "${1:-}" != postgres ]; then exec "$@"; fi

read_settings
if [ "$(id -u)" = 0 ]; then give_up_root "$@"; fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  make_cluster
  fill_cluster
fi
exec "$@"
