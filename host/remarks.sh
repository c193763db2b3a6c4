# shellcheck shell=bash
# What is where this stack is, and not of this stack: files and folders in its directory, containers that use what is its own, processes on its ports or in its
# directory. People are told of it; nothing here is a difference, and nothing of it is ever touched.

remarks_most=50 # told; of more only the number
remarks_count=0

# remarks_tell <file of the applied claim>: which says what the stack holds.
remarks_tell() {
  local sum
  sum=$(sha256sum <"$1")
  applied_document "$1" "${sum%% *}"
  claim_wanted
  shopt -s dotglob
  remarks_know_files
  remarks_files "$wanted_directory"
  remarks_containers
  remarks_listeners
  remarks_workers
  ((remarks_count <= remarks_most)) || fact remark where "$wanted_directory" found "$((remarks_count - remarks_most)) more things that are not of this stack"
}

remark() { # remark <where> <found>
  remarks_count=$((remarks_count + 1))
  ((remarks_count > remarks_most)) || fact remark where "$1" found "$2"
}

# --- files ---

declare -A remarks_known=() # by path: `itself` of what documents wrote or containers of the stack mount, `above` of the folders above that

# remarks_know_files: what the memories of the verbs name, which begin with it, and the marks of the colours.
remarks_know_files() {
  local memory line path colour
  for memory in "$stack_state"/memory/*; do
    while IFS= read -r line; do
      case $line in
        container*) break ;;
        'file '*) remarks_know "$wanted_directory/${line#file * * }" ;;
        $'file\x1f'*) line=${line#$'file\x1f'} && remarks_know "${line%%$'\x1f'*}" ;;
      esac
    done <"$memory"
  done
  for colour in blue green; do
    [[ -f $stack_state/colours/$colour ]] || continue
    while IFS= read -r path; do remarks_know "$wanted_directory/$colour/$path"; done < <(tail -n +2 "$stack_state/colours/$colour")
  done
  for path in routes.yaml routes.before; do remarks_know "$wanted_directory/proxy/dynamic/$path"; done
  remarks_know_mounts
}

# A container of the stack may mount a folder of the server itself that lies in the stack's directory.
remarks_know_mounts() {
  local id at
  local -a binds
  for id in "${docker_ids[@]}"; do
    remarks_is_project "${docker_facts["$id project"]}" || continue
    IFS=$'\x1e' read -r -a binds <<<"${docker_facts["$id binds"]}"
    for ((at = 0; at < ${#binds[@]}; at += 2)); do remarks_know "${binds[at]}"; done
  done
}

remarks_know() { # remarks_know <path>
  local path=$1 what=itself
  while [[ $path == "$wanted_directory"/* && -z ${remarks_known[$path]-} ]]; do
    remarks_known[$path]=$what
    path=${path%/*} what=above
  done
}

remarks_files() { # remarks_files <folder>: of what is not known only the top is told
  local path
  for path in "$1"/*; do
    if [[ -z ${remarks_known[$path]-} ]]; then
      [[ ${path##*/} == .slipway.tmp.* ]] || remark "$path" "$(remarks_form "$path") that slipway did not write"
    elif [[ ${remarks_known[$path]} == above && -d $path && ! -L $path ]]; then
      remarks_files "$path"
    fi
  done
}

remarks_form() { # remarks_form <path>
  if [[ -L $1 ]]; then
    printf 'a link'
  elif [[ -d $1 ]]; then
    printf 'a folder'
  else
    printf 'a file'
  fi
}

# --- containers ---

remarks_is_project() { [[ -n $1 && " ${wanted_projects[*]} " == *" $1 "* ]]; }

remarks_containers() {
  local id project found
  for id in "${docker_ids[@]}"; do
    project=${docker_facts["$id project"]}
    if remarks_is_project "$project"; then
      [[ ${docker_facts["$id oneoff"]} == True && $project != *-migration ]] || continue
      found=', run by hand'
    else
      remarks_uses
      [[ -n $found ]] || continue
    fi
    remark "container ${docker_facts["$id name"]}" "${docker_facts["$id image"]}${project:+ of project $project}$found"
  done
}

# remarks_uses: sets `found` to what the container `id` uses of the stack.
remarks_uses() {
  local name at
  local -a binds
  found=''
  for name in ${docker_facts["$id networks"]}; do
    name=${name%%=*}
    if [[ " ${wanted_networks[*]} " == *" $name "* ]] || remarks_is_project "${name%_*}"; then found+=", in network $name"; fi
  done
  for name in ${docker_facts["$id volumes"]}; do
    [[ " ${wanted_volumes[*]} " != *" $name "* ]] || found+=", with volume $name"
  done
  IFS=$'\x1e' read -r -a binds <<<"${docker_facts["$id binds"]}"
  for ((at = 0; at < ${#binds[@]}; at += 2)); do
    [[ ${binds[at]}/ != "$wanted_directory"/* ]] || found+=", with ${binds[at]}"
  done
}

# --- processes ---

# remarks_listeners: who listens on another address of a port that a container publishes; where none does, it is a problem of its own.
remarks_listeners() {
  local id entry inode address port
  local -A published=() inodes=() ours=() taken=()
  for id in "${docker_ids[@]}"; do
    for entry in ${docker_facts["$id ports"]}; do ours[$entry]=1 taken[${entry##*:}]=1; done
  done
  want_ports=()
  for port in "${wanted_ports[@]}"; do [[ -z ${taken[$port]-} ]] || want_ports[$port]=1; done
  listeners=()
  listeners_of_processes /proc/net/tcp
  listeners_of_processes /proc/net/tcp6
  for inode in "${!inodes[@]}"; do
    listeners_address "${inodes[$inode]#*$'\x1f'}"
    [[ -z ${ours["$address:${inodes[$inode]%%$'\x1f'*}"]-} ]] || unset -v "inodes[$inode]"
  done
  ((${#inodes[@]})) || return 0
  listeners_name_processes
  for entry in "${listeners[@]}"; do
    IFS=$'\x1f' read -r port address id entry _ <<<"$entry"
    remark "port $port" "process ${id:-unknown} (${entry:-unknown}) listens on $address"
  done
}

# remarks_workers: whose working directory lies in the stack's, outside of containers.
remarks_workers() {
  local line pid name
  while IFS= read -r line; do
    [[ $line == *" -> $wanted_directory"* && "${line##* -> }/" == "$wanted_directory"/* ]] || continue
    pid=${line% -> *} pid=${pid##*/proc/} pid=${pid%/cwd} name=''
    [[ /proc/$pid/root -ef / ]] || continue
    if { read -r name <"/proc/$pid/comm"; } 2>/dev/null; then :; fi
    remark "${line##* -> }" "process $pid (${name:-unknown}) works there"
  done < <(ls -l /proc/[0-9]*/cwd 2>/dev/null || true)
}
