# shellcheck shell=bash
# Logs are shown to people and kept by CI: no value that is secret, or may be, stands in them.

mask_shortest=4 # characters; a shorter value would make every log unreadable, and hides nothing
declare -A mask_known=() mask_learnt=() # as values look somewhere, and the values themselves
declare -a mask_values=() # the same, longest first

# mask_learn <env file> …: the values in them, and what the session staged; a value of several lines is known line by line.
mask_learn() {
  local file line
  for file in "$@" "$folder"/secrets/*; do
    [[ -f $file ]] || continue
    while IFS= read -r line || [[ -n $line ]]; do
      mask_learn_line "$line"
      [[ $file != "$folder"/secrets/variable.* ]] || mask_learn_part "$line" # a value as it is, whatever it looks like
    done <"$file"
  done
  mask_sort
}

# mask_learn_containers <project> <compose file>: the environment of its containers, which may have values that the env file no longer has; what stands in the
# compose file anybody may read. Fails where the engine does not tell.
mask_learn_containers() {
  local ids lines line part public=''
  if [[ -f $2 ]]; then public=$(<"$2"); fi
  ids=$(docker_do 30 ps --all --quiet --filter "label=com.docker.compose.project=$1" 2>/dev/null) || return 1
  [[ -n $ids ]] || return 0
  mapfile -t ids <<<"$ids"
  # One that is gone since the list was made says nothing more.
  lines=$(docker_do 30 inspect --type container --format '{{range .Config.Env}}{{println .}}{{end}}' "${ids[@]}" 2>/dev/null) || [[ -n $lines ]] || return 1
  while IFS= read -r line; do
    for part in "$line" "${line#*=}"; do # a later line of a value may look like a variable
      [[ $public == *"$part"* ]] || mask_learn_part "$part"
    done
  done < <(printf '%s\n' "$lines")
  mask_sort
}

mask_learn_part() { # mask_learn_part <a line of a value>
  ((${#1} < mask_shortest)) && return 0
  [[ -z ${mask_learnt[$1]-} ]] || return 0 # the same env file is asked about again and again
  mask_learnt[$1]=1 mask_known[$1]=1
  [[ $1 != *$'\r' ]] || mask_learn_part "${1%$'\r'}" # of a value with such lines programs print the end in their own way
  mask_learn_quoted "$1"
  mask_learn_encoded "$1"
}

# As programs print a text in an error or a JSON line, also one within another, and as shells quote it (F112).
mask_learn_quoted() { # mask_learn_quoted <value>
  local backslash=$'\\' apostrophe="'" quoted=$1 times
  for times in 1 2; do
    quoted=${quoted//"$backslash"/"$backslash$backslash"}
    quoted=${quoted//'"'/"$backslash"'"'}
    quoted=${quoted//$'\t'/"$backslash"t}
    mask_known[$quoted]=$times
  done
  for quoted in "'$backslash''" "'\"'\"'"; do mask_known[${1//"$apostrophe"/"$quoted"}]=1; done
}

# In a URL, as hexadecimal digits, and in base64, which looks in three ways by what stands before it; its ends depend on what stands beside it.
mask_learn_encoded() { # mask_learn_encoded <value>
  local LC_ALL=C before padded base64 hex
  mask_learn_url "$1" '[A-Za-z0-9_.~-]'
  mask_learn_url "$1" "[A-Za-z0-9_.~!'()*-]"
  hex=$(printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n')
  mask_known[$hex]=1
  mask_known[${hex^^}]=1
  for before in '' - --; do
    padded=$before$1
    base64=$(printf '%s' "${padded:0:${#padded}/3*3}" | base64 -w 0)
    if [[ -n $before ]]; then base64=${base64:4}; fi
    ((${#base64} < 2 * mask_shortest)) || mask_known[$base64]=1
  done
}

mask_learn_url() { # mask_learn_url <value> <pattern of what stays as it is>
  local url='' character code
  local -i at
  for ((at = 0; at < ${#1}; at++)); do
    character=${1:at:1}
    # shellcheck disable=SC2053 # it is a pattern
    if [[ $character != $2 ]]; then
      printf -v code '%d' "'$character"
      printf -v character '%%%02X' $((code & 255))
    fi
    url+=$character
  done
  mask_known[$url]=1
  mask_known[${url//%20/+}]=1
}

mask_learn_line() { # mask_learn_line <line>
  local value=$1 part
  if [[ $value =~ ^[A-Za-z_][A-Za-z0-9_.-]*= ]]; then value=${value#*=}; fi
  if [[ $value == \"*\" ]]; then
    value=${value:1:${#value}-2}
    mask_unescape
  fi
  while IFS= read -r part; do mask_learn_part "$part"; done < <(printf '%s\n' "$value")
}

mask_unescape() { # `value`, as model/stack/env-file.ts escapes it
  local rest=$value backslash=$'\\'
  value=''
  while [[ $rest == *"$backslash"* ]]; do
    value+=${rest%%"$backslash"*} rest=${rest#*"$backslash"}
    case $rest in
      n*) value+=$'\n' ;;
      r*) value+=$'\r' ;;
      t*) value+=$'\t' ;;
      *) value+=${rest:0:1} ;;
    esac
    rest=${rest:1}
  done
  value+=$rest
}

# A value may be part of another one.
mask_sort() {
  local value sorted
  sorted=$(for value in "${!mask_known[@]}"; do printf '%08d %s\n' $((99999999 - ${#value})) "$value"; done | sort | cut -d ' ' -f 2-)
  mapfile -t mask_values < <(printf '%s' "$sorted")
}

mask_text() { # stdin to stdout
  local line value
  while IFS= read -r line || [[ -n $line ]]; do
    for value in "${mask_values[@]}"; do line=${line//"$value"/***}; done
    printf '%s\n' "$line"
  done
}
