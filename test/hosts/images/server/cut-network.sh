#!/usr/bin/env bash
# Cuts the network as if the cable were unplugged: packets are dropped silently. At a restart `reapply` keeps it cut.
# Usage: cut-network.sh cut|restore|reapply
set -euo pipefail

mark=/var/lib/slipway-test/network-is-cut

# Applies an iptables command (-C, -I or -D) to the two rules that drop everything. They come before the rules of
# the containers inside.
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
  reapply)
    [ ! -f "$mark" ] || rules -I
    ;;
esac
