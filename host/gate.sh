# shellcheck shell=bash
# The gate before a switch: every service of a colour has answered well so many times in a row over a while, runs the image of the document, and never restarted.

gate_answers=10 # in a row, of each service; one that flaps never has so many (F37)
gate_window=3   # seconds that they take at least
gate_pause=0.2  # seconds from one probe to the next

# gate_pass <colour> [live]: returns when all services are well; ends the verb where one will not be. Containers that serve already may have restarted before. Docker is
# asked once a second, since that costs more than all probes, and once more before a colour passes.
gate_pass() {
  local colour=$1 live=${2-} began=$SECONDS asked=$SECONDS sure=1 service id names open
  local -A good=() since=() last=() most=() restarts=()
  names=$(document_keys services)
  gate_begin
  while :; do
    open=''
    while IFS= read -r service; do
      [[ -z $service ]] || gate_look || open+=" $service"
    done <<<"$names"
    if [[ -z $open ]] && ((sure)); then return 0; fi
    [[ -z $open ]] || sleep "$gate_pause"
    sure=0
    if [[ -z $open ]] || ((SECONDS > asked)); then
      docker_renew "$project"
      asked=$SECONDS sure=1
    fi
  done
}

# gate_begin: that the containers run what the document says (F38).
gate_begin() {
  local reference expected
  while IFS= read -r service; do
    [[ -n $service ]] || continue
    project_find "$service-$colour" || fail release "'$service' has no container (document $number); run \`pulumi up\` again"
    restarts[$service]=0
    [[ -z $live ]] || restarts[$service]=${docker_facts["$id restarts"]}
    reference=$(document_value services "$service" image)
    expected=$(docker_do 20 image inspect --format '{{.ID}}' "$reference") || fail release "image '$reference' is not on the server; run \`pulumi up\` again"
    [[ ${docker_facts["$id imageid"]} == "$expected" ]] ||
      fail release "'$service' runs ${docker_facts["$id image"]} instead of '$reference' (document $number); look at its compose file"
  done <<<"$names"
}

# gate_look: whether `service` has been good for long enough.
gate_look() {
  project_find "$service-$colour" || fail release "the container of '$service' is gone (document $number); run \`pulumi up\` again"
  [[ ${docker_facts["$id state"]} == @(running|created) ]] || gate_fail "is ${docker_facts["$id state"]} with exit code ${docker_facts["$id exit"]}"
  ((${docker_facts["$id restarts"]} == restarts[$service])) || gate_fail restarts # it runs again, so the engine no longer tells its exit code
  if gate_probe; then
    : "${since[$service]:=$SECONDS}"
    good[$service]=$((${good[$service]:-0} + 1))
    ((good[$service] <= ${most[$service]:-0})) || most[$service]=${good[$service]}
    ((good[$service] >= gate_answers && SECONDS - since[$service] >= gate_window))
  else
    good[$service]=0 since[$service]='' last[$service]=$probe_answer
    ((SECONDS - began < $(document_value services "$service" deadline))) ||
      gate_fail "was not well within $(document_value services "$service" deadline) s: it answered ${last[$service]}, and well at most ${most[$service]:-0} times in a row"
    return 1
  fi
}

gate_probe() {
  local address path=''
  if ! document_has services "$service" port; then # it serves nobody, so Docker's word must do
    probe_answer=${docker_facts["$id health"]}
    [[ ${probe_answer:-healthy} == healthy ]]
    return
  fi
  if document_has services "$service" health; then path=$(document_value services "$service" health); fi
  address=$(docker_address "$id") || { probe_answer='nothing: it has no address' && return 1; }
  probe_is_good "$address" "$(document_value services "$service" port)" "$path"
}

gate_fail() { # gate_fail <how it is>
  project_logs "$id"
  fail release "'$service' of $(document_value release) $1 (document $number); mend it, then release again"
}
