# shellcheck shell=bash
# The verb `compose`: one compose project that is not a release, that is the shared services or the proxy. Its volumes are never touched.

compose_object() { printf 'compose:%s' "$(document_value project)"; }

compose_seconds() { printf '%s' $((2 * $(project_patience) + 600)); }

compose_read() { # sets what project.sh wants to know, and compose_files
  project=$(document_value project) project_folder=$(document_value directory) project_env=''
  if document_has env; then project_env=$(document_value env); fi
  document_list project_services services
  guard_read
  compose_files=()
  if document_has files; then document_list compose_files files; fi
}

compose_differences() {
  local where
  compose_read
  drift_differences "compose:$project containers" "$project"
  mounts_stale "$project" "$project_folder"
  compose_spoiled
  for where in "${mounts_where[@]}"; do difference "$where" 'the file as it is' 'an earlier one'; done
}

# compose_spoiled: the verb `secrets` writes them anew before this one comes, and then their containers would have an earlier one.
compose_spoiled() {
  local -a spoiled
  [[ -n $project_env ]] || return 0
  secrets_spoiled "$project_folder"
  mounts_of "$project" "${spoiled[@]}"
}

compose_apply() {
  local service volume before
  local -a deadlines=()
  compose_read
  docker_read "$project"
  for service in "${project_services[@]}"; do
    deadlines+=("$service" "$(document_value services "$service" deadline)")
  done
  for volume in "${guard_volumes[@]}"; do guard_check "$volume"; done
  compose_write
  drift_remove "$object containers" "$project"
  project_remove_unwanted
  journal compose apply up
  docker_select project "$project" state running
  before=${docker_selected[*]-}
  project_up $(($(project_patience) + 120))
  wait_ready "${deadlines[@]}"
  compose_refresh "$before" "${deadlines[@]}"
  for volume in "${guard_volumes[@]}"; do guard_remember "$volume"; done
  drift_remember "$object containers" "$project" "$project_folder/compose.yaml" "${compose_files[@]/#/$project_folder/}"
}

# The files beside the compose file are few and small: the proxy's own.
compose_write() {
  compose_remove_files "${compose_files[@]}"
  project_write_files
  document_content compose | project_write compose.yaml
}

# compose_remove_files <path to keep> …: what an earlier document delivered here.
compose_remove_files() {
  local path
  while IFS= read -r path; do
    path=${path#"$project_folder/"}
    [[ $'\n'$(printf '%s\n' compose.yaml "$@")$'\n' == *$'\n'"$path"$'\n'* ]] || rm -f "$project_folder/$path"
  done < <(drift_files "$object containers")
}

# A container that mounts a file which was replaced, or a folder with one, sees the new one after a restart; one that `up` has just made has seen it.
compose_refresh() { # compose_refresh "<ids before up>" <service> <seconds> …
  local id service before=$1
  local -a restart=()
  shift
  mounts_stale "$project" "$project_folder"
  restart=("${mounts_found[@]}")
  while IFS= read -r service; do
    [[ -n $service ]] || continue
    docker_select project "$project" service "$service" state running
    for id in "${docker_selected[@]}"; do
      if [[ " $before " == *" $id "* && " ${restart[*]-} " != *" $id "* ]]; then restart+=("$id"); fi
    done
  done <<<"$(rewritten_services "$object")"
  ((${#restart[@]})) || return 0
  for id in "${restart[@]}"; do say "$project" "restarts '${docker_facts["$id service"]}', which mounts a file that was written anew"; done
  docker_do 300 restart "${restart[@]}" >/dev/null || fail "$project" "cannot restart its containers (document $number); look at the engine's log"
  docker_forget
  wait_ready "$@"
}

compose_tells() { # for the verb's answer
  guard_read
  guard_tells
}

compose_delete() {
  local volume
  compose_read
  docker_read "$project"
  project_remove_all
  for volume in "${guard_volumes[@]}"; do say "$project" "keeps volume '$volume'"; done
  compose_remove_files
  rm -f "$project_folder/compose.yaml" "$(memory_file "$object containers")"
  [[ -e $(applied_file "directory:$project_folder") ]] || rmdir "$project_folder" 2>/dev/null || true
}
