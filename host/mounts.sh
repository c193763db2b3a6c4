# shellcheck shell=bash
# Files that containers mount one by one: a container keeps the file that was there when it started, whatever is renamed into its place.

# mounts_stale <project> <folder>: sets `mounts_found` to the ids of running containers that see another file than the one below the folder, and
# `mounts_where` to `<name> <target>` for each of these files.
mounts_stale() {
  local id at
  local -a binds
  mounts_found=() mounts_where=()
  docker_select project "$1" state running
  for id in "${docker_selected[@]}"; do
    IFS=$'\x1e' read -r -a binds < <(printf '%s\n' "${docker_facts["$id binds"]}")
    for ((at = 0; at + 1 < ${#binds[@]}; at += 2)); do
      if [[ ${binds[at]} == "$2"/* ]] && mounts_differ "${binds[at]}" "/proc/${docker_facts["$id pid"]}/root" "${binds[at + 1]}"; then
        [[ ${mounts_found[*]-} == *"$id" ]] || mounts_found+=("$id")
        mounts_where+=("${docker_facts["$id name"]} ${binds[at + 1]}")
      fi
    done
  done
}

# mounts_of <project> <path> …: adds to `mounts_where` where running containers mount these files.
mounts_of() {
  local id at where
  local -a binds
  local -A asked=() known=()
  (($# > 1)) || return 0
  for where in "${@:2}"; do asked[$where]=1; done
  for where in "${mounts_where[@]}"; do known[$where]=1; done
  docker_select project "$1" state running
  for id in "${docker_selected[@]}"; do
    IFS=$'\x1e' read -r -a binds < <(printf '%s\n' "${docker_facts["$id binds"]}")
    for ((at = 0; at + 1 < ${#binds[@]}; at += 2)); do
      where="${docker_facts["$id name"]} ${binds[at + 1]}"
      [[ -z ${asked[${binds[at]}]-} || -n ${known[$where]-} ]] || mounts_where+=("$where")
    done
  done
}

# mounts_differ <source> <root of the container> <target>: the same file has the same device and inode. Links inside of the container would lead to files of the
# server, so what lies behind one counts as fresh.
mounts_differ() {
  local part path=$2 parts
  IFS=/ read -r -a parts <<<"${3#/}"
  for part in "${parts[@]}"; do
    path+=/$part
    [[ ! -L $path ]] || return 1
  done
  [[ -e $1 && -e $path ]] || return 1
  [[ ! $1 -ef $path ]]
}
