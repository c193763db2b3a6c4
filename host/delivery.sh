# shellcheck shell=bash
# Files that a document delivers below a folder. For each file that was written the memory of the object keeps the number of the document that wrote it last and
# the sha256 of what it wrote, and it keeps each folder that was made: nothing else is ever changed or removed.
#
# Who delivers says where it all goes: `delivery_folder`, and by functions what: `<kind>_content <path>`, `<kind>_owner <path>`, `<kind>_mode <path>`, and
# `<kind>_folder_mode` for the folders in between.

declare -A delivery_numbers=() delivery_sums=()    # by path, as the memory has them
declare -A delivery_forms=() delivery_found_sums=() # by path, as they are: `<owner> <uid> <mode> <what>`, and the sha256 of a file
declare -a delivery_folders=()                      # made by us, outermost first

delivery_remember() { # delivery_remember <object>: reads the memory
  local word number sum path memory
  delivery_numbers=() delivery_sums=() delivery_folders=()
  memory=$(memory_read "$1")
  while IFS=' ' read -r word number sum path; do
    case $word in
      file) delivery_numbers[$path]=$number delivery_sums[$path]=$sum ;;
      folder) delivery_folders+=("$path") ;;
    esac
  done <<<"$memory"
}

# delivery_keep <object>: writes the memory, before anything is written: a file that is in it and not on the disk is written by the next run.
delivery_keep() {
  delivery_memory | memory_write "$1"
}

delivery_memory() {
  local path
  for path in "${delivery_folders[@]}"; do printf 'folder - - %s\n' "$path"; done
  for path in "${!delivery_numbers[@]}"; do printf 'file %s %s %s\n' "${delivery_numbers[$path]}" "${delivery_sums[$path]}" "$path"; done
  for path in "${delivery_lines[@]}"; do printf '%s\n' "$path"; done
}
declare -a delivery_lines=() # what else the kind keeps

# delivery_look <path> …: what is there now, in two processes for all of them.
delivery_look() {
  local path line
  local -a regular=()
  delivery_forms=() delivery_found_sums=()
  (($#)) || return 0
  while IFS= read -r -d '' line; do
    path=${line#*$'\x1f'} path=${path#"$delivery_folder/"}
    delivery_forms[$path]=${line%%$'\x1f'*}
    [[ ${delivery_forms[$path]} != *' regular '* ]] || regular+=("$delivery_folder/$path")
  done < <(stat --printf '%U %u %04a %F \x1f%n\0' -- "${@/#/$delivery_folder/}" 2>/dev/null || true)
  ((${#regular[@]})) || return 0
  while IFS= read -r -d '' line; do
    path=${line#*  } path=${path#"$delivery_folder/"}
    delivery_found_sums[$path]=${line%% *}
  done < <(sha256sum -z -- "${regular[@]}" 2>/dev/null || true)
}

# delivery_differences <kind> <path> …
delivery_differences() {
  local kind=$1 path wanted name uid mode what
  shift
  delivery_remember "$(document_value kind)"
  delivery_look "$@"
  for path; do
    IFS=' ' read -r name uid mode what <<<"${delivery_forms[$path]:-}"
    wanted=$("${kind}_owner" "$path")
    case $what in
      'regular'*) ;;
      '') difference "$path" file missing && continue ;;
      *) difference "$path" file "$what" && continue ;;
    esac
    [[ ${delivery_found_sums[$path]:-} == "${delivery_sums[$path]:-unknown}" ]] || "${kind}_content_difference" "$path"
    [[ $wanted == "$name" || $wanted == "$uid" ]] || difference "$path owner" "$wanted" "${name/#UNKNOWN/$uid}"
    wanted=$("${kind}_mode" "$path")
    [[ $wanted == "$mode" ]] || difference "$path mode" "$wanted" "$mode"
  done
}

# delivery_apply <kind> <path> …: brings these files, and takes away those that an earlier document brought and this one does not name.
delivery_apply() {
  local kind=$1 path sum
  local -a to_write=() left=()
  shift
  [[ -d $delivery_folder ]] || fail "$kind" "'$delivery_folder' is not there (document $number); run \`pulumi up\` again"
  delivery_remember "$object"
  for path in "${!delivery_numbers[@]}"; do
    delivery_named "$path" "$@" || left+=("$path")
  done
  delivery_look "$@"
  for path; do
    delivery_verify_place "$kind" "$path"
    sum=$("${kind}_content" "$path" | sha256sum)
    sum=${sum%% *}
    if [[ ${delivery_found_sums[$path]:-} == "$sum" ]]; then
      : "${delivery_numbers[$path]:=$number}"
    else
      delivery_verify_ours "$kind" "$path"
      to_write+=("$path")
      delivery_numbers[$path]=$number
    fi
    delivery_sums[$path]=$sum
  done
  delivery_keep "$object"
  for path in "${to_write[@]}"; do delivery_write "$kind" "$path"; done
  for path; do delivery_mend "$kind" "$path"; done
  delivery_remove "${left[@]}"
  delivery_keep "$object"
  delivery_verify "$kind" "$@"
}

delivery_named() { # delivery_named <path> <path> …
  local path
  for path in "${@:2}"; do [[ $path != "$1" ]] || return 0; done
  return 1
}

# delivery_verify_place <kind> <path>: below the folder, whatever links there are (F21).
delivery_verify_place() {
  local real
  case /$2/ in
    *//* | */./* | */../*) fail "$1" "'$2' does not lie below '$delivery_folder' (document $number); name a path below it" ;;
  esac
  real=$(realpath -m -- "$delivery_folder/$2/..")/
  [[ $real == "$(realpath -m -- "$delivery_folder")"/* ]] ||
    fail "$1" "'$delivery_folder/$2' leads out of the stack's directory, to '$real' (document $number); remove the link"
}

delivery_verify_ours() { # delivery_verify_ours <kind> <path>
  local form=${delivery_forms[$2]:-}
  [[ -z $form || $form == *' regular '* ]] ||
    fail "$1" "'$delivery_folder/$2' is no file (document $number); move it away"
  [[ -z $form || -n ${delivery_numbers[$2]:-} ]] ||
    fail "$1" "'$delivery_folder/$2' is there already and slipway did not write it (document $number); move it away, or give it the same content"
}

delivery_write() { # delivery_write <kind> <path>
  local at=${2%/*} missing=()
  if [[ $2 == */* ]]; then
    while [[ $at != . && ! -e $delivery_folder/$at ]]; do
      missing=("$at" "${missing[@]}")
      if [[ $at == */* ]]; then at=${at%/*}; else at=.; fi
    done
    delivery_make_folders "$1" "${missing[@]}"
  fi
  say "$1" "writes $2"
  "${1}_content" "$2" | write_file "$delivery_folder/$2" "$("${1}_mode" "$2")" "$("${1}_owner" "$2")"
}

delivery_make_folders() { # delivery_make_folders <kind> <path> …
  local path
  for path in "${@:2}"; do
    delivery_folders+=("$path")
    delivery_keep "$object"
    mkdir -m "$("${1}_folder_mode")" -- "$delivery_folder/$path" ||
      fail "$1" "cannot make '$delivery_folder/$path' (document $number); look for a full disk or a read-only file system"
  done
}

delivery_mend() { # delivery_mend <kind> <path>: owner and mode; a file that is right keeps its inode
  local owner mode
  owner=$("${1}_owner" "$2") mode=$("${1}_mode" "$2")
  { chown -h "$owner" "$delivery_folder/$2" && chmod "$mode" "$delivery_folder/$2"; } ||
    fail "$1" "cannot change '$delivery_folder/$2' (document $number); look for a read-only file system"
}

delivery_remove() { # delivery_remove <path> …
  local path
  for path; do
    if [[ -f $delivery_folder/$path || -L $delivery_folder/$path ]]; then
      rm -f -- "$delivery_folder/$path" || fail "$object" "cannot remove '$delivery_folder/$path' (document $number); look for a read-only file system"
    fi
    unset -v "delivery_numbers[$path]" "delivery_sums[$path]"
  done
  delivery_remove_folders
}

# Folders that we made and that are empty now, innermost first.
delivery_remove_folders() {
  local at
  for ((at = ${#delivery_folders[@]} - 1; at >= 0; at--)); do
    if [[ -d $delivery_folder/${delivery_folders[at]} ]]; then
      rmdir -- "$delivery_folder/${delivery_folders[at]}" 2>/dev/null || continue
    fi
    unset -v "delivery_folders[at]"
  done
  delivery_folders=("${delivery_folders[@]}")
}

delivery_verify() { # delivery_verify <kind> <path> …
  local differences
  differences=$(delivery_differences "$@")
  [[ -z $differences ]] ||
    fail "$1" "'$delivery_folder/${differences%%$'\t'*}' is not as document $number wrote it; look for who else writes there, or a read-only file system"
}

# delivery_delete: everything that the memory names.
delivery_delete() {
  delivery_remember "$object"
  delivery_remove "${!delivery_numbers[@]}"
}
