# shellcheck shell=bash
# Files below folders that services mount: a container sees them at once, but only what it reads at its start counts for most programs. So a service whose
# mounted files were written anew is restarted, as the preview said. The document names the last write of each; the applied one is what they started with.

# rewritten_mounts: prints `<service> <target> <number>` for each mount of the document that was read.
rewritten_mounts() {
  local service target services targets
  services=$(document_keys services)
  while IFS= read -r service; do
    document_has services "$service" mounts || continue
    targets=$(document_keys services "$service" mounts)
    while IFS= read -r target; do
      [[ -z $target ]] || printf '%s\t%s\t%s\n' "$service" "$target" "$(document_value services "$service" mounts "$target")"
    done <<<"$targets"
  done <<<"$services"
}

# rewritten_before <object>: the same of the applied document; nothing where there is none.
rewritten_before() {
  local file
  file=$(applied_file "$1")
  [[ -e $file ]] || return 0
  (document_read "$file" "$applied_above" && rewritten_mounts)
}

# rewritten_services <object>: the services with a mount that the applied document had in an earlier writing.
rewritten_services() {
  local before line service target
  before=$'\n'$(rewritten_before "$1")$'\n'
  while IFS= read -r line; do
    IFS=$'\t' read -r service target _ <<<"$line"
    if [[ $before != *$'\n'"$line"$'\n'* && $before == *$'\n'"$service"$'\t'"$target"$'\t'* ]]; then printf '%s\n' "$service"; fi
  done < <(rewritten_mounts) | sort -u
}
