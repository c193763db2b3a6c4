#!/usr/bin/env bash
# Stands in for docker: what it knows lies in the folder `docker` beside its own.
set -euo pipefail
folder=$(cd "$(dirname "$0")/../docker" && pwd)
plugin=v2.26.1 # as Docker's own packages have it; Debian's have no v
if [[ -e $folder/tells-no-plugins ]]; then plugin=''; fi

if [[ ! -e $folder/engine && "$1 $2" != 'compose version' ]]; then
  if [[ "$1 $2" == 'info --format' ]]; then echo "$plugin"; fi
  echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?' >&2
  exit 1
fi

case "$1 $2" in
  'version --format') cat "$folder/engine" ;;
  'info --format') printf '%s\x1f%s\x1f%s\x1flinux\x1fx86_64\n' "$plugin" "$(<"$folder/engine")" "$folder" ;;
  'compose version') echo 2.26.1 ;;
  'ps --all') ;;
  'network ls')
    for file in "$folder"/networks/*; do
      if [[ -e $file ]]; then printf '%s %s\n' "${file##*/}" "$(<"$file")"; fi
    done
    ;;
  'network create') printf '%s' "${4#slipway.stack=}" >"$folder/networks/$5" ;;
  'network rm') rm "$folder/networks/$3" ;;
  'volume ls') for file in "$folder"/volumes/*; do if [[ -d $file ]]; then printf '%s\x1f%s\n' "${file##*/}" "$file"; fi; done ;;
  'volume create') mkdir "$folder/volumes/$3" ;;
  'volume inspect')
    code=0
    for name in "${@:5}"; do
      if [[ -d $folder/volumes/$name ]]; then
        printf '%s\x1f%s\n' "$name" "$folder/volumes/$name"
      else
        echo "Error response from daemon: get $name: no such volume" >&2
        code=1
      fi
    done
    exit "$code"
    ;;
  *)
    printf '%s\n' "$*" >>"$folder/misunderstood"
    exit 1
    ;;
esac
