# shellcheck shell=bash
# `observe`: one look at the server, as lines of JSON. It takes no lock, writes nothing, and asks the engine each thing once; where the engine does not answer, or
# somebody else's file cannot be read, it says the rest.

observe() {
  local info compose='' containers volumes networks remarks
  # Docker's commands take their time, so they run beside each other and the rest.
  exec {info}< <(docker_do 10 info --format "$observe_info" 2>/dev/null || true)
  exec {containers}< <(observe_read_containers 2>/dev/null || true)
  exec {volumes}< <(if docker_do 20 volume ls --format $'{{.Name}}\x1f{{.Mountpoint}}' 2>/dev/null; then echo '*'; fi)
  exec {networks}< <(if networks_list 2>/dev/null; then echo '*'; fi)
  observe_claims
  observe_lease
  observe_journal
  observe_engine "$info" "$containers"
  observe_know "$volumes" "$networks"
  exec {remarks}< <(observe_remarks)
  observe_host
  exec {info}<&- {containers}<&- {volumes}<&- {networks}<&-
  observe_directory
  observe_listeners
  observe_containers
  observe_volumes
  observe_applied
  cat <&"$remarks"
  exec {remarks}<&-
  fact observed
}

# Compose first: docker knows its own plugins, also where no engine tells the rest.
observe_info='{{range .ClientInfo.Plugins}}{{if eq .Name "compose"}}{{.Version}}{{end}}{{end}}'
observe_info+=$'\x1f{{.ServerVersion}}\x1f{{.DockerRootDir}}\x1f{{.OSType}}\x1f{{.Architecture}}'

# observe_engine <descriptor of its facts> <descriptor of its containers>: sets `engine`, `engine_folder` and `compose`, and what docker_ready, docker_read and
# drift_know would.
observe_engine() {
  local read system architecture
  engine='' engine_folder=''
  IFS=$'\x1f' read -r -u "$1" compose engine engine_folder system architecture || true
  read=$(cat <&"$2")
  docker_ids=() docker_facts=()
  if [[ -z $engine || -z $read ]]; then
    engine='' engine_folder=''
    return
  fi
  read=${read/#declare -/declare -g}
  eval "${read//$'\n'declare -/$'\n'declare -g}"
  docker_loaded=yes
  case $architecture in
    x86_64) docker_engine=$engine docker_platform=$system/amd64 ;;
    aarch64) docker_engine=$engine docker_platform=$system/arm64 ;;
    *) docker_ready || true ;;
  esac
}

# observe_know <descriptor of volumes> <descriptor of networks>: each list as far as the engine has told all of it; what it did not tell is asked again.
observe_know() {
  local name place lines
  while IFS=$'\x1f' read -r -u "$1" name place; do
    if [[ $name == '*' ]]; then volumes_known=yes; else volume_places[$name]=$place; fi
  done
  lines=$(cat <&"$2")
  if [[ $lines == *'*' ]]; then
    networks_remember <<<"${lines%$'\n*'}"
    networks_known=yes
  fi
}

# In a shell of its own, which ends without a word where no engine answers. What it prints is quoted by bash itself.
observe_read_containers() {
  local id
  local -a ids=()
  docker_need() { :; }
  docker_forget
  docker_read
  for id in "${docker_ids[@]}"; do
    [[ -z ${want_projects[${docker_facts["$id project"]:-none}]-} || ${docker_facts["$id oneoff"]} == True ]] || ids+=("$id")
  done
  if ((${#ids[@]})); then drift_know < <(docker_do 30 inspect --type container --format "$(drift_format)" "${ids[@]}" 2>/dev/null || true); fi
  declare -p docker_ids docker_facts drift_lines_of
}

observe_host() {
  local boot='' name amount total=0 available=0
  # A docker that told nothing about its plugins is asked for this one.
  [[ -n $compose ]] || compose=$(docker_do 10 compose version --short 2>/dev/null || true)
  read -r boot </proc/sys/kernel/random/boot_id
  while read -r name amount _; do
    case $name in
      MemTotal:) total=$((amount * 1024)) ;;
      MemAvailable:) available=$((amount * 1024)) ;;
    esac
  done </proc/meminfo
  fact host machine "$(machine_id)" boot "$boot" architecture "$(uname -m)" engine "$engine" compose "${compose#v}" \
    memoryTotal: "$total" memoryAvailable: "$available"
}

observe_directory() {
  local path=$want_directory real writable=false nearest
  observe_disk "$state"
  [[ -z $engine_folder ]] || observe_disk "$engine_folder"
  [[ -n $path ]] || return 0
  observe_disk "$path"
  real=$(realpath -m -- "$path")
  nearest=$(nearest_folder "$real")
  if [[ -d $nearest && -w $nearest ]]; then writable=true; fi
  fact directory path "$path" real "$real" writable: "$writable"
}

observe_disk() { # observe_disk <path>: of its nearest folder that exists
  local free size
  read -r free size < <(stat -f -c '%a %S' -- "$(nearest_folder "$1")") || return 0
  fact disk path "$1" free: "$((free * size))"
}

nearest_folder() { # nearest_folder <path>: the path itself, or the nearest above it that is there
  local at=$1
  while [[ ! -e $at && $at == */?* ]]; do at=${at%/*}; done
  printf '%s' "${at:-/}"
}

observe_claims() {
  local file json projects ports volumes networks readable
  for file in "$state"/claims-1/*; do
    if claim_read "$file"; then readable=true; else readable=false; fi
    json_list "${claim_projects[@]}" && projects=$json
    json_list "${claim_ports[@]}" && ports=$json
    json_list "${claim_volumes[@]}" && volumes=$json
    json_list "${claim_networks[@]}" && networks=$json
    fact claim stack "$claim_stack" directory "$claim_directory" real "$claim_real" \
      projects: "$projects" ports: "$ports" volumes: "$volumes" networks: "$networks" readable: "$readable"
  done
}

observe_listeners() {
  local entry port address pid command container project
  listeners_read
  for entry in "${listeners[@]}"; do
    IFS=$'\x1f' read -r port address pid command container project _ <<<"$entry"
    fact listener port "$port" address "$address" pid "$pid" command "$command" container "$container" project "$project"
  done
}

observe_containers() {
  local id project since
  for id in "${docker_ids[@]}"; do
    project=${docker_facts["$id project"]}
    [[ -n $project && -n ${want_projects[$project]:-} ]] || continue
    since=${docker_facts["$id finished"]}
    [[ ${docker_facts["$id state"]} != running ]] || since=${docker_facts["$id started"]}
    fact container project "$project" service "${docker_facts["$id service"]}" name "${docker_facts["$id name"]}" \
      image "${docker_facts["$id image"]}" state "${docker_facts["$id state"]}" health "${docker_facts["$id health"]}" \
      since "$since" restarts: "${docker_facts["$id restarts"]:-0}"
  done
}

observe_volumes() {
  local name exists cluster major
  local -A remembered=() owners=()
  ((${#want_volumes[@]})) && [[ -n $engine ]] || return 0
  observe_memories
  for name in "${!want_volumes[@]}"; do remembered[$name]=${remembered[$name]:-null}; done
  volumes_read "${!remembered[@]}" || true
  for name in "${!remembered[@]}"; do
    exists=false
    [[ -z ${volume_places[$name]:-} ]] || exists=true
    volume_look "$name" "${want_clusters[$name]:-}"
    fact volume volume "$name" exists: "$exists" cluster "$cluster" major "$major" remembered: "${remembered[$name]}" \
      owner "${owners[$name]:-}"
  done
}

# observe_memories: by volume, what this stack remembers of it, and which other stack has its data there, also one that is not deployed now.
observe_memories() {
  local file json memory data_owner data_volume data_service data_cluster data_machine
  for file in "$state"/data-1/*; do
    (data_read "$file") 2>/dev/null || continue
    data_read "$file"
    if [[ $data_owner != "$stack" ]]; then
      owners[$data_volume]=$data_owner
      continue
    fi
    json_quote "$data_service" && memory="{\"service\":$json"
    json_quote "$data_cluster" && memory+=",\"cluster\":$json"
    json_quote "$data_machine" && remembered[$data_volume]="$memory,\"machine\":$json}"
  done
}

observe_remarks() {
  local file
  file=$(applied_file claim)
  [[ ! -e $file ]] || (remarks_tell "$file") 2>/dev/null || say observe 'cannot tell what else is where the stack is'
}

observe_lease() {
  if [[ -e $state/lease-1.lock ]] && ! flock -n -s "$state/lease-1.lock" true; then fact lease holder "$(lease_holder)"; fi
}

observe_journal() {
  local line lines
  [[ -r $stack_state/journal ]] || return 0
  mapfile -t lines < <(tail -n 20 "$stack_state/journal")
  for line in "${lines[@]}"; do fact journal line "$line"; done
}
