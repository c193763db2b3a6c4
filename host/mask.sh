# shellcheck shell=bash
# Logs are shown to people and kept by CI: no value that is secret, or may be, stands in them.

mask_shortest=4 # characters; a shorter value would make every log unreadable, and hides nothing
declare -a mask_values=()

# mask_learn <env file> …: the values in them, and what the session staged; a value of several lines is known line by line.
mask_learn() {
  local file line
  local -A values=()
  for file in "$@" "$folder"/secrets/*; do
    [[ -f $file ]] || continue
    while IFS= read -r line || [[ -n $line ]]; do mask_learn_line "$line"; done <"$file"
  done
  mapfile -t mask_values < <(mask_longest_first)
}

mask_learn_line() { # mask_learn_line <line>
  local value=$1 part
  if [[ $value =~ ^[A-Za-z_][A-Za-z0-9_.-]*= ]]; then value=${value#*=}; fi
  if [[ $value == \"*\" ]]; then
    value=${value:1:${#value}-2}
    mask_unescape
  fi
  while IFS= read -r part; do
    ((${#part} < mask_shortest)) || values[$part]=1
  done < <(printf '%s\n' "$value")
}

mask_unescape() { # `value`, as model/env-file.ts escapes it
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
mask_longest_first() {
  local value
  for value in "${!values[@]}"; do printf '%08d %s\n' $((99999999 - ${#value})) "$value"; done | sort | cut -d ' ' -f 2-
}

mask_text() { # stdin to stdout
  local line value
  while IFS= read -r line || [[ -n $line ]]; do
    for value in "${mask_values[@]}"; do line=${line//"$value"/***}; done
    printf '%s\n' "$line"
  done
}
