# shellcheck shell=bash
# The verb `migration`: the migration of a release, run to its end before the release comes up (A9, B3), once for each release, image and data.
#
# Its container is not taken away before its outcome is remembered. So a run after one that was killed knows what became of it: it waits for a container that is
# still at work, takes the word of one that ended well, and runs again only what failed or never began, since a migration must stand being run again.

migration_object() { printf migration; }

# Another one, which a dead run left, may have to be waited for first.
migration_seconds() { printf '%s' $((2 * $(document_value deadline) + 300)); }

migration_use() { # sets what project.sh wants to know
  project=$(document_value project) project_folder=$(document_value directory)
  project_env=$project_folder/.env
  project_services=("$(document_value service)")
}

# migration_line: what is remembered of a migration that ended well, a line for each.
migration_line() {
  local data
  data=$(migration_data)
  printf '%s\x1f%s\x1f%s' "$(document_value release)" "$(document_value image)" "$data"
}

# migration_data: the stack's databases, by volume and cluster: one that was lost and begun anew has seen no migration.
migration_data() {
  local file
  local -a found=()
  for file in "$state/data-1/${stack/\//@}@"*; do
    data_read "$file"
    [[ -z $data_cluster ]] || found+=("$data_volume=$data_cluster")
  done
  printf '%s' "${found[*]-}"
}

# migration_remembers <line> [anywhere]: whether release and image were migrated on data that is still there; a volume that came later says nothing about that.
migration_remembers() {
  local data memory kept pair
  data=" ${1##*$'\x1f'} "
  memory=$(memory_read migration)
  while IFS= read -r kept; do
    [[ $kept == "${1%$'\x1f'*}"$'\x1f'* ]] || continue
    [[ -z ${2-} ]] || return 0
    for pair in ${kept##*$'\x1f'}; do
      [[ $data == *" $pair "* ]] || continue 2
    done
    return 0
  done <<<"$memory"
  return 1
}

migration_differences() {
  local line
  line=$(migration_line)
  if migration_remembers "$line"; then return; fi
  if migration_remembers "$line" anywhere; then
    difference "migration of $(document_value release)" 'run on this data' 'run on other data'
  else
    difference "migration of $(document_value release)" 'run once' 'not run'
  fi
}

migration_apply() {
  local line settled=''
  migration_use
  line=$(migration_line)
  docker_read migration
  if migration_remembers "$line"; then
    migration_clear   # what a run left that was killed just then
    outcome=unchanged # of the verb: whatever else the document says now, this release was migrated
    return
  fi
  trap 'migration_undo; verb_failed' EXIT
  migration_settle
  [[ -n $settled ]] || migration_run
  { memory_read migration && printf '%s\n' "$line"; } | memory_write migration
  journal migration apply migrated
  migration_clear
}

# migration_label: tells a container of this migration from those of others.
migration_label() { object_name "$line"; }

# migration_settle: what a dead run left. Sets `settled` where that was this migration, and it ended well.
migration_settle() {
  local id code label
  docker_select project "$project"
  for id in "${docker_selected[@]}"; do
    [[ ${docker_facts["$id state"]} != created ]] || continue
    journal migration apply wait
    say migration "waits for '${docker_facts["$id name"]}', which an earlier run began"
    migration_wait
    label=$(docker_do 20 inspect --type container --format '{{index .Config.Labels "slipway.migration"}}' "$id")
    say migration "it ended with exit code $code"
    if [[ $code == 0 && $label == "$(migration_label)" ]]; then settled=yes; fi
  done
  migration_clear
}

migration_run() {
  local id code
  migration_write
  journal migration apply run
  migration_start
  journal migration apply started
  migration_wait
  project_logs "$id"
  [[ $code == 0 ]] || fail migration "$(migration_named) ended with exit code $code; $(migration_help)"
}

migration_named() { printf "'%s' of release %s" "$(document_value service)" "$(document_value release)"; }

migration_help() { printf 'the release before serves on (document %s); mend the migration, then release again' "$number"; }

# migration_start: sets `id`. Without --rm: who takes the container away must know its outcome first.
migration_start() {
  local said=$folder/compose
  say migration "runs $(migration_named)"
  if ! project_compose 120 run --detach --no-deps --no-TTY --label "slipway.migration=$(migration_label)" "${project_services[0]}" >"$said" 2>&1; then
    mask_learn "$project_env"
    tail -n 20 "$said" | mask_text >&2
    fail migration "compose could not start $(migration_named); $(migration_help)"
  fi
  docker_forget
  docker_select project "$project"
  id=${docker_selected[0]-}
  [[ -n $id ]] || fail migration "the container of $(migration_named) is gone; $(migration_help)"
}

# migration_wait: until the container `id` has ended; sets `code`. At the deadline it is ended, and so is the verb. The engine may restart in between.
migration_wait() {
  local deadline left until
  deadline=$(document_value deadline)
  until=$((SECONDS + deadline))
  while left=$((until - SECONDS)) && ((left > 0)); do
    if code=$(docker_do "$left" wait "$id" 2>/dev/null); then return; fi
    ((SECONDS < until)) || break
    docker_engine=''
    docker_need migration
    docker_do 20 inspect --type container "$id" >/dev/null 2>&1 || fail migration "the container of $(migration_named) is gone; $(migration_help)"
    sleep 0.3
  done
  project_logs "$id"
  fail migration "$(migration_named) was not done within $deadline s and was ended; $(migration_help)"
}

# migration_write: what the container needs. The paths are kept first, so that whoever comes next can take away what a killed run wrote.
migration_write() {
  local path
  local -a files secrets
  project_files
  project_secrets
  for path in .env compose.yaml "${files[@]}" "${secrets[@]}"; do printf 'file\x1f%s\x1f\n' "$project_folder/$path"; done | memory_write 'migration files'
  project_write_env
  project_write_files
  project_write_secrets
  document_content compose | project_write compose.yaml
}

# migration_clear: nothing of it stays but what is remembered.
migration_clear() {
  local path
  project_remove_all
  while IFS= read -r path; do
    rm -f "$path"
    while path=${path%/*} && [[ $path == "$project_folder"* ]] && rmdir "$path" 2>/dev/null; do :; done
  done < <(drift_files 'migration files')
  rm -f "$(memory_file 'migration files')"
}

# Whatever ends the verb ends the container too: nobody would wait for it. Only a verb that is killed leaves it, for the next run.
migration_undo() {
  set +e
  (migration_clear)
}

migration_delete() {
  migration_use
  docker_read migration
  migration_clear
}
