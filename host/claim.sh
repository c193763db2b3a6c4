# shellcheck shell=bash
# The verb `claim`: directory, projects, ports, volumes and networks belong to this stack alone, as long as it is deployed (A5).

# shellcheck disable=SC2034 # they are read by the words that their names are made of
declare -a wanted_projects=() wanted_ports=() wanted_volumes=() wanted_networks=()

claim_object() { printf claim; }

claim_differences() {
  local file wanted found='' line
  file=$(claim_file "$stack")
  wanted=$(claim_lines)
  if [[ -e $file ]]; then found=$(<"$file"); fi
  [[ $found != "$wanted" ]] || return 0
  while IFS= read -r line; do
    claim_has_line "$line" "$found" || difference "claim ${line% *}" "$line" missing
  done <<<"$wanted"
  [[ -n $found ]] || return 0
  while IFS= read -r line; do
    claim_has_line "$line" "$wanted" || difference "claim ${line% *}" 'nothing of the kind' "$line"
  done <<<"$found"
}

claim_has_line() { [[ $'\n'$2$'\n' == *$'\n'"$1"$'\n'* ]]; }

claim_apply() {
  local problems
  docker_read
  problems=$(claim_problems)
  if [[ -n $problems ]]; then
    printf '%s\n' "$problems" >&2
    exit 1
  fi
  mkdir -p "$state/claims-1"
  claim_lines | write_file "$(claim_file "$stack")"
}

claim_delete() {
  rm -f "$(claim_file "$stack")" || fail claim "cannot free the claim of $stack (document $number); look for a read-only file system"
}

# claim_problems: everything that stands in the way, one a line.
claim_problems() {
  local file
  claim_wanted
  for file in "$state"/claims-1/*; do
    [[ $file != "$(claim_file "$stack")" ]] || continue
    if claim_read "$file"; then
      claim_compare
    else
      say claim "the claim of $claim_stack cannot be read, so nothing more may be claimed; restore '$file', or remove it if that stack is gone"
    fi
  done 2>&1
  claim_foreign_listeners 2>&1
  claim_foreign_projects 2>&1
}

claim_wanted() { # sets what the document wants
  local word
  wanted_directory=$(document_value directory)
  wanted_real=$(realpath -m -- "$wanted_directory")
  for word in projects ports volumes networks; do document_list "wanted_$word" "$word"; done
}

claim_compare() {
  local word name
  if claim_overlaps "$wanted_real" "$claim_real" || claim_overlaps "$wanted_directory" "$claim_directory"; then
    claim_taken directory "$wanted_directory" "${claim_real:-$claim_directory}"
  fi
  for word in project port volume network; do
    local -n wanted_names=wanted_${word}s claim_names=claim_${word}s
    for name in "${wanted_names[@]}"; do
      [[ " ${claim_names[*]} " != *" $name "* ]] || claim_taken "$word" "$name" "$name"
    done
  done
}

claim_overlaps() { # claim_overlaps <path> <path>
  [[ -n $1 && -n $2 && ($1/ == "$2"/* || $2/ == "$1"/*) ]]
}

claim_taken() { # claim_taken <what> <wanted> <theirs>
  say claim "$1 '$2' belongs to $claim_stack, which holds '$3' (document $number); choose another, so that the two stacks share nothing"
}

# A port is foreign if who listens there is neither a container of a project of ours nor of a stack whose claim was compared already.
claim_foreign_listeners() {
  local port address pid command container project owner entry
  declare -A want_ports=()
  for port in "${wanted_ports[@]}"; do want_ports[$port]=1; done
  listeners_read
  for entry in "${listeners[@]}"; do
    IFS=$'\x1f' read -r port address pid command container project _ <<<"$entry"
    [[ -z $project || " ${wanted_projects[*]} " != *" $project "* ]] || continue
    owner="process ${pid:-unknown} (${command:-unknown})"
    [[ -z $container ]] || owner="container $container${project:+ of project $project}"
    say claim "port '$port' is in use on $address by $owner (document $number); choose another port, or stop what uses it"
  done
}

# Containers of a project that this stack neither claimed before nor made. What it claimed says the document, since its file may have been edited by hand.
claim_foreign_projects() {
  local project before
  claim_read "$(claim_file "$stack")" || true
  before=" ${claim_projects[*]} $(claim_projects_before) "
  for project in "${wanted_projects[@]}"; do
    [[ $before != *" $project "* && ! -e $(applied_file "compose:$project") ]] || continue
    docker_select project "$project"
    ((${#docker_selected[@]} == 0)) ||
      say claim "containers of a compose project '$project' that slipway did not make are there (document $number); choose another project, or remove them with \`docker compose --project-name $project down\`, which keeps volumes"
  done
}

# claim_protects: tells whether the claim that was applied last marks the stack as protected. Only names at the top of a
# document have no indent.
claim_protects() {
  local file text
  file=$(applied_file claim)
  [[ -e $file ]] || return 1
  text=$(<"$file")
  claim_has_line "protected: 'true'" "$text"
}

# claim_projects_before: of the claim that was applied last; in a shell of its own, since it reads another document.
claim_projects_before() (
  local file names
  file=$(applied_file claim)
  [[ -e $file ]] || return 0
  document_read "$file" "$applied_above"
  names=$(document_keys projects)
  printf '%s' "${names//$'\n'/ }"
)
