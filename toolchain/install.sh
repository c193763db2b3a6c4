#!/usr/bin/env bash
# Installs the npm packages of the lock file, once for each version of the lock file.
# Every npm script runs it first, so that `npm test` works as the first command after a clone.
set -euo pipefail

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
stamp=$checkout/node_modules/.installed

wanted() { cat "$checkout/package-lock.json" "$checkout/.npmrc" | sha256sum; }
installed() { [[ -f $stamp && $(<"$stamp") == "$(wanted)" ]]; }

installed && exit 0
mkdir -p "$checkout/.slipway"
exec 9>"$checkout/.slipway/install.lock"
flock 9
installed && exit 0 # another run in this checkout installed them meanwhile

# npm would empty the folder behind the link, which belongs to another checkout, and install nothing there.
if [[ -L $checkout/node_modules ]]; then
  echo "packages: node_modules is a link to packages of another lock file; remove the link, and run this again" >&2
  exit 1
fi

started=$SECONDS
echo "packages: installing the lock file's npm packages into node_modules (about a minute)" >&2
if ! log=$(npm ci --prefix "$checkout" --loglevel=error 2>&1); then
  echo "$log" >&2
  echo "packages: npm ci failed; is the npm registry reachable?" >&2
  exit 1
fi
[[ -x $checkout/node_modules/.bin/node ]] || {
  echo "packages: the lock file has no Node 24 for $(uname -s) $(uname -m);" \
    "add its node-<system>-<cpu> package to optionalDependencies" >&2
  exit 1
}
wanted >"$stamp"
echo "packages: installed in $((SECONDS - started)) s" >&2
