# shellcheck shell=bash
# What a verb says: progress as `phase: message` on stderr, problems likewise, and one line of JSON on stdout.

say() { # say <phase> <message>
  printf '%s: %s\n' "$1" "$2" >&2
}

fail() { # fail <phase> <what is wrong; what to do>
  say "$1" "$2"
  exit 1
}

json_string() { # json_string <text>; control characters never reach this point, since documents refuse them
  local text=${1//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}
