# shellcheck shell=bash
# What the stacks of this server hold: a file for each, in lines that older and newer programs of other stacks read. A word that one does not know is passed over.

claim_file() { # claim_file <stack>
  printf '%s/claims-1/%s' "$state" "${1/\//@}"
}

# claim_read <file>: sets claim_stack, claim_directory, claim_real and the lists; fails where the file is cut or cannot be read.
claim_read() {
  local word value rest first='' last=''
  claim_stack=${1##*/} claim_stack=${claim_stack/@//} claim_directory='' claim_real=''
  claim_projects=() claim_ports=() claim_volumes=() claim_networks=()
  [[ -f $1 && -r $1 ]] || return 1
  while IFS=' ' read -r word value; do
    first=${first:-$word $value} last=$word rest=${value%% *}
    case $word in
      directory) claim_directory=$value ;;
      real) claim_real=$value ;;
      project) claim_projects+=("$rest") ;;
      port) claim_ports+=("$rest") ;;
      volume) claim_volumes+=("$rest") ;;
      network) claim_networks+=("$rest") ;;
    esac
  done <"$1"
  [[ $first == 'slipway claim 1' && $last == end ]]
}

# claim_lines: what the file shall hold, by the document.
claim_lines() {
  local directory word name names
  directory=$(document_value directory)
  printf 'slipway claim 1\ndirectory %s\nreal %s\n' "$directory" "$(realpath -m -- "$directory")"
  for word in network port project volume; do
    names=$(document_keys "${word}s")
    [[ -n $names ]] || continue
    while IFS= read -r name; do printf '%s %s %s\n' "$word" "$name" "$(document_value "${word}s" "$name")"; done <<<"$names"
  done
  echo end
}
