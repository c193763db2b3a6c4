# shellcheck shell=bash
# What was changed by hand. After a compose project was brought up, what its files and containers are is kept beside the applied document (only root may read it;
# of what may hold a secret only the sha256 is kept). Later the same is asked again and compared. Fields are separated by \x1f; a line is
#   sum <sha256 of all lines of the containers> | file <path> <mode, owner and sha256> | variable <path> <name> <sha256 of its line> | container <name> <field> <value>

declare -a drift_names=() drift_changed=() # containers that are remembered; those of them that are not as remembered
declare -A drift_kept=() drift_now=()      # values by `<name>\x1f<field>`
declare -A drift_lines_of=()               # by name of a container, what a look knows of it

# drift_remember <name of the memory> <project> <path of a file> …: what was just applied.
drift_remember() {
  local sums memory=$1 project=$2 key
  shift 2
  sums=$(drift_sums "$@")
  drift_inspect "$project"
  drift_read_now
  {
    printf 'sum\x1f%s\n' "$drift_sum"
    [[ -z $sums ]] || printf 'file\x1f%s\n' "${sums//$'\n'/$'\nfile\x1f'}"
    drift_variables "$@"
    for key in "${!drift_now[@]}"; do printf 'container\x1f%s\x1f%s\n' "$key" "${drift_now[$key]}"; done
  } | memory_write "$memory"
}

# drift_remove <name of the memory> <project>: takes away the containers that are not as they were applied, so that Compose makes them again: it would keep one
# that was changed behind its back, and stumble over one of the same name that is not its own.
drift_remove() {
  local memory name
  local -a ids=()
  memory=$(memory_read "$1")
  [[ -n $memory ]] || return 0 # a first run that was killed
  drift_compare "$2" "$memory" :
  for name in "${drift_changed[@]}"; do
    docker_select name "$name"
    ids+=("${docker_selected[@]}")
  done
  for name in "${drift_names[@]}"; do
    docker_select name "$name"
    [[ -z ${docker_selected[0]-} || ${docker_facts["${docker_selected[0]} project"]} == "$2" ]] || ids+=("${docker_selected[0]}")
  done
  drift_select_unconnected "$2"
  project_remove "${ids[@]}"
}

# drift_select_unconnected <project>: adds to `ids` the stopped containers that still name a network which is gone: whatever has its name now, they cannot start.
drift_select_unconnected() {
  local id network networks
  docker_select project "$1"
  ((${#docker_selected[@]})) || return 0
  networks=$(docker_do 20 network ls --no-trunc --quiet) || fail docker 'the engine does not list its networks; look at its log'
  for id in "${docker_selected[@]}"; do
    [[ ${docker_facts["$id state"]} != running && " ${ids[*]-} " != *" $id "* ]] || continue
    for network in ${docker_facts["$id networkids"]}; do
      [[ $networks == *"$network"* ]] || { ids+=("$id") && break; }
    done
  done
}

# drift_differences <name of the memory> <project>: a line for each thing that is not as it was applied.
drift_differences() {
  local memory name state
  memory=$(memory_read "$1")
  if [[ -z $memory ]]; then difference "$2" 'what was applied' 'nothing that is remembered' && return; fi
  drift_differences_of_files "$memory"
  drift_compare "$2" "$memory" difference
  for name in "${drift_names[@]}"; do
    docker_select name "$name"
    drift_state "$2" "$name" "${docker_selected[0]-}"
  done
}

drift_state() { # drift_state <project> <name> <id, or empty>
  local state=${docker_facts["$3 state"]-missing}
  if [[ -n $3 && ${docker_facts["$3 project"]} != "$1" ]]; then
    state='another container of that name'
  elif [[ $state == exited ]]; then
    state="exited (${docker_facts["$3 exit"]})"
  fi
  [[ $state == running ]] || { [[ $state == exited* ]] && docker_is_done "$3"; } || difference "$2" running "$state"
}

# drift_compare <project> <memory> <command for each difference: where, expected, found>: sets drift_names and drift_changed. Of a container that is gone
# nothing more is said here.
drift_compare() {
  local kind name field value key sum=''
  local -A names=() differing=() present=()
  drift_kept=()
  while IFS=$'\x1f' read -r kind name field value; do
    case $kind in
      sum) sum=$name ;;
      container) drift_kept[$name$'\x1f'$field]=$value names[$name]=1 ;;
    esac
  done <<<"$2"
  drift_names=("${!names[@]}") drift_changed=()
  drift_inspect "$1"
  [[ $sum != "$drift_sum" ]] || return 0
  drift_read_now
  for key in "${!drift_now[@]}"; do present[${key%%$'\x1f'*}]=1; done
  for key in "${!drift_kept[@]}" "${!drift_now[@]}"; do
    name=${key%%$'\x1f'*}
    [[ ${drift_kept[$key]-} != "${drift_now[$key]-}" && -n ${present[$name]-} ]] || continue
    if [[ -z ${names[$name]-} ]]; then
      [[ -n ${differing[$name]-} ]] || "$3" "$name" 'no such container' 'a container'
    elif [[ -z ${differing[$key]-} ]]; then
      drift_say "$3" "$name" "${key#*$'\x1f'}"
    fi
    differing[$name]=1 differing[$key]=1
  done
  for name in "${!differing[@]}"; do [[ $name == *$'\x1f'* ]] || drift_changed+=("$name"); done
}

drift_say() { # drift_say <command> <name> <field>
  local key=$2$'\x1f'$3 expected found
  expected=${drift_kept[$key]-none} found=${drift_now[$key]-none}
  if drift_is_secret "$3"; then # nothing that could be tried against a list of passwords
    [[ $expected == none ]] || expected='the value that was applied'
    [[ $found == none ]] || found='another value'
  fi
  "$1" "$2 $3" "$expected" "$found"
}

# drift_is_secret <field>: whether a compose file may put a value of the env file there, by `${NAME}`.
drift_is_secret() {
  [[ $1 == @(variable *|label *|command|entry point|health check|log) ]]
}

# drift_inspect <project>: sets drift_lines (`<name>\x1f<field>\x1f<value>`, all in clear text) and drift_sum.
drift_inspect() {
  local id
  local -a ids=()
  docker_select project "$1"
  for id in "${docker_selected[@]}"; do
    [[ ${docker_facts["$id oneoff"]} == True ]] || ids+=("$id")
  done
  drift_lines=''
  if ((${#ids[@]})); then
    drift_lines=$(drift_ask "${ids[@]}" | sort -u) || fail docker "the engine does not tell what its containers are; run slipway again"
    drift_lines=${drift_lines#$'\n'}
  fi
  drift_sum=$(printf '%s' "$drift_lines" | sha256sum)
  drift_sum=${drift_sum%% *}
}

drift_ask() { # drift_ask <id> …: a look has asked for all containers of its projects at once
  local id known=''
  for id; do
    if [[ -z ${drift_lines_of[${docker_facts["$id name"]}]-} ]]; then
      docker_do 30 inspect --type container --format "$(drift_format)" "$@"
      return
    fi
    known+=${drift_lines_of[${docker_facts["$id name"]}]}
  done
  printf '%s' "$known"
}

drift_know() { # from stdin, what docker prints by drift_format
  local line
  drift_lines_of=()
  while IFS= read -r line; do [[ -z $line ]] || drift_lines_of[${line%%$'\x1f'*}]+=$line$'\n'; done
}

# Lists that have an order of their own are one line, others a line for each entry.
# shellcheck disable=SC2016 # the variables are those of Docker's templates
drift_format() {
  local line='{{"\n"}}{{$name}}'$'\x1f' end=$'\x1f'
  printf '%s' '{{$name := slice .Name 1}}{{$id := slice .ID 0 12}}' \
    "${line}image$end{{.Config.Image}}" "${line}image id$end{{.Image}}" "${line}user$end{{.Config.User}}" \
    "${line}command$end{{json .Config.Cmd}}" "${line}entry point$end{{json .Config.Entrypoint}}" \
    "${line}health check$end{{json .Config.Healthcheck}}" "${line}memory$end{{.HostConfig.Memory}}" \
    "${line}log$end{{json .HostConfig.LogConfig}}" "${line}read-only$end{{.HostConfig.ReadonlyRootfs}}" \
    "${line}restart policy$end{{.HostConfig.RestartPolicy.Name}}" \
    "${line}capabilities$end{{.HostConfig.Privileged}} {{json .HostConfig.CapAdd}} {{json .HostConfig.CapDrop}}" \
    "{{range .Config.Env}}${line}variable {{index (split . \"=\") 0}}$end{{json .}}{{end}}" \
    "{{range \$label, \$value := .Config.Labels}}{{if ne \$label \"com.docker.compose.replace\"}}${line}label {{\$label}}$end{{json \$value}}{{end}}{{end}}" \
    "{{range \$port, \$ends := .HostConfig.PortBindings}}${line}port {{\$port}}$end{{range \$ends}}{{.HostIP}}:{{.HostPort}} {{end}}{{end}}" \
    "{{range .Mounts}}${line}mount {{.Destination}}$end{{.Type}} {{or .Name .Source}} {{if .RW}}rw{{else}}ro{{end}}{{end}}" \
    "{{range \$network, \$end := .NetworkSettings.Networks}}${line}network {{\$network}}$end{{range \$end.Aliases}}{{if ne . \$id}}{{.}} {{end}}{{end}}{{end}}"
}

# drift_read_now: drift_lines by name and field, what may be secret as sums.
drift_read_now() {
  local name field value
  local -a secrets=()
  drift_now=()
  while IFS=$'\x1f' read -r name field value; do
    [[ -n $name ]] || continue
    if drift_is_secret "$field"; then secrets+=("$name"$'\x1f'"$field" "$value"); fi
    if [[ $field == mount\ * && $value =~ ^volume\ [0-9a-f]{64}\  ]]; then value=${value/ [0-9a-f]* / without a name }; fi
    drift_now[$name$'\x1f'$field]=$value
  done < <(printf '%s\n' "$drift_lines") # a here-string may lie on the disk for a moment
  drift_read_secrets "${secrets[@]}"
}

# One process for hundreds of values, by files in memory.
drift_read_secrets() { # drift_read_secrets [<key> <value>] …
  local place at line sums
  local -a keys=()
  (($#)) || return 0
  place=$(mktemp -d "${folder:-$presence}/drift.XXXXXX")
  for ((at = 0; $#; at++)); do
    keys+=("$1")
    printf '%s' "$2" >"$place/$at"
    shift 2
  done
  sums=$(sha256sum "$place"/*)
  while IFS= read -r line; do
    drift_now[${keys[${line##*/}]}]=${line%% *}
  done <<<"$sums"
  rm -rf "$place"
}
