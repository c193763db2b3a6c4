# shellcheck shell=bash
# A compose project on the server: its files, its containers up, and away again. Who uses it sets what it is about:
#   project, project_folder (of compose.yaml), project_env (path of its env file, or empty), project_services (as they are called there)

project_files_mode=0644 # of compose.yaml: people may read it, and it holds no values

# project_compose <seconds> <words …>: Compose on this project. Values come from the env file alone, which shall not change how Compose itself works.
project_compose() {
  timeout --kill-after=5 "$1" env -i LC_ALL=C HOME=/nonexistent PATH="$PATH" DOCKER_CONFIG="$docker_settings" \
    COMPOSE_REMOVE_ORPHANS=false COMPOSE_IGNORE_ORPHANS=true COMPOSE_PROFILES= \
    docker compose --ansi never --progress plain --project-name "$project" --project-directory "$project_folder" \
    --file "$project_folder/compose.yaml" --env-file "${project_env:-/dev/null}" "${@:2}" </dev/null
}

# project_write <path below the folder> [mode] [owner]: what stands on stdin; a file that is so already keeps its inode, so that its mount stays fresh.
project_write() {
  local path=$project_folder/$1 mode=${2:-$project_files_mode} owner=${3:-root:root} content=$folder/content
  cat >"$content"
  (umask 022 && mkdir -p "${path%/*}")
  if [[ -f $path && ! -L $path ]] && cmp -s "$content" "$path"; then
    chown "$owner" "$path" && chmod "$mode" "$path"
  else
    [[ ! -d $path ]] || fail "$project" "'$path' is a directory (document $number); move it away"
    write_file "$path" "$mode" "$owner" <"$content"
  fi
  rm -f "$content"
}

# project_secrets: sets `secrets` to the paths of the document's files with one secret each.
project_secrets() {
  secrets=()
  if document_has secrets; then document_list secrets secrets; fi
}

# project_write_secrets: what the session staged, each for its owner alone, in a folder that nobody else may enter (E9).
project_write_secrets() {
  local path staged mode owner
  local -a secrets
  project_secrets
  ((${#secrets[@]})) || return 0
  (umask 077 && mkdir -p "$project_folder/$secrets_folder")
  { chown root:root "$project_folder/$secrets_folder" && chmod 0700 "$project_folder/$secrets_folder"; } ||
    fail "$project" "cannot change '$project_folder/$secrets_folder' (document $number); look for a read-only file system"
  for path in "${secrets[@]}"; do
    staged=$folder/secrets/$(document_value secrets "$path" staged)
    [[ -e $staged ]] || fail "$project" "the session staged nothing for '$path' (document $number); run \`pulumi up\` again"
    mode=$(document_value secrets "$path" mode) owner=$(document_value secrets "$path" owner)
    project_write "$path" "$mode" "$owner" <"$staged"
  done
}

# project_files: sets `files` to the paths that the document delivers beside the compose file.
project_files() {
  files=()
  if document_has files; then document_list files files; fi
}

# project_write_files: what the document delivers beside the compose file.
project_write_files() {
  local path mode
  local -a files
  project_files
  for path in "${files[@]}"; do
    mode=$(document_value files "$path" mode)
    document_content files "$path" content | project_write "$path" "$mode"
  done
}

# project_write_env: the env file, which the session staged.
project_write_env() {
  local staged
  staged=$folder/secrets/$(document_value env staged)
  [[ -e $staged ]] || fail "$project" "the session staged no env file (document $number); run \`pulumi up\` again"
  project_write .env 0600 <"$staged"
}

# project_patience: the most seconds that a service of the document may take; others may wait for it.
project_patience() {
  local service names seconds longest=0
  names=$(document_keys services)
  while IFS= read -r service; do
    [[ -n $service ]] || continue
    seconds=$(document_value services "$service" deadline)
    ((seconds <= longest)) || longest=$seconds
  done <<<"$names"
  printf '%s' "$longest"
}

# project_up <seconds>: every container as the file says; those that are so already are not touched.
project_up() {
  local said=$folder/compose code=0
  project_refuse_foreign
  say "$project" 'brings its containers up'
  docker_select project "$project" state paused
  ((${#docker_selected[@]} == 0)) || docker_do 30 unpause "${docker_selected[@]}" >/dev/null 2>&1 || true
  project_compose "$1" up --detach --no-build --pull never --quiet-pull >"$said" 2>&1 || code=$?
  docker_forget
  ((code)) || return 0
  mask_learn "$project_env"
  mask_learn_containers "$project" "$project_folder/compose.yaml" || true # Compose itself prints values of its own run alone
  tail -n 20 "$said" | mask_text >&2
  project_say_ill
  fail "$project" "compose could not bring it up (document $number); mend that and run \`pulumi up\` again"
}

# Compose would only say that a name is in use (F33).
project_refuse_foreign() {
  local service id
  for service in "${project_services[@]}"; do
    docker_select name "$project-$service-1"
    for id in "${docker_selected[@]}"; do
      [[ ${docker_facts["$id project"]} == "$project" ]] ||
        fail "$project" "container '$project-$service-1' (${docker_facts["$id image"]}) has the name of ours, and slipway did not make it; remove it, then run \`pulumi up\` again"
    done
  done
}

# project_say_ill: the logs of containers that are not well, after a failure that Compose found itself.
project_say_ill() {
  local id
  docker_select project "$project"
  for id in "${docker_selected[@]}"; do
    if [[ ${docker_facts["$id state"]} == @(exited|restarting|dead) || ${docker_facts["$id health"]} == unhealthy ]]; then project_logs "$id"; fi
  done
}

# project_logs <id>: the end of what it said, without any value of the env file, or of the one that a container was made with.
project_logs() {
  mask_learn "$project_env"
  if ! mask_learn_containers "$project" "$project_folder/compose.yaml"; then
    say "$project" "cannot show what '${docker_facts["$1 service"]}' said: the engine does not tell which values it has"
    return
  fi
  say "$project" "the last lines of '${docker_facts["$1 service"]}':"
  { docker_do 20 logs --tail 100 "$1" 2>&1 || true; } | mask_text >&2
}

# project_find <service>: sets `id` to its container.
project_find() {
  docker_select project "$project" service "$1" oneoff False
  id=${docker_selected[0]-}
  [[ -n $id ]]
}

# project_remove <id> …: ends containers in their own time, then takes them away; volumes stay.
project_remove() {
  local id said
  (($#)) || return 0
  for id; do say "$project" "removes '${docker_facts["$id name"]}'"; done
  docker_do 300 stop "$@" >/dev/null 2>&1 || true # also of one that is gone, or is only created
  said=$(docker_do 60 rm --force "$@" 2>&1) || [[ ${said,,} == *'no such container'* ]] ||
    fail "$project" "cannot remove its containers (document $number): ${said##*$'\n'}; look at the engine's log"
  docker_forget
}

# project_remove_all: every container and network of the project, by its label.
project_remove_all() {
  local said networks
  docker_forget
  docker_select project "$project"
  project_remove "${docker_selected[@]}"
  said=$(docker_do 30 network ls --quiet --filter "label=com.docker.compose.project=$project")
  [[ -n $said ]] || return 0
  mapfile -t networks <<<"$said"
  said=$(docker_do 60 network rm "${networks[@]}" 2>&1) ||
    fail "$project" "cannot remove its networks (document $number): ${said##*$'\n'}; disconnect what uses them, then run slipway again"
}

# project_remove_unwanted: what the compose file no longer has, by name: other things of the server are not Compose's to clear up.
project_remove_unwanted() {
  local id
  local -a unwanted=()
  docker_select project "$project"
  for id in "${docker_selected[@]}"; do
    [[ ${docker_facts["$id oneoff"]} == True ]] || project_has "${docker_facts["$id service"]}" || unwanted+=("$id")
  done
  project_remove "${unwanted[@]}"
}

project_has() { # project_has <service>
  local service
  for service in "${project_services[@]}"; do [[ $service != "$1" ]] || return 0; done
  return 1
}
