#!/usr/bin/env bash
# Reads each document named on stdin as a verb would. `<file>.code` is how that ended, `<file>.said` all that was read or why it was refused, `<file>.<n>` the contents.
set -euo pipefail
host=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../host" && pwd)
# shellcheck source=host/document.sh
. "$host/document.sh"
# shellcheck source=host/document-answer.sh
. "$host/document-answer.sh"

fail() { # as the program does it
  printf '%s: %s\n' "$1" "$2" >&2
  exit 1
}

walk() { # walk <name> …
  local name
  local -a names
  document_keys "$@" >"$file.keys" # a file and no pipe: this loop runs thousands of times
  mapfile -t names <"$file.keys"
  printf 'map' && printf '\t%s' "$@" && echo
  for name in "${names[@]}"; do
    path_of "$@" "$name"
    if [[ -n ${document_maps[$path]+there} ]]; then
      walk "$@" "$name"
    elif [[ -n ${document_contents[$path]+there} ]]; then
      contents=$((contents + 1))
      document_content "$@" "$name" >"$file.$contents"
      printf 'content%s\n' "$path"
    else
      printf 'value%s\t' "$path" && document_value "$@" "$name"
    fi
  done
}

path_of() { printf -v path '\t%s' "$@"; }

read_document() {
  local contents=0 path
  document_read "$file"
  document_value kind && document_value resource && document_value number && document_hash
  walk
}

while IFS= read -r file; do
  code=0
  (read_document) >"$file.said" 2>&1 || code=$?
  printf '%s' "$code" >"$file.code"
done
