# shellcheck shell=bash
# Files are old or new, never half: written beside their place, brought to the disk, then renamed.

# write_file <path> [mode]: what stands on stdin becomes the file.
write_file() {
  local path=$1 mode=${2:-0600} new
  new=$(mktemp "${path%/*}/.slipway.tmp.XXXXXX")
  if ! { cat >"$new" && chmod "$mode" "$new" && sync "$new" && mv -T "$new" "$path"; }; then
    rm -f "$new"
    fail write "cannot write '$path'; look for a full disk or a read-only file system"
  fi
  sync "${path%/*}"
}
