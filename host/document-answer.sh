# shellcheck shell=bash
# What the document that document.sh has read holds:
#   document_value <name> …        prints the line of text below these names
#   document_keys <name> …         prints the names in the map below these names, one a line
#   document_list <array> <name> … sets the array to these names
#   document_content <name> …      prints the bytes below these names
#   document_has <name> …          tells whether there is anything below these names
#   document_hash                  prints the sha256 of all but number and trailer
# `mode=$(document_value files "$file" mode)`: each name is a word of its own, since names of files hold dots, and the answer is assigned, since bash stops for a
# failed assignment only.

document_value() {
  local path
  document_find 'a line of text' document_values "$@"
  printf '%s\n' "${document_values[$path]}"
}

document_keys() {
  local path
  document_find 'a map' document_maps "$@"
  printf '%s' "${document_maps[$path]}"
}

document_list() {
  local path
  local -n document_listed=$1
  document_find 'a map' document_maps "${@:2}"
  document_listed=()
  # shellcheck disable=SC2034 # it is a name for the caller's array
  [[ -z ${document_maps[$path]} ]] || mapfile -t document_listed <<<"${document_maps[$path]%$'\n'}"
}

document_content() {
  local path
  document_find 'a content' document_contents "$@"
  case ${document_contents[$path]} in
    base64*) document_print "$path" | base64 -d ;;
    *) document_print "$path" ;;
  esac
}

document_has() {
  local path
  printf -v path '\t%s' "$@"
  [[ -n ${document_values[$path]+there}${document_maps[$path]+there}${document_contents[$path]+there} ]]
}

document_find() { # document_find <what> <array> <name> …: sets `path`
  local -n document_searched=$2
  printf -v path '\t%s' "${@:3}"
  [[ -n ${document_searched[$path]+there} ]] ||
    fail document "$(IFS=. && printf '%s' "${*:3}") of ${document_values[$'\tresource']} is not $1; run slipway again with one version on both sides"
}

document_print() { # document_print <path>: the lines below a name, as they stand there
  local -x LC_ALL=C
  local where=${document_contents[$1]} first count IFS=$'\n'
  first=${where#*:} count=${first#*:}
  local -a lines=("${document_lines[@]:${first%%:*}:${count%%:*}}")
  printf '%s' "${lines[*]#"${where##*:}"}"
  [[ $where == -* ]] || echo
}

document_hash() {
  local sum IFS=$'\n'
  local -a lines=("${document_lines[@]:0:2}" "${document_lines[@]:3:${#document_lines[@]}-4}")
  sum=$(printf '%s\n' "${lines[*]}" | sha256sum)
  printf '%s\n' "${sum%% *}"
}
