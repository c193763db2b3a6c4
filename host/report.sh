# shellcheck shell=bash
# What a verb says: progress as `phase: message` on stderr, problems likewise, and lines of JSON on stdout.

say() { # say <phase> <message>
  printf '%s: %s\n' "$1" "$2" >&2
}

fail() { # fail <phase> <what is wrong; what to do>
  say "$1" "$2"
  exit 1
}

# json_quote <text>: sets `json`; an answer by stdout would cost a process for each of hundreds of values.
json_quote() {
  local backslash=$'\\' quote='"' at character code
  json=${1//"$backslash"/"$backslash$backslash"}
  json=${json//"$quote"/"$backslash$quote"}
  while [[ $json == *[$'\001'-$'\037'$'\177']* ]]; do
    at=${json%%[$'\001'-$'\037'$'\177']*} character=${json:${#at}:1}
    printf -v code '\\u%04x' "'$character"
    json=${json//"$character"/"$code"}
  done
  json=\"$json\"
}

json_list() { # json_list <text> …: sets `json`
  local list='' text
  for text; do
    json_quote "$text"
    list+=,$json
  done
  json="[${list#,}]"
}

# fact <name> [<field> <value>] …: one line of JSON; a field that ends in a colon has a value that is JSON already.
fact() {
  local line json
  json_quote "$1"
  line="{\"fact\":$json"
  shift
  while (($# > 1)); do
    json=$2
    [[ $1 == *: ]] || json_quote "$2"
    line+=",\"${1%:}\":$json"
    shift 2
  done
  printf '%s}\n' "$line"
}

# difference <where> <expected> <found>: one thing that is not as a document says, in one line.
difference() {
  local -a parts=("${@//[$'\t\n']/ }")
  printf '%s\t%s\t%s\n' "${parts[@]}"
}
