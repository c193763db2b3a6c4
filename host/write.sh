# shellcheck shell=bash
# Files are old or new, never half: written beside their place, brought to the disk, then renamed.

# write_file <path> [mode] [owner]: what stands on stdin becomes the file.
write_file() {
  local path=$1 mode=${2:-0600} owner=${3:-} new
  write_sweep "${path%/*}"
  new=$(mktemp "${path%/*}/.slipway.tmp.$$.XXXXXX") || write_fail "$path"
  if ! { cat >"$new" && { [[ -z $owner ]] || chown "$owner" "$new"; } && chmod "$mode" "$new" && sync "$new" && mv -T "$new" "$path"; }; then
    rm -f "$new"
    write_fail "$path"
  fi
  sync "${path%/*}"
}

# write_sweep <folder>: what a process that was killed left there; its number stands in the name.
write_sweep() {
  local left pid
  for left in "$1"/.slipway.tmp.*; do
    pid=${left##*.slipway.tmp.} pid=${pid%%.*}
    [[ -e /proc/$pid ]] || rm -f "$left"
  done
}

write_fail() { # write_fail <path>
  fail write "cannot write '$1' of ${object:-the server}${number:+ (document $number)}; look for a full disk or a read-only file system"
}
