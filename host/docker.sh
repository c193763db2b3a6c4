# shellcheck shell=bash
# The only way to the Docker engine. Every call has a deadline and an environment of its own, so that neither a login's variables nor root's own settings change
# what Compose does. What runs is asked once per process: `docker_read`, then `docker_select` and `docker_fact`; who changes containers calls `docker_forget`.

docker_settings=/nonexistent # the folder of Docker's own settings; a pull with a login names another one
docker_patience=20           # seconds for an engine that restarts (F25)
docker_loaded=''             # whether docker_read has read
declare -a docker_ids=() docker_selected=()
declare -A docker_facts=() # by `<id> <field>`

docker_do() { # docker_do <seconds> <words of docker …>
  timeout --kill-after=5 "$1" env -i LC_ALL=C HOME=/nonexistent PATH="$PATH" DOCKER_CONFIG="$docker_settings" docker "${@:2}" </dev/null
}

# docker_ready: whether the engine answers; sets docker_engine to its version and docker_platform, or docker_problem to its own words.
docker_ready() {
  local answer
  docker_problem='' docker_engine='' docker_platform=''
  if answer=$(docker_do 10 version --format '{{.Server.Version}} {{.Server.Os}}/{{.Server.Arch}}' 2>&1); then
    docker_engine=${answer% *} docker_platform=${answer##* }
  else
    docker_problem=${answer:-no answer within 10 s}
    return 1
  fi
}

docker_need() { # docker_need <phase>: waits a while for an engine that restarts; one that has answered is not asked again
  local until=$((SECONDS + docker_patience))
  [[ -z ${docker_engine-} ]] || return 0
  until docker_ready; do
    ((SECONDS < until)) || fail "$1" "the Docker engine does not answer: ${docker_problem##*$'\n'}; start it, then run slipway again"
    sleep 1
  done
}

# What docker_fact knows of a container, in the order of the format below. `networks` are `<network>=<address>` and `ports` are `<address>:<port>`, separated by
# spaces, as `volumes` and `networkids` are; `binds` are `<source>` and `<target>` of each mounted path, each ended by a \x1e. `since` is when the state began, as far as Docker knows.
docker_fields=(name project service number oneoff image imageid state health exit started finished restarts pid policy hash networks ports binds volumes networkids)

# shellcheck disable=SC2016 # the variables are those of Docker's templates
docker_format() { # by the names of Go, not of the JSON: .ID, .HostIP
  local label='{{index .Config.Labels "com.docker.compose.' fields field
  fields=('{{slice .Name 1}}' "${label}project\"}}" "${label}service\"}}" "${label}container-number\"}}" "${label}oneoff\"}}" '{{.Config.Image}}' '{{.Image}}'
    '{{.State.Status}}' '{{with .State.Health}}{{.Status}}{{end}}' '{{.State.ExitCode}}' '{{.State.StartedAt}}' '{{.State.FinishedAt}}' '{{.RestartCount}}'
    '{{.State.Pid}}' '{{.HostConfig.RestartPolicy.Name}}' "${label}config-hash\"}}" '{{range $name, $end := .NetworkSettings.Networks}}{{$name}}={{$end.IPAddress}} {{end}}'
    '{{range .NetworkSettings.Ports}}{{range .}}{{.HostIP}}:{{.HostPort}} {{end}}{{end}}'
    '{{range .Mounts}}{{if eq .Type "bind"}}{{.Source}}'$'\x1e''{{.Destination}}'$'\x1e''{{end}}{{end}}'
    '{{range .Mounts}}{{if eq .Type "volume"}}{{.Name}} {{end}}{{end}}' '{{range .NetworkSettings.Networks}}{{.NetworkID}} {{end}}')
  printf '{{.ID}}'
  for field in "${fields[@]}"; do printf '\x1f%s' "$field"; done
}

# docker_read [phase]: all containers of the engine, once in this process unless docker_forget was called. An engine that restarts is waited for.
docker_read() {
  [[ -z $docker_loaded ]] || return 0
  if ! docker_list; then
    docker_engine=''
    docker_need "${1:-docker}"
    docker_list || fail "${1:-docker}" 'the Docker engine does not list its containers; look at its log, then run slipway again'
  fi
  docker_loaded=yes
}

docker_list() {
  local ids
  docker_ids=() docker_facts=()
  ids=$(docker_do 30 ps --all --quiet --no-trunc 2>/dev/null) || return 1
  [[ -n $ids ]] || return 0
  mapfile -t ids <<<"$ids"
  docker_inspect "${ids[@]}"
}

# docker_renew <project>: its containers as they are by now; where nothing else is made meanwhile, that spares a list of all.
docker_renew() {
  local id
  local -a others=()
  if [[ -z $docker_loaded ]]; then
    docker_read
    return
  fi
  docker_select project "$1"
  for id in "${docker_ids[@]}"; do
    [[ ${docker_facts["$id project"]} == "$1" ]] || others+=("$id")
  done
  docker_ids=("${others[@]}")
  ((${#docker_selected[@]} == 0)) || docker_inspect "${docker_selected[@]}" || docker_forget
}

docker_inspect() { # docker_inspect <id> …: adds to docker_ids and docker_facts
  local lines line
  # A container that is gone since the list was made is no container; docker inspect says so and prints the others.
  lines=$(docker_do 30 inspect --type container --format "$(docker_format)" "$@" 2>/dev/null) || [[ -n $lines ]] || return 1
  while IFS= read -r line; do
    [[ $line != [0-9a-f]*$'\x1f'* ]] || docker_remember "$line"
  done <<<"$lines"
}

docker_remember() { # docker_remember <line of docker_format>
  local -a values
  local at
  IFS=$'\x1f' read -r -a values <<<"$1"
  docker_ids+=("${values[0]}")
  for at in "${!docker_fields[@]}"; do docker_facts["${values[0]} ${docker_fields[at]}"]=${values[at + 1]-}; done
}

docker_forget() {
  docker_loaded=''
}

# docker_select <field> <value> [<field> <value> …]: sets docker_selected to the ids of the containers with these facts.
docker_select() {
  local id
  docker_read
  docker_selected=()
  for id in "${docker_ids[@]}"; do
    docker_matches "$id" "$@" && docker_selected+=("$id")
  done
  return 0
}

docker_matches() { # docker_matches <id> <field> <value> …
  local id=$1
  shift
  while (($# >= 2)); do
    [[ ${docker_facts["$id $1"]-} == "$2" ]] || return 1
    shift 2
  done
}

# docker_is_done <id>: whether it was a job, which has ended well and is not started again.
docker_is_done() {
  [[ ${docker_facts["$1 state"]} == exited && ${docker_facts["$1 exit"]} == 0 && ${docker_facts["$1 policy"]} == @(|no|on-failure) ]]
}

# docker_address <id> [network]: its address in that network, or in any.
docker_address() {
  local entry
  for entry in ${docker_facts["$1 networks"]-}; do
    [[ $entry == "${2-${entry%%=*}}="?* ]] && printf '%s' "${entry#*=}" && return
  done
  return 1
}
