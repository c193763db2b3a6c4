# shellcheck shell=bash
# The verb `directory`: the stack's own folder on the server, with owner and mode. Deleting it takes only an empty one away.

directory_object() { printf 'directory:%s' "$(document_value path)"; }

directory_matches() {
  local path
  path=$(document_value path)
  [[ -d $path && ! -L $path ]] || return 1
  [[ $(stat -c '%U %04a' "$path") == "$(document_value owner) $(document_value mode)" ]]
}

directory_apply() {
  local path owner mode
  path=$(document_value path) owner=$(document_value owner) mode=$(document_value mode)
  if [[ -e $path && ! -d $path || -L $path ]]; then fail directory "'$path' is there and is no directory; move it away"; fi
  mkdir -p "$path"
  chown "$owner" "$path"
  chmod "$mode" "$path"
  directory_matches || fail directory "'$path' is not as it was written; is its file system read-only?"
}

directory_delete() {
  local path
  path=$(document_value path)
  rmdir "$path" 2>/dev/null || say directory "keeps '$path', which is not empty"
}
