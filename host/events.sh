# shellcheck shell=bash
# Word of what becomes of a project's containers: who waits for one looks again at once, and not several times a second.

events_patience=1 # seconds without a word, after which one looks all the same
events_life=20    # seconds after which a listener ends by itself, should nobody be left to end it
events_fd='' events_pid=''

# events_await <project>: returns when something has become of its containers, or after a while. What is told while nobody listens yet is not heard.
events_await() {
  [[ -n $events_pid ]] || events_begin "$1"
  if IFS= read -r -t "$events_patience" -u "$events_fd" _; then
    while IFS= read -r -t 0.05 -u "$events_fd" _; do :; done # what comes together is looked at once
  elif (($? <= 128)); then # the engine restarts, or has nothing more to say
    events_end
    sleep 0.3
  fi
}

events_begin() { # events_begin <project>
  exec {events_fd}< <(events_tell "$1")
  events_pid=$!
}

# In a process of its own, which must not keep the locks of this one open.
events_tell() { # events_tell <project>
  local kind descriptor
  local -a kinds=()
  for descriptor in "/proc/$BASHPID/fd/"*; do
    descriptor=${descriptor##*/}
    ((descriptor <= 2)) || exec {descriptor}>&-
  done
  for kind in health_status die start destroy; do kinds+=(--filter "event=$kind"); done
  exec timeout --kill-after=5 "$events_life" env -i LC_ALL=C HOME=/nonexistent PATH="$PATH" DOCKER_CONFIG="$docker_settings" \
    docker events --filter type=container --filter "label=com.docker.compose.project=$1" "${kinds[@]}" --format '{{.Action}}' </dev/null 2>/dev/null
}

events_end() {
  [[ -n $events_pid ]] || return 0
  kill "$events_pid" 2>/dev/null || true
  exec {events_fd}<&-
  events_pid=''
}
