# shellcheck shell=bash
# The verb `secrets`: files with secret values. The document has names and fingerprints; the bytes come from what the session staged. The memory keeps a sha256 of
# each line too, so that the variables which somebody changed by hand can be named without telling a value.

secrets_object() { printf secrets; }

secrets_mode() { document_value files "$1" mode; }
secrets_owner() { document_value files "$1" owner; }

secrets_content() {
  local staged
  staged=$(document_value files "$1" staged)
  [[ -e $folder/secrets/$staged ]] ||
    fail secrets "the session staged nothing as '$staged' for '$1' (document $number); run \`pulumi up\` again"
  cat "$folder/secrets/$staged"
}

secrets_paths() { # sets `paths`, and where they lie
  local names
  delivery_folder=$(document_value directory)
  names=$(document_keys files)
  paths=()
  [[ -z $names ]] || mapfile -t paths <<<"$names"
}

secrets_differences() {
  local -a paths
  secrets_paths
  delivery_differences secrets "${paths[@]}"
}

secrets_apply() {
  local -a paths
  local path sums line
  secrets_paths
  delivery_lines=()
  for path in "${paths[@]}"; do
    sums=$(secrets_content "$path" | variables_sums)
    while IFS= read -r line; do delivery_lines+=("line $line $path"); done <<<"$sums"
  done
  delivery_apply secrets "${paths[@]}"
}

secrets_delete() {
  delivery_folder=$(document_value directory)
  delivery_delete
}

# secrets_content_difference <path>: which variables of the file are not as they were delivered.
secrets_content_difference() {
  local word name sum path memory
  memory=$(memory_read secrets)
  variables_kept=()
  while IFS=' ' read -r word name sum path; do
    [[ $word != line || $path != "$1" ]] || variables_kept[$name]=$sum
  done <<<"$memory"
  variables_differences "$delivery_folder/$1" "$1" 'as it was delivered'
}
