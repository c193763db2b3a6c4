# shellcheck shell=bash
# Who listens on a wanted port: containers as the engine knows them, processes as the kernel does. Of a process only its name is told: its words may hold secrets.

declare -a listeners=() # port, address, pid, command, container, project and service, with \x1f between

# listeners_read: for the ports in want_ports.
listeners_read() {
  local -A published=() inodes=()
  listeners=()
  ((${#want_ports[@]})) || return 0
  listeners_of_containers
  listeners_of_processes /proc/net/tcp
  listeners_of_processes /proc/net/tcp6
  listeners_name_processes
}

listeners_of_containers() {
  local id entry port
  for id in "${docker_ids[@]}"; do
    for entry in ${docker_facts["$id ports"]}; do
      port=${entry##*:}
      [[ -n ${want_ports[$port]:-} ]] || continue
      published[$port]=$id
      listeners+=("$port"$'\x1f'"${entry%:*}"$'\x1f\x1f\x1f'"${docker_facts["$id name"]}"$'\x1f'"${docker_facts["$id project"]}"$'\x1f'"${docker_facts["$id service"]}")
    done
  done
}

# listeners_of_processes <file of the kernel>: by the inode of the socket; what a container publishes is said already.
listeners_of_processes() {
  local address status inode port
  [[ -r $1 ]] || return 0
  while read -r _ address _ status _ _ _ _ _ inode _; do
    [[ $status == 0A ]] || continue
    port=$((16#${address##*:}))
    if [[ -n ${want_ports[$port]:-} && -z ${published[$port]:-} ]]; then inodes[$inode]="$port"$'\x1f'"${address%:*}"; fi
  done <"$1"
}

# One pass over all processes, for all sockets, and only where a port is taken.
listeners_name_processes() {
  local line pid='' inode name address
  ((${#inodes[@]})) || return 0
  while IFS= read -r line; do
    if [[ $line == /proc/*: ]]; then
      pid=${line#/proc/} pid=${pid%%/*}
    elif [[ $line == *'socket:['* ]]; then
      inode=${line##*socket:[} inode=${inode%]}
      [[ -n ${inodes[$inode]:-} ]] || continue
      name=''
      if { read -r name <"/proc/$pid/comm"; } 2>/dev/null; then :; fi
      listeners_add "$pid" "$name"
      unset -v "inodes[$inode]"
    fi
  done < <(ls -l /proc/[0-9]*/fd 2>/dev/null || true)
  for inode in "${!inodes[@]}"; do listeners_add '' ''; done
}

listeners_add() { # listeners_add <pid> <command>
  address=${inodes[$inode]#*$'\x1f'}
  listeners_address "$address"
  listeners+=("${inodes[$inode]%%$'\x1f'*}"$'\x1f'"$address"$'\x1f'"$1"$'\x1f'"$2"$'\x1f\x1f\x1f')
}

# listeners_address <the kernel's hexadecimal>: sets `address`. The kernel writes words of four bytes, the last byte first.
listeners_address() {
  local hex=$1 at text=''
  if ((${#hex} == 8)); then
    printf -v address '%d.%d.%d.%d' "0x${hex:6:2}" "0x${hex:4:2}" "0x${hex:2:2}" "0x${hex:0:2}"
    return
  fi
  case $hex in
    00000000000000000000000000000000) address=:: ;;
    00000000000000000000000001000000) address=::1 ;;
    0000000000000000FFFF0000*) listeners_address "${hex:24}" ;;
    *)
      for ((at = 0; at < 32; at += 8)); do text+=":${hex:at+6:2}${hex:at+4:2}:${hex:at+2:2}${hex:at:2}"; done
      address=${text#:}
      ;;
  esac
}
