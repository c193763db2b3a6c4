# shellcheck shell=bash
# The first part of the program: how every line after it runs, whatever the server's own settings are.
set -euo pipefail
shopt -s inherit_errexit nullglob
export LC_ALL=C
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
umask 077
ulimit -c 0
