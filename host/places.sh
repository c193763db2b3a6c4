# shellcheck shell=bash
# Where slipway keeps what it knows on a server. What must survive a restart lies below `state`, what must not (secrets, who is alive) below `run`, a tmpfs.
state=${SLIPWAY_STATE:-/var/lib/slipway}
run=${SLIPWAY_RUN:-/run/slipway}

# stack_places <project/stack>: the places of one stack; its name becomes one folder name. Makes nothing, since who only looks writes nothing.
stack_places() {
  [[ $1 =~ ^[A-Za-z0-9][A-Za-z0-9_.-]*/[A-Za-z0-9][A-Za-z0-9_.-]*$ ]] || fail stack "'$1' is not a stack of the form project/stack"
  stack=$1
  stack_state=$state/stacks/${1/\//@}
  stack_run=$run/stacks/${1/\//@}
}

# stack_of_program <path of the program>: sets `stack`, since the program of a stack lies in the stack's folder.
stack_of_program() {
  local folder=${1%/*}
  folder=${folder##*/}
  [[ $folder == *@* ]] || fail slipway "'$1' does not lie in the folder of a stack; run \`slipway up\` or \`pulumi up\`, which install it there"
  stack=${folder/@//}
}
