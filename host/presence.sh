# shellcheck shell=bash
# Who is at work for this stack: each run and each verb has a folder of its own in memory, and holds its lock as long as it lives. What a dead one left is told
# apart by that lock, however it died.

# presence_open <run|verb>: sets `presence`, the folder. It gets its name only when it is locked, so that nobody sweeps it in between.
presence_open() {
  local new
  [[ -d $stack_run ]] || mkdir -p "$stack_run"
  new=$(mktemp -d "$stack_run/new.XXXXXX")
  exec {presence_fd}<>"$new/lock"
  flock "$presence_fd"
  presence=$stack_run/$1.${new##*.}
  mv -T "$new" "$presence"
}

# presence_lives <folder>: whether somebody holds its lock, which is the only thing that flock tells by 1. The folder may go at any moment.
presence_lives() {
  local code=0
  { flock -n -s 9 || code=$?; } 2>/dev/null 9<"$1/lock" || return 1
  ((code == 1))
}

presence_sweep() { # presence_sweep <run|verb>
  local left
  for left in "$stack_run/$1".*; do
    presence_lives "$left" || rm -rf "$left"
  done
}

# run_touch <object>: remembers for every living run of the stack that the object is as it wants it, so that a delete of the same run leaves it alone.
run_touch() {
  local left name
  name=$(object_name "$1")
  for left in "$stack_run"/run.*; do
    presence_lives "$left" || continue
    # A run that is just ending takes its folder away and deletes nothing any more.
    { : >"$left/touched/$name"; } 2>/dev/null || [[ ! -d $left/touched ]] ||
      fail run "cannot note in '$left' that $1 was touched; look for a full disk"
  done
}

# run_touched <object>: by a run that still is there, not one whose connection was cut and which does not know yet: its delete is another run's, or nobody's.
run_touched() {
  local left name
  name=$(object_name "$1")
  for left in "$stack_run"/run.*; do
    if [[ -e $left/touched/$name ]] && run_speaks "$left"; then return 0; fi
  done
  return 1
}

# run_speaks <folder of a run>: waits until the run is heard again, which it is every few seconds, or is gone.
run_speaks() {
  : >"$presence/asked"
  while presence_lives "$1"; do
    [[ ! $1/heard -nt $presence/asked ]] || return 0
    sleep 0.2
  done
  return 1
}

# session_find: sets `session` to the folder of the living run that holds the lease; fails where there is none.
session_find() {
  session=''
  local left
  for left in "$stack_run"/run.*; do
    if [[ -e $left/session ]] && presence_lives "$left"; then session=$left && return 0; fi
  done
  return 1
}

declare -A object_names=() # those that are known already

# object_name <object>: as the name of a file.
object_name() {
  local sum=${object_names[$1]-}
  [[ -n $sum ]] || sum=$(printf '%s' "$1" | sha256sum)
  printf '%s' "${sum%% *}"
}
