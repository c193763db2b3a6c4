# shellcheck shell=bash
# What this stack applied last, one file per object: line 1 the number, line 2 the hash, line 3 the resource that owns it, line 4 the object, then the document.
# Beside it some verbs keep a memory of what they made, which outlives the document's changes and goes with the object.

applied_above=4 # lines above the document

applied_file() { # applied_file <object>
  printf '%s/applied/%s' "$stack_state" "$(object_name "$1")"
}

# applied_read <object>: sets applied_number, applied_hash and applied_owner, all empty where nothing was applied.
applied_read() {
  local file
  file=$(applied_file "$1")
  applied_number='' applied_hash='' applied_owner=''
  [[ -e $file ]] || return 0
  { read -r applied_number && read -r applied_hash && read -r applied_owner; } <"$file" ||
    fail applied "'$file' is cut; remove it and run \`pulumi up\` again"
}

# applied_write <object> <number> <hash> <owner> <document file>
applied_write() {
  [[ -d $stack_state/applied ]] || mkdir -p "$stack_state/applied"
  { printf '%s\n' "$2" "$3" "$4" "$1" && cat "$5"; } | write_file "$(applied_file "$1")"
}

# Reading a document takes bash a while, and each look reads all of them: so what was read of the one at hand, which has just been applied, is kept. It stands
# between two lines with the sum of the file that it belongs to; one that was cut, since nobody waits for the disk here, has no second one.
applied_keep_reading() { # applied_keep_reading <object>
  local file sum new
  [[ ${document_values[$'\tresource']-} == "$resource" && ${document_values[$'\tnumber']-} == "$number" ]] || return 0
  file=$(applied_file "$1")
  [[ -d $stack_state/read-2 ]] || mkdir -p "$stack_state/read-2"
  write_sweep "$stack_state/read-2"
  sum=$(sha256sum <"$file")
  new=$stack_state/read-2/.slipway.tmp.$$.reading
  { printf '# %s\n' "${sum%% *}" && reading_print && printf '# %s\n' "${sum%% *}"; } >"$new" && mv -T "$new" "$stack_state/read-2/${file##*/}"
}

# applied_document <file> <its sha256>: as document_read; what was kept is taken if it belongs to this very file.
applied_document() {
  local kept=$stack_state/read-2/${1##*/} text=''
  if { IFS= read -r -d '' text <"$kept" || true; } 2>/dev/null && [[ $text == "# $2"$'\n'*$'\n'"# $2"$'\n' ]]; then
    reading_take "$text"
  else
    document_read "$1" "$applied_above"
  fi
}

applied_forget() { # applied_forget <object>
  local file
  file=$(applied_file "$1")
  rm -f "$file" "$stack_state/read-2/${file##*/}" "$(memory_file "$1")"
}

memory_file() { # memory_file <object>
  printf '%s/memory/%s' "$stack_state" "$(object_name "$1")"
}

# memory_read <object>: prints the lines that a verb keeps, nothing where it keeps none.
memory_read() {
  local file text=''
  file=$(memory_file "$1")
  if [[ -e $file ]]; then text=$(<"$file"); fi
  [[ -z $text ]] || printf '%s\n' "$text"
}

memory_write() { # memory_write <object>: from stdin
  [[ -d $stack_state/memory ]] || mkdir -p "$stack_state/memory"
  write_file "$(memory_file "$1")"
}

# number_may_follow <next> <current>: refuses an older order, and another attempt at an order that is taken; anything follows an empty current.
number_may_follow() {
  local next_order=${1%%.*} current_order=${2%%.*}
  [[ -z $2 || $1 == "$2" ]] || ((next_order > current_order))
}
