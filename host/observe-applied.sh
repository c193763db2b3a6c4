# shellcheck shell=bash
# The part of `observe` that says of each object what was applied, and what is no longer as it was.

observe_at_once=4 # documents that are compared beside each other

observe_applied() {
  local place file text running=0
  local -a workers=() files=()
  local -A sums=()
  text=$(observe_documents | base64 -w 0)
  fact documents text "$text"
  observe_sums
  place=$(mktemp -d "$presence/look.XXXXXX")
  for file in "$stack_state"/applied/*; do
    observe_head "$file" || continue
    files+=("$file")
    object_names[$object]=${file##*/}
    if ((running >= observe_at_once)); then wait -n || true; else running=$((running + 1)); fi
    observe_object "$file" >"$place/$name" 2>"$place/$name.said" &
    workers+=("$!")
  done
  ((${#workers[@]} == 0)) || wait "${workers[@]}" || true
  for file in "${files[@]}"; do # a verb of a dead run may be adding one meanwhile
    observe_head "$file" || continue
    observe_tell
  done
  rm -rf "$place"
}

observe_sums() { # sets sums, by name
  local sum file
  while read -r sum file; do sums[${file##*/}]=$sum; done < <(sha256sum -- "$stack_state"/applied/* 2>/dev/null </dev/null || true)
}

# observe_head <file>: sets what stands above the document, and its kind. A file that cannot be read is told of.
observe_head() {
  name=${1##*/}
  [[ $name != .* ]] || return 1
  if ! { read -r number && read -r hash && read -r resource && read -r object && read -r kind; } <"$1" 2>/dev/null; then
    say observe "cannot read '$1'"
    return 1
  fi
  kind=${kind#"kind: '"} kind=${kind%"'"}
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

# observe_object <file>: in a shell of its own, beside those of other objects. Prints its differences and further facts of it, a form feed after each.
observe_object() {
  docker_patience=0
  # shellcheck disable=SC2317 # an engine that did not answer just now need not be asked again by each object
  if [[ -z $engine ]]; then docker_do() { return 1; }; fi
  if ! declare -F "${kind}_differences" >/dev/null; then
    difference "$kind" 'a kind that this version knows' 'a kind of another version'
    printf '\f\f'
    return
  fi
  applied_document "$1" "${sums[$name]-none}"
  "${kind}_differences"
  printf '\f'
  if declare -F "${kind}_facts" >/dev/null; then "${kind}_facts"; fi
  printf '\f'
}

# observe_tell: what came of the object. What went wrong in it is a difference, since nobody can say that the object is as it was.
observe_tell() {
  local answer said differences facts
  answer=$(<"$place/$name") said=$(<"$place/$name.said")
  differences=${answer%%$'\f'*} facts=${answer#*$'\f'}
  if [[ $answer != *$'\f'*$'\f' ]]; then
    differences=$(difference "$object" 'can be compared' "${said##*$'\n'}") facts=$'\f'
  fi
  observe_say_object "$differences"
  printf '%s' "${facts%$'\f'}"
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
