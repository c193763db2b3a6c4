# shellcheck shell=bash
# Where slipway keeps what it knows on a server. What must survive a restart lies below `state`, what must not (secrets, who is alive) below `run`, a tmpfs.
state=${SLIPWAY_STATE:-/var/lib/slipway}
run=${SLIPWAY_RUN:-/run/slipway}

# stack_places <project/stack>: the places of one stack; its name becomes one folder name.
stack_places() {
  [[ $1 =~ ^[A-Za-z0-9][A-Za-z0-9_.-]*/[A-Za-z0-9][A-Za-z0-9_.-]*$ ]] || fail stack "'$1' is not a stack of the form project/stack"
  stack=$1
  stack_state=$state/stacks/${1/\//@}
  stack_run=$run/stacks/${1/\//@}
  mkdir -p "$stack_state" "$stack_run"
}
