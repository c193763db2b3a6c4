#!/usr/bin/env bash
# Serves the registry with a self-signed certificate, which is created at each start and written to /run-files. The key
# stays in the container.
set -euo pipefail

mkdir -p /run-files
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=registry.test \
  -addext 'subjectAltName=DNS:registry.test,DNS:localhost,IP:127.0.0.1' \
  -keyout /run/registry.key -out /run-files/registry.new 2> /dev/null
mv /run-files/registry.new /run-files/registry.crt
exec docker-registry serve /etc/registry.yml
