# shellcheck shell=bash
# A session: the open end of a connection from one `pulumi up`, which holds the server's lease and stages what no document may carry. It lives as long as its
# stdin sends something every few seconds; when that stops, whoever the run was, its lock is free.

session_silence=30 # seconds without a word after which the other end is taken for dead

# session_open <lease wait in seconds> <run id> <holder>: then reads lines until they end.
session_open() {
  local wait=$1 id=$2 holder=$3
  lease_take "$wait" "$holder"
  exec {session_fd}<>"$stack_run/session.lock"
  flock -w "$wait" "$session_fd" || fail session "the last session of this stack does not end; look at its processes"
  session_wait_for_verbs "$wait"
  rm -rf "$stack_run/session"
  mkdir -p "$stack_run/session/secrets" "$stack_run/session/touched"
  trap 'rm -rf "$stack_run/session"' EXIT
  printf '%s\n' "$id" | write_file "$stack_run/session/id"
  printf 'session open %s\n' "$id"
  session_listen
}

# Verbs of a run that died are still at work: they finish first. The exclusive lock is only a gate and is given back at once.
session_wait_for_verbs() {
  local gate
  exec {gate}<>"$stack_run/verbs.lock"
  if ! flock -n "$gate"; then
    say session "waits for a verb of an earlier run that is still at work"
    flock -w "$1" "$gate" || fail session "a verb of an earlier run is still at work after $1 s; look at the journal in $stack_state"
  fi
  session_sweep
  exec {gate}>&-
}

# What verbs of a killed run left behind; a folder whose lock is held belongs to a verb that lives.
session_sweep() {
  local left
  for left in "$stack_run"/verb.*/; do
    if flock -n "$left/lock" true; then rm -rf "$left"; fi
  done
}

# Lines: `secret <name> <base64>` stages a value, `alive` says that the other end lives, `end` or the end of stdin ends the session.
session_listen() {
  local word name value
  while IFS=' ' read -r -t "$session_silence" word name value; do
    case $word in
      alive) ;;
      end) return ;;
      secret) session_stage "$name" "$value" ;;
      *) fail session "does not know the line '$word'; the other end speaks another version" ;;
    esac
  done
}

session_stage() {
  [[ $1 =~ ^[A-Za-z0-9_][A-Za-z0-9_.-]*$ ]] || fail session "'$1' is no name of a secret"
  printf '%s' "$2" | base64 -d | write_file "$stack_run/session/secrets/$1"
}

# session_alive: whether a session of this stack is open, whatever is written in its folder.
session_alive() {
  [[ -e $stack_run/session.lock ]] || return 1
  ! flock -n -s "$stack_run/session.lock" true
}

# session_touch <object>: remembers that this run wrote the object, so that a delete of the same run leaves it alone.
session_touch() {
  : >"$stack_run/session/touched/$(session_object_name "$1")"
}

session_touched() {
  [[ -e $stack_run/session/touched/$(session_object_name "$1") ]]
}

session_object_name() {
  local sum
  sum=$(printf '%s' "$1" | sha256sum)
  printf '%s' "${sum%% *}"
}
