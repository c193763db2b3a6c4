#!/usr/bin/env bash
# Makes the image that all others stand on: Debian 13 without documentation, from the mirror apt itself uses; with the busybox that small images have.
# Usage: build.sh <tag> <label>
set -euo pipefail

tag=$1
label=$2

# apt's own mirror of the distribution (not of its security updates); on another distribution mmdebstrap's default.
debian_mirror() {
  local codename
  # shellcheck source=/dev/null
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  # shellcheck disable=SC2016 # apt fills these in, not the shell
  apt-get indextargets --format '$(ORIGIN) $(CODENAME) $(REPO_URI)' |
    awk -v codename="$codename" '$1 == "Debian" && $2 == codename { print $3; exit }'
}

# A proxy that apt needs on this machine is needed inside the image while it is built.
proxy_options() {
  apt-config dump | awk '/^Acquire::.*[Pp]roxy/ { sub(/;$/, ""); print "--aptopt=" $0 }'
}

root_file_system() {
  mapfile -t proxy < <(proxy_options)
  mapfile -t mirror < <(debian_mirror)
  "${MMDEBSTRAP:-mmdebstrap}" --mode=root --variant=minbase --include=busybox,ca-certificates,tini \
    --dpkgopt='force-unsafe-io' \
    --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' \
    --aptopt='APT::Install-Recommends "false"' \
    "${proxy[@]}" trixie - "${mirror[@]}"
}

cd /tmp
# Docker imports half a root file system too, without a word: the name comes last, when all of it is known to be there.
if ! image=$(root_file_system | docker import --change "LABEL $label" --change 'CMD ["bash"]' -); then
  [ -z "$image" ] || docker rmi "$image" > /dev/null
  exit 1
fi
docker tag "$image" "$tag"
