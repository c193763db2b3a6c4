#!/usr/bin/env bash
# Fills /data until at most the given number of bytes is free; with 0, not a single block can be written any more.
# Usage: fill-data.sh <bytes to leave>
set -euo pipefail

rm -f /data/.filler
free=$(($(stat -f -c '%a * %S' /data)))
size=$((free - $1))
[ "$size" -le 0 ] || fallocate -l "$size" /data/.filler 2>/dev/null || head -c "$size" /dev/zero > /data/.filler || true
