#!/usr/bin/env bash
# Removes everything that a run of test servers created: containers, volumes, networks, images, ssh-agent and files.
# Usage: clean.sh <run> <folder>
set -euo pipefail

run=$1
folder=$2
filter=(--filter "label=slipway.test.run=$run")

# Kills the run's docker commands that are still running, since they could create something after the removal.
# The run's name is among the arguments of each.
stop_commands() {
  local pid
  for pid in $(pgrep -x docker || true); do
    if tr '\0' '\n' < "/proc/$pid/cmdline" 2> /dev/null | grep -qF "slipway.test.run=$run"; then
      kill "$pid" 2> /dev/null || true
    fi
  done
}

stop_agent() {
  local pid
  [ -f "$folder/agent.pid" ] || return 0
  pid=$(cat "$folder/agent.pid")
  if tr '\0' '\n' < "/proc/$pid/cmdline" 2> /dev/null | grep -qxF "$folder/agent"; then kill "$pid"; fi
}

# Unpauses the containers inside the run's servers: a paused container cannot be killed, so its server could not be
# removed. The value is THAWED in version 1 of cgroups and 0 in version 2.
thaw() {
  local server
  for server in $(docker ps -q "${filter[@]}"); do
    timeout 10 docker exec "$server" sh -c '
      find /sys/fs/cgroup -name freezer.state ! -path /sys/fs/cgroup/freezer/freezer.state \
        -exec sh -c "echo THAWED > {}" \;
      find /sys/fs/cgroup -mindepth 2 -name cgroup.freeze -exec sh -c "echo 0 > {}" \;' > /dev/null 2>&1 || true
  done
}

# Removes all objects of the run from the engine; succeeds if there were none.
sweep() {
  local found=0
  remove "docker ps -aq" "docker rm -f -v" && found=1
  remove "docker volume ls -q" "docker volume rm -f" && found=1
  remove "docker network ls -q" "docker network rm" && found=1
  remove "docker image ls -aq" "docker rmi -f" && found=1
  [ "$found" = 0 ]
}

# Removes objects of one kind: remove <list command> <remove command>.
# Succeeds if there were any, or if the list command failed.
remove() {
  local -a list removal
  local ids
  read -ra list <<< "$1"
  read -ra removal <<< "$2"
  ids=$("${list[@]}" "${filter[@]}") || return 0
  [ -n "$ids" ] || return 1
  sort -u <<< "$ids" | xargs "${removal[@]}" > /dev/null 2>&1 || true
}

stop_commands
stop_agent
thaw
for _ in {1..50}; do
  if sweep; then
    rm -rf "$folder"
    exit 0
  fi
done
echo "test servers: run $run could not be removed completely; see: docker ps -a ${filter[*]}" >&2
exit 1
