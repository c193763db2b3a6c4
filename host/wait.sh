# shellcheck shell=bash
# Waiting until the containers of a project are well, by Docker's own word: running, and healthy where they have a health check.

wait_settle=2 # seconds that a new container without a health check must run before it counts as well

# wait_ready <service> <seconds> …: each service within its own seconds; what exits or restarts fails at once (F35).
wait_ready() {
  local began=$SECONDS service id at pending
  local -a wanted=("$@")
  local -A restarts=()
  while :; do
    pending=0
    for ((at = 0; at < ${#wanted[@]}; at += 2)); do
      service=${wanted[at]}
      wait_look || pending=1
    done
    ((pending)) || break
    events_await "$project"
    docker_renew "$project"
  done
  events_end
}

# wait_look: whether `service` is well; ends the verb where it never will be.
wait_look() {
  local health
  project_find "$service" || fail "$project" "'$service' has no container (document $number); run \`pulumi up\` again"
  health=${docker_facts["$id health"]}
  : "${restarts[$id]:=${docker_facts["$id restarts"]}}"
  if docker_is_done "$id"; then return 0; fi
  case ${docker_facts["$id state"]} in
    running) ;;
    created) health=created ;;
    *) wait_fail "is ${docker_facts["$id state"]} with exit code ${docker_facts["$id exit"]}" ;;
  esac
  ((${docker_facts["$id restarts"]} == restarts[$id])) || wait_fail restarts # it runs again, so the engine no longer tells its exit code
  if [[ $health == healthy || -z $health ]] && { [[ -n $health ]] || wait_settled; }; then return 0; fi
  ((SECONDS - began < wanted[at + 1])) || wait_fail "is ${health:-not ready} after ${wanted[at + 1]} s"
  return 1
}

# wait_settled: one that ran before this verb began has proved itself.
wait_settled() {
  ((SECONDS - began >= wait_settle)) || [[ ${docker_facts["$id started"]} < $wait_since ]]
}
wait_since=$(TZ=UTC printf '%(%Y-%m-%dT%H:%M:%S)T' -1) # when this program began

wait_fail() { # wait_fail <how it is>
  project_logs "$id"
  fail "$project" "'$service' $1 (document $number); mend it, then run \`pulumi up\` again"
}
