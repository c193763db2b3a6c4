# shellcheck shell=bash
# The far end of the connection that one `pulumi up` or `pulumi preview` keeps: it looks at the server, takes its lease, and stages what no document may carry.
# It lives as long as its stdin sends something every few seconds; when that stops, whoever the run was, its lock is free.

attend_silence=30 # seconds without a word after which the other end is taken for dead

# attend: answers lines until they end. The run is present from the start, with the lease or without.
attend() {
  presence_sweep run
  presence_open run
  trap 'rm -rf "$presence"' EXIT
  mkdir "$presence/touched" "$presence/secrets" "$presence/removable"
  attend_keep_program
  attend_listen
}

# The program came by the connection, into a file that nobody needs but this process.
attend_keep_program() {
  if [[ $program == "$run"/program.* ]]; then
    mv -T "$program" "$presence/program"
    program=$presence/program
  fi
}

attend_listen() {
  local word rest
  while attend_hear; do
    : >"$presence/heard"
    case $word in
      alive) ;;
      end) return ;;
      want) want "$rest" ;;
      observe) observe ;;
      lease) attend_lease "$rest" ;;
      secret) attend_stage "$rest" ;;
      remove) attend_remove "$rest" ;;
      keep) attend_keep "$rest" ;;
      *) fail attend "does not know the line '$word'; the other end speaks another version" ;;
    esac
  done
}

attend_hear() { # sets `word` and `rest`
  IFS=' ' read -r -t "$attend_silence" word rest && return
  (($? <= 128)) || say attend "ends, since nothing was heard for $attend_silence s"
  return 1
}

# attend_lease "<seconds> <run> <holder>": from here on the run is the session of its stack, and verbs may change the server.
attend_lease() {
  local form='^([0-9]{1,5}) ([^ ]+) (.+)$' seconds id holder
  [[ $1 =~ $form ]] || fail attend "wants 'lease <seconds> <run> <holder>', got 'lease $1'"
  seconds=${BASH_REMATCH[1]} id=${BASH_REMATCH[2]} holder=${BASH_REMATCH[3]}
  lease_take "$seconds" "$holder"
  attend_wait_for_verbs "$seconds"
  program_install
  printf '%s\n' "$id" >"$presence/session"
  fact session run "$id"
}

# Verbs of a run that died are still at work: they finish first. The exclusive lock is only a gate and is given back at once.
attend_wait_for_verbs() {
  local gate
  exec {gate}<>"$stack_run/verbs.lock"
  if ! flock -n "$gate"; then
    say session "waits for a verb of an earlier run that is still at work"
    flock -w "$1" "$gate" || fail session "a verb of an earlier run is still at work after $1 s; look at $stack_state/journal"
  fi
  presence_sweep verb
  exec {gate}>&-
}

attend_stage() { # attend_stage "<name> <base64>"; nothing behind the name is an empty value
  local name=${1%% *} value=${1#"${1%% *}"}
  [[ $name =~ ^[A-Za-z0-9_][A-Za-z0-9_.-]*$ ]] || fail attend "'$name' is no name of a secret"
  printf '%s' "${value# }" | base64 -d | write_file "$presence/secrets/$name"
}

# attend_remove <object>: the session was opened to remove this, so it may go although the stack is protected.
attend_remove() {
  : >"$presence/removable/$(object_name "$1")"
  fact removable object "$1"
}

# attend_keep <object>: the run declares this object, so none of its deletes removes it: not that of a resource with a former
# name either, which a run before this one may have left in the state.
attend_keep() {
  : >"$presence/touched/$(object_name "$1")"
  fact kept object "$1"
}

# The program of this run becomes the stack's own, whichever was there; verbs that run already keep the one they began with.
program_install() {
  local installed=$stack_state/slipway
  mkdir -p "$stack_state"
  if cmp -s "$program" "$installed" && [[ $(stat -c %a "$installed") == 755 ]]; then return; fi
  write_file "$installed" 0755 <"$program"
}
