# shellcheck shell=bash
# `slipway status <stack>`: what runs, for people. Writes nothing.

status() {
  local id project file
  file=$(claim_file "$stack")
  if ! claim_read "$file"; then
    printf '%s is not deployed on this server\n' "$stack"
    return
  fi
  printf '%s in %s\n' "$stack" "$claim_directory"
  if [[ -e $state/lease-1.lock ]] && ! flock -n -s "$state/lease-1.lock" true; then printf 'lease: %s\n' "$(lease_holder)"; fi
  docker_read
  for id in "${docker_ids[@]}"; do
    project=${docker_facts["$id project"]}
    [[ -n $project && " ${claim_projects[*]} " == *" $project "* ]] || continue
    printf '%s\t%s\t%s\t%s\tsince %s\n' "${docker_facts["$id name"]}" "${docker_facts["$id state"]}" "${docker_facts["$id health"]:--}" \
      "${docker_facts["$id image"]}" "$(docker_since "$id")"
  done
}
