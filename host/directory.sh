# shellcheck shell=bash
# The verb `directory`: the stack's own folder on the server, with owner and mode. Deleting it takes away what it made, as far as that is empty.

directory_object() {
  local path
  path=$(document_value path)
  printf 'directory:%s' "$path"
}

directory_read() { # sets `path`, `owner` and `mode`
  path=$(document_value path)
  owner=$(document_value owner)
  mode=$(document_value mode)
}

directory_differences() {
  local path owner mode expected found
  directory_read
  expected="$owner $mode"
  if [[ -L $path || ! -e $path ]]; then
    found=$([[ -L $path ]] && echo link || echo missing)
  else
    found=$(stat -c '%U %04a %F' "$path")
  fi
  [[ $found == "$expected directory" ]] || difference "$path" "$expected directory" "$found"
}

directory_apply() {
  local path owner mode differences
  directory_read
  if [[ -e $path && ! -d $path || -L $path ]]; then fail directory "'$path' is there and is no directory; move it away (document $number)"; fi
  directory_make "$path"
  { chown "$owner" "$path" && chmod "$mode" "$path"; } ||
    fail directory "cannot change '$path' (document $number); look for a read-only file system"
  differences=$(directory_differences)
  [[ -z $differences ]] || fail directory "'$path' is not as document $number wrote it; look for a read-only file system"
}

# directory_make <path>: remembers each folder that was not there, outermost first, so that a delete takes away those and no other.
directory_make() {
  local at=$1 made
  local -a missing=()
  while [[ ! -e $at ]]; do
    missing=("$at" "${missing[@]}")
    at=${at%/*}
    at=${at:-/}
  done
  made=$(memory_read "$object")
  printf '%s\n' "$made" "${missing[@]}" | memory_write "$object"
  mkdir -p "$1" || fail directory "cannot make '$1' (document $number); look for a full disk or a read-only file system"
}

directory_delete() {
  local path i memory
  local -a made
  path=$(document_value path)
  memory=$(memory_read "$object")
  mapfile -t made <<<"$memory"
  for ((i = ${#made[@]} - 1; i >= 0; i--)); do
    if [[ -z ${made[i]} || ! -d ${made[i]} ]]; then continue; fi
    rmdir "${made[i]}" 2>/dev/null || break
  done
  if [[ -e $path ]]; then say directory "keeps '$path', which is not empty or was there before"; fi
}
