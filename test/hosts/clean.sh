#!/usr/bin/env bash
# Removes everything of one run of test servers: containers, volumes, networks, images, its ssh-agent and its files.
# Usage: clean.sh <run> <folder>
set -euo pipefail

run=$1
folder=$2
filter=(--filter "label=slipway.test.run=$run")

# Commands of a killed run that still talk to the engine would make something after we looked. The run's name is on each.
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

# A paused container inside of a server cannot be killed, and the server could not go before it. Version 1 of cgroups says THAWED, version 2 says 0.
thaw() {
  local server
  for server in $(docker ps -q "${filter[@]}"); do
    timeout 10 docker exec "$server" sh -c '
      find /sys/fs/cgroup -name freezer.state ! -path /sys/fs/cgroup/freezer/freezer.state -exec sh -c "echo THAWED > {}" \;
      find /sys/fs/cgroup -mindepth 2 -name cgroup.freeze -exec sh -c "echo 0 > {}" \;' > /dev/null 2>&1 || true
  done
}

# The engine's things by kind, each with the words that remove one.
sweep() {
  local found=0
  remove "docker ps -aq" "docker rm -f -v" && found=1
  remove "docker volume ls -q" "docker volume rm -f" && found=1
  remove "docker network ls -q" "docker network rm" && found=1
  remove "docker image ls -aq" "docker rmi -f" && found=1
  [ "$found" = 0 ]
}

# Succeeds if there was something, or if the engine could not say.
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
echo "test servers: something of run $run could not be removed; see: docker ps -a ${filter[*]}" >&2
exit 1
