# shellcheck shell=bash
# The files of a compose project or colour, as drift.sh keeps them in its memory and compares them: mode, owner and content, of env files each variable.

drift_variables() { # drift_variables <path of a file> …: those of the env files among them
  local path name sum sums
  for path; do
    [[ $path == */.env && -f $path ]] || continue
    sums=$(variables_sums <"$path")
    while IFS=' ' read -r name sum; do [[ -z $name ]] || printf 'variable\x1f%s\x1f%s\x1f%s\n' "$path" "$name" "$sum"; done <<<"$sums"
  done
}

# drift_files <name of the memory>: paths of the files that are remembered.
drift_files() {
  local kind path memory
  memory=$(memory_read "$1")
  while IFS=$'\x1f' read -r kind path _; do
    [[ $kind != file ]] || printf '%s\n' "$path"
  done <<<"$memory"
}

drift_differences_of_files() { # drift_differences_of_files <memory>
  local kind path value sums line
  local -A kept=() now=()
  while IFS=$'\x1f' read -r kind path value; do
    [[ $kind != file ]] || kept[$path]=$value
  done <<<"$1"
  ((${#kept[@]})) || return 0
  sums=$(drift_sums "${!kept[@]}")
  while IFS=$'\x1f' read -r path value; do now[$path]=$value; done <<<"$sums"
  for path in "${!kept[@]}"; do
    [[ ${now[$path]-} == "${kept[$path]}" ]] || drift_say_file "$path" "${kept[$path]}" "${now[$path]-}" "$1"
  done
}

drift_say_file() { # drift_say_file <path> <expected> <found, or nothing> <memory>
  local mode owner sum now_mode now_owner now_sum kind path name value
  IFS=' ' read -r mode owner sum <<<"$2"
  IFS=' ' read -r now_mode now_owner now_sum <<<"$3"
  if [[ -z $now_sum ]]; then
    difference "$1" 'as it was applied' "$([[ -e $1 || -L $1 ]] && printf 'no file' || printf missing)"
    return
  fi
  [[ $mode == "$now_mode" ]] || difference "$1 mode" "$mode" "$now_mode"
  [[ $owner == "$now_owner" ]] || difference "$1 owner" "$owner" "$now_owner"
  [[ $sum != "$now_sum" ]] || return 0
  if [[ $1 == */"$secrets_folder"/* && $mode == 0400 ]]; then
    difference "$1" 'as it was applied' 'changed by hand'
    return
  fi
  if [[ $1 != */.env ]]; then
    difference "$1" "$sum" "$now_sum"
    return
  fi
  variables_kept=() # the sum of a file of secrets could be tried against a list of passwords
  while IFS=$'\x1f' read -r kind path name value; do
    [[ $kind != variable || $path != "$1" ]] || variables_kept[$name]=$value
  done <<<"$4"
  variables_differences "$1" "$1" 'as it was applied'
}

# drift_sums <path> …: `<path>\x1f<mode> <owner> sha256:<sum>` of each file that is there.
drift_sums() {
  local lines line form uid
  local -A modes=()
  (($#)) || return 0
  lines=$(stat -c '%04a:%U:%u %n' -- "$@" 2>/dev/null) || true
  while IFS= read -r line; do
    [[ -n $line ]] || continue
    form=${line%% *} uid=${form##*:} form=${form%:*}
    modes[${line#* }]=${form/%:UNKNOWN/:$uid} # a user of a container seldom has a name here
  done <<<"$lines"
  lines=$(sha256sum -- "$@" 2>/dev/null) || true
  while IFS= read -r line; do
    [[ -z $line ]] || printf '%s\x1f%s sha256:%s\n' "${line#*  }" "${modes[${line#*  }]/:/ }" "${line%% *}"
  done <<<"$lines"
}
