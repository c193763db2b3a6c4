# shellcheck shell=bash
# The last part of the program: which verb was asked for. `program` is the file that runs, for the half of a verb that works detached.
program=${BASH_SOURCE[0]}

main() { # main <verb> [words …]; attend and detached name their stack, other verbs are run by the program of one
  local verb=${1:-}
  case $verb in
    attend | detached) stack=${2:-} ;;
    *) stack_of_program "$program" ;;
  esac
  stack_places "$stack"
  case $verb in
    attend) attend ;;
    detached) verb_detached "${@:3}" ;;
    claim | directory | files | secrets | networks | volume | images | compose | migration | rollout) main_verb "$@" ;;
    *) fail slipway "there is no verb '$verb'" ;;
  esac
}

main_verb() { # main_verb <verb> <apply|delete>
  case ${2:-} in
    apply | delete) "verb_$2" "$1" ;;
    *) fail "$1" "knows apply and delete, got '${2:-}'" ;;
  esac
}

main "$@"
