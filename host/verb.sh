# shellcheck shell=bash
# A verb changes one object of a server as a document says. It works on after its connection is lost: the attached half reads the document, starts the detached
# half and repeats what that says; the detached half acts, and leaves its words and its exit code behind.
#
# Each verb <v> brings four functions: <v>_object prints the object's name, <v>_matches tells whether the server is as the document says, <v>_apply makes it so,
# <v>_delete takes it away.

verb_deadline=900 # seconds; longer ones set their own before detaching

# verb_apply <verb>: what `create` and `update` of a resource run.
verb_apply() {
  verb_read "$1"
  if [[ $applied_hash == "$hash" && $applied_number == "$number" && $applied_owner == "$resource" ]] && "$1_matches"; then
    session_alive && [[ -d $stack_run/session ]] && session_touch "$object"
    verb_answer unchanged
    return
  fi
  number_may_follow "$number" "$applied_number" ||
    fail "$1" "document $number of $resource is older than $applied_number on this server; run \`pulumi up\` again"
  verb_lock
  session_alive || fail "$1" "no session of $stack is open on this server, so nothing may change; run \`slipway up\` or \`pulumi up\`, which open one"
  session_touch "$object"
  verb_detach "$1" apply
}

# verb_delete <verb>: acts only for the resource that still owns the object, and not on what this run has just written.
verb_delete() {
  verb_read "$1"
  verb_lock
  if session_alive; then
    if session_touched "$object"; then verb_answer superseded && return; fi
  else
    lease_take 300 "$stack, deleting $resource"
  fi
  if [[ $applied_owner != "$resource" ]]; then verb_answer 'not ours' && return; fi
  verb_detach "$1" delete
}

# verb_read <verb>: the whole document, before anything acts.
verb_read() {
  folder=$(mktemp -d "$stack_run/verb.XXXXXX")
  exec {folder_fd}<>"$folder/lock" && flock "$folder_fd" # as long as one half lives, nobody sweeps the folder
  trap 'rm -rf "$folder"' EXIT
  cat >"$folder/document"
  document_read "$folder/document"
  resource=$(document_value resource) number=$(document_value number) hash=$(document_hash)
  object=$("$1_object")
  applied_read "$object"
}

# Held by the detached half to its end, whoever dies: a session of a later run waits for it.
verb_lock() {
  exec {verbs_fd}<>"$stack_run/verbs.lock"
  flock -s "$verbs_fd"
}

verb_answer() { # verb_answer <outcome>
  printf '{"outcome":%s,"object":%s,"number":%s}\n' "$(json_string "$1")" "$(json_string "$object")" "$(json_string "$number")"
}

# verb_detach <verb> <apply|delete>: the detached half keeps the locks and its own copy of the secrets; the attached half repeats its words until it ends.
verb_detach() {
  local worker code=0
  if [[ -d $stack_run/session/secrets ]]; then cp -r "$stack_run/session/secrets" "$folder/secrets"; fi
  : >"$folder/log"
  setsid timeout --kill-after=10 "$verb_deadline" bash "$program" detached "$stack" "$1" "$2" "$folder" \
    </dev/null >"$folder/answer" 2>"$folder/log" &
  worker=$!
  trap - EXIT # what the folder holds is the detached half's now
  verb_let_go
  tail -n +1 -f -s 0.05 --pid="$worker" "$folder/log" >&2
  wait "$worker" || code=$?
  cat "$folder/answer"
  rm -rf "$folder"
  exit "$code"
}

# From here on the locks belong to the detached half alone: this one may hang on a connection that is gone and not closed.
verb_let_go() {
  exec {verbs_fd}>&-
  if [[ -n ${lease_fd:-} ]]; then exec {lease_fd}>&-; fi
}

# verb_detached <verb> <apply|delete> <folder>: the half that acts.
verb_detached() {
  folder=$3
  trap 'rm -rf "$folder/secrets"' EXIT # the rest is swept by the next session, should nobody be left to read it
  document_read "$folder/document"
  resource=$(document_value resource) number=$(document_value number) hash=$(document_hash)
  object=$("$1_object")
  local outcome=applied
  journal "$1" "$2" begin
  "$1_$2"
  if [[ $2 == apply ]]; then
    applied_write "$object" "$number" "$hash" "$resource" "$folder/document"
  else
    applied_forget "$object"
    outcome=deleted
  fi
  journal "$1" "$2" end
  verb_answer "$outcome"
}

# journal <verb> <apply|delete> <begin|end>: one line a step, in order; the next run reads what a dead one was doing.
journal() {
  printf '%s %s %s %s %s %s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(session_id)" "$1" "$2" "$3" "$number" "$resource" >>"$stack_state/journal"
  sync "$stack_state/journal"
}

session_id() {
  if [[ -e $stack_run/session/id ]]; then cat "$stack_run/session/id"; else echo -; fi
}
