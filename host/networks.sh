# shellcheck shell=bash
# The verb `networks`: the networks between the compose projects of one stack. A label says whose they are; others of that name are never touched.

declare -A network_owners=() # by name; `-` where the label is not ours to give
networks_known=''            # whether a look has asked for them

networks_object() { printf networks; }

networks_read() {
  local lines
  [[ -z $networks_known ]] || return 0
  lines=$(networks_list 2>/dev/null) || { docker_need networks && lines=$(networks_list); } ||
    fail networks 'the engine does not list its networks; look at its log'
  networks_remember <<<"$lines"
}

networks_list() {
  docker_do 20 network ls --format '{{.Name}} {{.Label "slipway.stack"}}'
}

networks_remember() { # from stdin
  local name owner
  network_owners=()
  while IFS=' ' read -r name owner; do
    [[ -z $name ]] || network_owners[$name]=${owner:--}
  done
}

networks_differences() {
  local name names
  networks_read
  names=$(document_keys networks)
  while IFS= read -r name; do
    [[ -n $name ]] || continue
    case ${network_owners[$name]:-} in
      "$stack" | '') [[ -n ${network_owners[$name]:-} ]] || difference "network $name" "made for $stack" missing ;;
      *) difference "network $name" "made for $stack" 'made by somebody else' ;;
    esac
  done <<<"$names"
}

networks_apply() {
  local name names
  networks_read
  names=$(document_keys networks)
  while IFS= read -r name; do
    [[ -n $name ]] || continue
    case ${network_owners[$name]:-} in
      "$stack") ;;
      '') networks_make "$name" ;;
      *) fail networks "a network '$name' is there already and is not of $stack (document $number); remove it with \`docker network rm $name\`" ;;
    esac
  done <<<"$names"
  memory_read "$object" | networks_remove "$names"
  printf '%s\n' "$names" | memory_write "$object"
}

networks_make() { # networks_make <name>
  local said
  said=$(docker_do 30 network create --label "slipway.stack=$stack" "$1" 2>&1) ||
    fail networks "cannot make '$1' (document $number): ${said##*$'\n'}; mend that and run \`pulumi up\` again"
}

# networks_remove <names to keep>: those named on stdin, if they are of this stack.
networks_remove() {
  local name said
  while IFS= read -r name; do
    if [[ -z $name || $'\n'$1$'\n' == *$'\n'$name$'\n'* || ${network_owners[$name]:-} != "$stack" ]]; then continue; fi
    said=$(docker_do 30 network rm "$name" 2>&1) ||
      fail networks "cannot remove '$name' (document $number): ${said##*$'\n'}; stop what uses it and run again"
  done
}

networks_delete() {
  networks_read
  { memory_read "$object" && document_keys networks; } | sort -u | networks_remove ''
}
