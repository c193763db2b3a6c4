# shellcheck shell=bash
# The last part of the program: which verb was asked for. `program` is the file that runs, for the half of a verb that works detached.
program=${BASH_SOURCE[0]}

main() { # main <verb> <stack> [words …]
  local verb=$1
  stack_places "$2"
  shift 2
  case $verb in
    session) session_open "$@" ;;
    detached) verb_detached "$@" ;;
    directory)
      case ${1:-} in
        apply | delete) "verb_$1" "$verb" ;;
        *) fail "$verb" "knows apply and delete, got '${1:-}'" ;;
      esac
      ;;
    *) fail slipway "there is no verb '$verb'" ;;
  esac
}

main "$@"
