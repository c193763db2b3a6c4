# shellcheck shell=bash
# The verb `files`: the files of the repository that shared services mount.

files_object() { printf files; }

files_content() { document_content files "$1" content; }
files_mode() { document_value files "$1" mode; }
files_owner() { printf root; }
files_folder_mode() { printf 0755; } # others may pass: who mounts a folder into a container is seldom root, and the stack's own directory keeps strangers out

# files_paths: sets `paths`, and where they lie.
files_paths() {
  delivery_folder=$(document_value directory)
  document_list paths files
}

files_content_difference() { difference "$1" 'as it was written' 'changed by hand'; }

files_differences() {
  local -a paths
  files_paths
  delivery_differences files "${paths[@]}"
}

files_apply() {
  local -a paths
  files_paths
  delivery_apply files "${paths[@]}"
}

files_delete() {
  delivery_folder=$(document_value directory)
  delivery_delete
}

# files_facts: what is there now of each file, for the plan of those who mount it.
files_facts() {
  local path
  delivery_folder=$(document_value directory)
  delivery_remember files
  delivery_look "${!delivery_numbers[@]}"
  for path in "${!delivery_numbers[@]}"; do
    fact file path "$path" written "${delivery_numbers[$path]}" sha256 "${delivery_found_sums[$path]:-}"
  done
}
