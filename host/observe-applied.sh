# shellcheck shell=bash
# The part of `observe` that says of each object what was applied, and what is no longer as it was.

observe_applied() {
  local file text
  text=$(observe_documents | base64 -w 0)
  fact documents text "$text"
  for file in "$stack_state"/applied/*; do
    [[ ${file##*/} != .* ]] || continue
    (observe_object "$file") 2>/dev/null || say observe "cannot read '$file'"
  done
}

# All documents as they were applied, each below a line of form feed and object, so that one process encodes them all; no document holds a form feed.
observe_documents() {
  local file
  local -a lines
  for file in "$stack_state"/applied/*; do
    [[ ${file##*/} != .* ]] || continue
    mapfile -t lines <"$file" || continue
    printf '\f' && printf '%s\n' "${lines[@]:applied_above - 1}"
  done
} 2>/dev/null

# observe_object <file>: in a shell of its own, since it reads a document. What goes wrong in it is a difference, since nobody can say that the object is as it was.
observe_object() {
  local number hash resource object kind said code=0
  { read -r number && read -r hash && read -r resource && read -r object && read -r kind; } <"$1"
  kind=${kind#"kind: '"} kind=${kind%"'"}
  docker_patience=0
  # shellcheck disable=SC2317 # an engine that did not answer just now need not be asked again by each object
  if [[ -z $engine ]]; then docker_do() { return 1; }; fi
  if ! declare -F "${kind}_differences" >/dev/null; then
    observe_say_object "$(difference "$kind" 'a kind that this version knows' 'a kind of another version')"
    return
  fi
  said=$(observe_differences "$kind" "$1" 2>&1) || code=$?
  if ((code)); then said=$(difference "$object" 'can be compared' "${said##*$'\n'}"); fi
  observe_say_object "$said"
  if ((code == 0)) && declare -F "${kind}_facts" >/dev/null; then observe_more "$kind" "$1"; fi
}

observe_differences() { # observe_differences <kind> <file>
  document_read "$2" "$applied_above"
  "$1_differences"
}

observe_more() { # observe_more <kind> <file>: further facts of an object
  document_read "$2" "$applied_above"
  "$1_facts"
}

observe_say_object() { # observe_say_object <differences>
  local json list='' where expected found one
  while IFS=$'\t' read -r where expected found; do
    [[ -n $where ]] || continue
    json_quote "$where" && one="{\"where\":$json"
    json_quote "$expected" && one+=",\"expected\":$json"
    json_quote "$found" && list+=",$one,\"found\":$json}"
  done <<<"$1"
  fact applied object "$object" kind "$kind" resource "$resource" number "$number" hash "$hash" differences: "[${list#,}]"
}
