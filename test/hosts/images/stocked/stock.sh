#!/usr/bin/env bash
# Runs in a temporary server: pulls images with the server's engine, moves their layers to /stock, and writes the
# engine's data about them to /run-files/docker.tar. Like slipway, it pulls by digest, so the images have no tags.
# Usage: stock.sh <repository:tag> …
set -euo pipefail

registry=registry.test:5000
kinds='application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json,
  application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json'

ask_registry() { # ask_registry <path> [options …]
  curl -fsS --cacert /run-files/registry/registry.crt "https://$registry/v2/$1" "${@:2}"
}

await_registry() {
  for _ in {1..300}; do
    if ask_registry '' > /dev/null 2>&1; then return 0; fi
    sleep 0.1
  done
  echo "stock: the registry does not answer" >&2
  return 1
}

start_engine() {
  dockerd --iptables=false --bridge=none > /run/docker.log 2>&1 &
  engine=$!
  for _ in {1..300}; do
    if docker info > /dev/null 2>&1; then return 0; fi
    kill -0 "$engine" 2> /dev/null || break
    sleep 0.1
  done
  tail -n 20 /run/docker.log >&2
  echo "stock: the engine does not start" >&2
  return 1
}

pull() { # pull <repository:tag>
  local digest
  digest=$(ask_registry "${1%:*}/manifests/${1##*:}" --head --header "Accept: ${kinds//$'\n'/}" |
    tr -d '\r' | sed -n 's/^docker-content-digest: //Ip')
  docker pull --quiet "$registry/${1%:*}@$digest" > /dev/null
}

move_layers() {
  local layer
  for layer in /var/lib/docker/overlay2/*/diff; do
    layer=${layer%/diff} layer=${layer##*/}
    cp -a "/var/lib/docker/overlay2/$layer/diff" "/stock/$layer"
    rm -rf "/var/lib/docker/overlay2/$layer/"{diff,work}
    ln -s "/stock/$layer" "/var/lib/docker/overlay2/$layer/diff"
  done
}

await_registry
start_engine
for name; do pull "$name"; done
kill "$engine"
wait "$engine" || true
move_layers
tar -C /var/lib/docker -cf /run-files/docker.tar image overlay2
