# shellcheck shell=bash
# Asking a container itself whether it is well, from the server: Docker's own health check is too slow to wait for, and its first good word proves little.

probe_seconds=3 # for one answer

# probe_ask <address> <port> [path]: the status of the answer, or `open` without a path. Runs in a process of its own, which a deadline ends.
probe_ask() {
  local status connection
  exec {connection}<>"/dev/tcp/$1/$2" || return 1
  if [[ -z ${3-} ]]; then printf open && return; fi
  # A name that services know which check whom they are called by; `close`, so that nothing is left open.
  printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nUser-Agent: slipway\r\nAccept: */*\r\nConnection: close\r\n\r\n' "$3" >&"$connection"
  IFS= read -r status <&"$connection"
  [[ $status =~ ^HTTP/1\.[01]\ ([0-9]{3}) ]] && printf '%s' "${BASH_REMATCH[1]}"
}

# probe_is_good <address> <port> [path]: sets probe_answer. A redirection is an answer of a service that is well.
probe_is_good() {
  probe_answer=$(timeout --kill-after=1 "$probe_seconds" bash -c "$(declare -f probe_ask) && probe_ask \"\$@\"" probe "$@" 2>/dev/null) ||
    probe_answer="nothing within $probe_seconds s"
  [[ $probe_answer == open || $probe_answer == [23]?? ]]
}
