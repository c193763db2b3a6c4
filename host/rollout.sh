# shellcheck shell=bash
# The verb `rollout`: the release. A new one comes up in the colour that does not serve, passes the gate, and gets the traffic by one rename; then the old one
# goes. Killed at any step, the next run finds what is live in the head of the routes, and what each colour was made from in its mark.

rollout_object() { printf rollout; }

rollout_seconds() { printf '%s' $((2 * $(project_patience) + 600)); }

# rollout_use <colour>: sets what project.sh wants to know.
rollout_use() {
  local names service
  project=$(document_value project)-$1 project_folder=$(document_value directory)/$1
  project_env=$project_folder/.env
  project_services=()
  names=$(document_keys services)
  while IFS= read -r service; do [[ -z $service ]] || project_services+=("$service-$1"); done <<<"$names"
}

rollout_other() { # rollout_other <colour>
  if [[ $1 == blue ]]; then printf green; else printf blue; fi
}

# The mark of a colour: the hash of the document that it was made from, then the paths of its files.
rollout_mark() { printf '%s/colours/%s' "$stack_state" "$1"; }

rollout_is() { # rollout_is <colour> <hash>
  local made=''
  if [[ -f $(rollout_mark "$1") ]]; then IFS= read -r made <"$(rollout_mark "$1")" || true; fi
  [[ -n $made && $made == "$2" ]]
}

rollout_apply() {
  local volume
  docker_read release
  guard_read
  for volume in "${guard_volumes[@]}"; do guard_check "$volume"; done
  routes_settle
  rollout_find_live
  if [[ -z $live_colour ]]; then
    rollout_release blue
  elif rollout_is "$live_colour" "$hash"; then
    rollout_repair "$live_colour"
  else
    rollout_release "$(rollout_other "$live_colour")"
  fi
  for volume in "${guard_volumes[@]}"; do guard_remember "$volume"; done
}

# rollout_find_live: sets live_colour; where the routes are lost, what runs decides, and of two colours the one that was applied last.
rollout_find_live() {
  local colour
  local -a running=()
  routes_read
  [[ -z $live_colour ]] || return 0
  applied_read "$object"
  for colour in blue green; do
    docker_select project "$(document_value project)-$colour" state running
    ((${#docker_selected[@]} == 0)) || running+=("$colour")
  done
  for colour in "${running[@]}"; do
    if ((${#running[@]} == 1)) || rollout_is "$colour" "$applied_hash"; then live_colour=$colour; fi
  done
}

rollout_release() { # rollout_release <colour>
  local old=$live_colour
  say release "brings $(document_value release) up in $1"
  rollout_begin_undo "$1"
  rollout_clear "$1"
  journal rollout apply prepare
  rollout_write "$1"
  journal rollout apply up
  project_up $(($(project_patience) + 120))
  journal rollout apply gate
  gate_pass "$1"
  routes_switch "$1"
  rollout_end_undo
  say release "$1 serves $(document_value release)"
  journal rollout apply retire
  [[ -z $old ]] || rollout_clear "$old"
  rollout_remember "$1"
}

# rollout_repair <colour>: the release that serves, as its document says, without a switch.
rollout_repair() {
  rollout_use "$1"
  journal rollout apply repair
  rollout_write "$1"
  drift_remove "$(rollout_memory "$1")" "$project"
  project_remove_unwanted
  project_up $(($(project_patience) + 120))
  mounts_stale "$project" "$project_folder"
  if ((${#mounts_found[@]})); then
    docker_do 300 restart "${mounts_found[@]}" >/dev/null
    docker_forget
  fi
  gate_pass "$1" live
  routes_read
  if [[ $live_colour != "$1" ]] || ! routes_match || ! routes_answer "$live_generation" 5; then routes_switch "$1"; fi
  journal rollout apply retire
  rollout_clear "$(rollout_other "$1")"
  rollout_use "$1"
  rollout_remember "$1"
}

# While a new colour is not live, whatever ends this verb takes it down again; the old one serves on (F40).
rollout_begin_undo() { # rollout_begin_undo <colour>
  rollout_undoing=$1
  trap 'rollout_undo; verb_failed' EXIT
}

rollout_end_undo() {
  rollout_undoing=''
}

# First the routes, since the proxy may follow the new ones already; a colour that they still lead to stays, and the next run settles it.
rollout_undo() {
  local colour=$rollout_undoing before=${live_colour:-nothing}
  [[ -n $colour ]] || return 0
  set +e
  rollout_undoing=''
  if [[ -e $(routes_before) ]]; then
    routes_restore
    routes_read
    [[ -z $live_generation ]] || (routes_answer "$live_generation" 5) # until then the proxy may still ask the new colour
  fi
  routes_read
  if [[ $live_colour == "$colour" ]]; then
    say release "the routes lead to $colour, so it stays; run \`pulumi up\` again"
    return
  fi
  (rollout_clear "$colour")
  say release "$colour is down again; $before serves as before"
}

rollout_memory() { printf 'release in %s' "$1"; }

# rollout_write <colour>: its files. The mark says from then on what it is.
rollout_write() {
  local text
  local -a files secrets
  rollout_use "$1"
  project_write_env
  project_write_files
  project_write_secrets
  project_files
  project_secrets
  text=$(document_content compose && printf .)
  text=${text%.}
  printf '%s' "${text//<colour>/$1}" | project_write compose.yaml
  mkdir -p "$stack_state/colours"
  printf '%s\n' "$hash" .env compose.yaml "${files[@]}" "${secrets[@]}" | write_file "$(rollout_mark "$1")"
}

rollout_remember() { # rollout_remember <colour>
  local -a paths
  local mark
  mark=$(tail -n +2 "$(rollout_mark "$1")")
  mapfile -t paths <<<"$mark"
  rollout_use "$1"
  drift_remember "$(rollout_memory "$1")" "$project" "${paths[@]/#/$project_folder/}"
}

# rollout_clear <colour>: its containers, its network, and the files that were written for it.
rollout_clear() {
  local path mark paths
  mark=$(rollout_mark "$1")
  rollout_use "$1"
  project_remove_all
  if [[ -f $mark ]]; then
    paths=$(tail -n +2 "$mark")
    while IFS= read -r path; do
      [[ -n $path ]] || continue
      rm -f "$project_folder/$path"
      while [[ $path == */* ]] && path=${path%/*} && rmdir "$project_folder/$path" 2>/dev/null; do :; done
    done <<<"$paths"
  fi
  rm -f "$mark" "$(memory_file "$(rollout_memory "$1")")"
  rmdir "$project_folder" 2>/dev/null || true
}

rollout_differences() {
  local where other
  docker_read release
  rollout_find_live
  if [[ -z $live_colour ]]; then difference release 'a colour that serves' none && return; fi
  rollout_is "$live_colour" "$hash" || difference "$live_colour" "$(document_value release)" 'another document'
  routes_match || difference "$(routes_file)" 'as it was written' "$(routes_found)"
  rollout_use "$live_colour"
  drift_differences "$(rollout_memory "$live_colour")" "$project"
  mounts_stale "$project" "$project_folder"
  for where in "${mounts_where[@]}"; do difference "$where" 'the file as it is' 'an earlier one'; done
  other=$(document_value project)-$(rollout_other "$live_colour")
  docker_select project "$other"
  ((${#docker_selected[@]} == 0)) || difference "$other" 'no containers' "${#docker_selected[@]} containers"
}

# rollout_facts: what serves, for outputs and for a run without a release document; the images are those of the whole stack.
rollout_facts() {
  local images
  rollout_find_live
  images=$(images_applied)
  [[ -n $images ]] || images='{}'
  fact release version "$live_release" images: "$images" colour "$live_colour" since "$(rollout_since)"
}

rollout_tells() { # for the verb's answer, which names verbs by their object
  rollout_find_live
  told=(colour "$live_colour" release "$live_release" since "$(rollout_since)")
  guard_read
  guard_tells
}

rollout_since() { # when the routes were switched; the generation begins with it
  if [[ $live_generation =~ ^[0-9]+- ]]; then TZ=UTC printf '%(%Y-%m-%dT%H:%M:%SZ)T' "${live_generation%%-*}"; fi
}

rollout_delete() {
  local colour file
  docker_read release
  file=$(routes_file)
  rm -f "$file" "$(routes_before)"
  rmdir "${file%/*}" 2>/dev/null || true
  for colour in blue green; do rollout_clear "$colour"; done
}
