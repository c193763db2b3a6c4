# shellcheck shell=bash
# The verb `secrets`: the env file, and files that hold one secret each. The document has names and fingerprints; the bytes come from what the session staged. Of the
# env file the memory keeps a sha256 of each line too, so that the variables which somebody changed by hand can be named without telling a value.

secrets_folder=secrets # of the files with one secret each; a container sees the file that it mounts, and nobody else gets here

secrets_object() { printf secrets; }

secrets_mode() { document_value files "$1" mode; }
secrets_owner() { document_value files "$1" owner; }
secrets_folder_mode() { printf 0700; }

secrets_content() {
  local staged
  staged=$(document_value files "$1" staged)
  [[ -e $folder/secrets/$staged ]] ||
    fail secrets "the session staged nothing as '$staged' for '$1' (document $number); run \`pulumi up\` again"
  cat "$folder/secrets/$staged"
}

secrets_paths() { # sets `paths`, and where they lie
  delivery_folder=$(document_value directory)
  document_list paths files
}

secrets_differences() {
  local -a paths
  secrets_paths
  delivery_differences secrets "${paths[@]}"
  secrets_folder_differences
}

# secrets_folder_differences: whether others may look into the folder.
secrets_folder_differences() {
  local owner mode what
  [[ " ${paths[*]}" == *" $secrets_folder/"* ]] || return 0
  IFS=' ' read -r owner mode what < <(stat -c '%U %04a %F' -- "$delivery_folder/$secrets_folder" 2>/dev/null) || return 0
  [[ $what == directory ]] || difference "$secrets_folder" folder "$what"
  [[ $owner == root ]] || difference "$secrets_folder owner" root "$owner"
  [[ $mode == 0700 ]] || difference "$secrets_folder mode" 0700 "$mode"
}

# secrets_mend_folder: before anything is written there. That it is no link is verified for each file.
secrets_mend_folder() {
  local at=$delivery_folder/$secrets_folder
  if [[ " ${paths[*]}" != *" $secrets_folder/"* || ! -d $at || -L $at ]]; then return; fi
  { chown root:root "$at" && chmod 0700 "$at"; } || fail secrets "cannot change '$at' (document $number); look for a read-only file system"
}

secrets_apply() {
  local -a paths
  local path sums line
  secrets_paths
  delivery_lines=()
  for path in "${paths[@]}"; do
    [[ $path == .env ]] || continue
    sums=$(secrets_content "$path" | variables_sums)
    while IFS= read -r line; do delivery_lines+=("line $line $path"); done <<<"$sums"
  done
  secrets_mend_folder
  delivery_apply secrets "${paths[@]}"
}

secrets_delete() {
  delivery_folder=$(document_value directory)
  delivery_delete
}

# secrets_content_difference <path>: which variables of the file are not as they were delivered.
secrets_content_difference() {
  local word name sum path memory
  if [[ $1 != .env ]]; then
    difference "$1" 'as it was delivered' 'changed by hand'
    return
  fi
  memory=$(memory_read secrets)
  variables_kept=()
  while IFS=' ' read -r word name sum path; do
    [[ $word != line || $path != "$1" ]] || variables_kept[$name]=$sum
  done <<<"$memory"
  variables_differences "$delivery_folder/$1" "$1" 'as it was delivered'
}

# secrets_spoiled <folder>: sets `spoiled` to the files with one secret each that are not there any more as they were delivered below the folder. Who mounts one
# has to be restarted once it is written anew.
secrets_spoiled() {
  local path
  local -a paths=()
  spoiled=()
  delivery_folder=$1
  delivery_remember secrets
  for path in "${!delivery_numbers[@]}"; do [[ $path != "$secrets_folder"/* ]] || paths+=("$path"); done
  delivery_look "${paths[@]}"
  for path in "${paths[@]}"; do
    [[ ${delivery_found_sums[$path]-} == "${delivery_sums[$path]}" ]] || spoiled+=("$1/$path")
  done
}
