# shellcheck shell=bash
# A verb changes one object of a server as a document says. It works on after its connection is lost: the attached half reads the document, starts the detached
# half and repeats what that says; the detached half acts, and leaves its words and its exit code behind.
#
# Each verb <v> brings four functions: <v>_object prints the object's name, <v>_differences prints what is not as the document says, <v>_apply makes it so,
# <v>_delete takes it away.

verb_deadline=900 # seconds; a verb that may take longer prints its own by <v>_seconds

# verb_apply <verb>: what `create` and `update` of a resource run.
verb_apply() {
  local differences
  verb_read "$1"
  applied_read "$object"
  if [[ $applied_hash == "$hash" && $applied_number == "$number" && $applied_owner == "$resource" ]]; then
    differences=$("$1_differences")
    if [[ -z $differences ]]; then
      run_touch "$object"
      verb_answer unchanged
      return
    fi
  fi
  verb_lock
  applied_read "$object" # what a verb of a dead run has just done
  number_may_follow "$number" "$applied_number" ||
    fail "$1" "document $number of $resource is older than $applied_number on this server; run \`pulumi up\` again"
  session_find || fail "$1" "no session of $stack is open on this server, so nothing may change; run \`slipway up\` or \`pulumi up\`, which open one"
  run_touch "$object"
  verb_detach "$1" apply
}

# verb_delete <verb>: acts only for the resource that still owns the object, and not on what a living run has just written or found as it wants it.
verb_delete() {
  verb_read "$1"
  verb_lock
  if run_touched "$object"; then verb_answer superseded && return; fi
  session_find || true
  verb_may_delete "$1"
  [[ -n $session ]] || verb_lease
  applied_read "$object"
  if [[ $applied_owner != "$resource" ]]; then verb_answer 'not ours' && return; fi
  verb_detach "$1" delete
}

# verb_may_delete <verb>: a protected stack loses only what its own session was opened to remove (F99). What is not the
# resource's own is not lost.
verb_may_delete() {
  local what todo
  applied_read "$object"
  [[ $applied_owner == "$resource" ]] || return 0
  claim_protects || return 0
  [[ -z $session || ! -e $session/removable/$(object_name "$object") ]] || return 0
  what="$stack is protected, and no open session may remove $object (document $number)"
  todo="run \`slipway destroy\`, which asks for the stack's name, or drop it from the stack and run \`slipway up\`"
  fail "$1" "$what; $todo"
}

# Nobody has the lease for this stack (`pulumi destroy` runs no program), so the verb takes it: before its lock, as sessions do, or both would wait.
verb_lease() {
  exec {verbs_fd}>&-
  lease_take 300 "$stack, deleting $resource"
  verb_lock
}

# verb_read <verb>: the whole document, before anything acts.
verb_read() {
  presence_open verb
  folder=$presence
  trap 'rm -rf "$folder"' EXIT
  cat >"$folder/document"
  verb_know "$1"
}

# verb_know <verb>: reads the document, and sets what each half needs to know of it.
verb_know() {
  document_read "$folder/document"
  local kind=${document_values[$'\tkind']}
  resource=${document_values[$'\tresource']} number=${document_values[$'\tnumber']} hash=$(document_hash)
  [[ $kind == "$1" ]] || fail "$1" "cannot read a document of kind '$kind'; run slipway again with one version on both sides"
  object=$("$1_object")
  object_names[$object]=$(object_name "$object")
}

# verb_keep_known and verb_recall: what one half knows, for the other.
verb_keep_known() {
  { reading_print && printf 'hash=%q object=%q; object_names[%q]=%q\n' "$hash" "$object" "$object" "${object_names[$object]}"; } >"$folder/known"
}

verb_recall() {
  local known
  known=$(<"$folder/known")
  reading_take "$known"
  resource=${document_values[$'\tresource']} number=${document_values[$'\tnumber']}
}

# Held by the detached half to its end, whoever dies: a session of a later run waits for it.
verb_lock() {
  exec {verbs_fd}<>"$stack_run/verbs.lock"
  flock -s "$verbs_fd"
}

# verb_answer <outcome>: the one line on stdout. A verb with a function <verb>_tells, which sets `told` to names and values, adds these.
verb_answer() {
  local json answer name
  local -a told=()
  if declare -F "${object%%:*}_tells" >/dev/null; then "${object%%:*}_tells"; fi
  json_quote "$1" && answer="\"outcome\":$json"
  set -- object "$object" number "$number" "${told[@]}"
  while (($# > 1)); do
    json_quote "$1" && name=$json
    json_quote "$2" && answer+=",$name:$json"
    shift 2
  done
  printf '{%s}\n' "$answer"
}

# verb_detach <verb> <apply|delete>: the detached half keeps the locks and its own copy of the secrets; the attached half repeats its words until it ends.
verb_detach() {
  local worker code=0
  if [[ -n ${session:-} ]]; then cp -r "$session/secrets" "$folder/secrets"; fi
  : >"$folder/log"
  verb_keep_known
  if declare -F "$1_seconds" >/dev/null; then verb_deadline=$("$1_seconds"); fi
  setsid timeout --kill-after=10 "$verb_deadline" bash "$program" detached "$stack" "$1" "$2" "$folder" \
    </dev/null >"$folder/answer" 2>"$folder/log" &
  worker=$!
  trap - EXIT # what the folder holds is the detached half's now
  verb_let_go
  tail -n +1 -f -s 0.05 --pid="$worker" "$folder/log" >&2
  wait "$worker" || code=$?
  verb_say_end "$1" "$code"
  cat "$folder/answer"
  rm -rf "$folder"
  exit "$code"
}

# verb_say_end <verb> <code>: what a verb that was ended from outside could not say itself.
verb_say_end() {
  case $2 in
    124) say "$1" "document $number of $object was not done within its $verb_deadline s, or a command of it had no end; look at $stack_state/journal, then run \`pulumi up\` again" ;;
    137) say "$1" "document $number of $object was killed; look for a lack of memory and at $stack_state/journal, then run \`pulumi up\` again" ;;
  esac
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
  verb_recall
  local outcome=applied
  verb_step="$1 $2"
  if session_find; then IFS= read -r session_id <"$session/session"; fi
  journal "$1" "$2" begin
  trap verb_failed EXIT
  "$1_$2"
  if [[ $2 == apply ]]; then
    applied_write "$object" "$number" "$hash" "$resource" "$folder/document"
    applied_keep_reading "$object" || true # it only spares time; a full disk must not fail what is applied
  else
    applied_forget "$object"
    outcome=deleted
  fi
  trap 'rm -rf "$folder/secrets"' EXIT
  journal "$1" "$2" end
  verb_answer "$outcome"
}

verb_failed() { # also at its deadline
  events_end
  rm -rf "$folder/secrets"
  journal "${verb_step% *}" "${verb_step#* }" fail
}

# journal <verb> <apply|delete> <step>: one line a step, in order; the next run reads what a dead one was doing. A test may end the verb at a step, as a
# lost machine would.
journal() {
  local now line
  TZ=UTC printf -v now '%(%Y-%m-%dT%H:%M:%SZ)T' -1
  line="$now ${session_id:--} $1 $2 $3 $number $resource"
  if ! { printf '%s\n' "$line" >>"$stack_state/journal" && sync "$stack_state/journal"; }; then
    fail journal "cannot write '$stack_state/journal' (document $number); look for a full disk or a read-only file system"
  fi
  [[ ${SLIPWAY_DIES_AT-} != "$1 $3" ]] || kill -KILL "$BASHPID"
}
