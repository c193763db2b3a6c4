# shellcheck shell=bash
# The variables of an env file by the sha256 of their lines, so that what somebody changed by hand can be named without its value. Root alone reads where these
# sums are kept: a sum could be tried against a list of passwords.

declare -A variables_kept=() # by name, as the file was written

# variables_sums: for each `NAME=…` on stdin `<NAME> <sha256 of the line>`. One process for all of them, by files in memory.
variables_sums() {
  local line place sums
  local -a listed=()
  place=$(mktemp -d "${folder:-$presence}/variables.XXXXXX")
  while IFS= read -r line || [[ -n $line ]]; do
    [[ $line =~ ^[A-Za-z_][A-Za-z0-9_]*= ]] || continue
    printf '%s' "$line" >"$place/${#listed[@]}"
    listed+=("${line%%=*}")
  done
  if ((${#listed[@]})); then
    sums=$(sha256sum "$place"/*)
    while IFS= read -r line; do printf '%s %s\n' "${listed[${line##*/}]}" "${line%% *}"; done <<<"$sums"
  fi
  rm -rf "$place"
}

# variables_differences <file> <where> <expected>: which variables of the file are not as variables_kept has them, or that something else in it is not.
variables_differences() {
  local name sum sums found said=''
  sums=$(variables_sums <"$1")
  while IFS=' ' read -r name sum; do
    [[ -n $name ]] || continue
    if [[ -z ${variables_kept[$name]-} ]]; then
      found='added by hand'
    elif [[ ${variables_kept[$name]} != "$sum" ]]; then
      found='changed by hand'
    else
      found=''
    fi
    unset -v "variables_kept[$name]"
    [[ -z $found ]] || said+=$(difference "$2 $name" "$3" "$found")$'\n'
  done <<<"$sums"
  for name in "${!variables_kept[@]}"; do said+=$(difference "$2 $name" "$3" missing)$'\n'; done
  printf '%s' "${said:-$(difference "$2" "$3" 'changed by hand')$'\n'}"
}
