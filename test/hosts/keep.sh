#!/usr/bin/env bash
# Waits until its input ends, which happens however the run's process ends, and removes the run then.
# Usage: keep.sh <run> <folder>, with a pipe from the run's process as input
set -euo pipefail

trap '' HUP INT TERM
cat > /dev/null
exec bash "${BASH_SOURCE[0]%/*}/clean.sh" "$1" "$2"
