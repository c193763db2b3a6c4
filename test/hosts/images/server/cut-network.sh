#!/usr/bin/env bash
# Cuts the network as if the cable were pulled: packets vanish, nobody is told. Restarts do not mend it.
# Usage: cut-network.sh cut|restore|as-before
set -euo pipefail

mark=/var/lib/slipway-test/network-is-cut

# Each rule stands before any other, also of containers inside, and once.
rules() {
  iptables -w -t raw "$1" PREROUTING -i eth0 -j DROP 2> /dev/null
  iptables -w -t mangle "$1" POSTROUTING -o eth0 -j DROP 2> /dev/null
}

case $1 in
  cut)
    touch "$mark"
    rules -C || rules -I
    ;;
  restore)
    rm -f "$mark"
    rules -D || true
    ;;
  as-before)
    [ ! -f "$mark" ] || rules -I
    ;;
esac
