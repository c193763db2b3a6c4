#!/usr/bin/env bash
# Builds the base image: Debian 13 without documentation, from the mirror of this machine's apt. It has busybox, since
# tests expect the commands of small images.
# Usage: build.sh <tag> <label>
set -euo pipefail

tag=$1
label=$2

# The mirror from which apt gets this Debian release, without its security updates. On other distributions there is no
# output, and mmdebstrap uses its default.
debian_mirror() {
  local codename
  # shellcheck source=/dev/null
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  # shellcheck disable=SC2016 # apt expands these, not the shell
  apt-get indextargets --format '$(ORIGIN) $(CODENAME) $(REPO_URI)' |
    awk -v codename="$codename" '$1 == "Debian" && $2 == codename { print $3; exit }'
}

# The proxy settings of this machine's apt, which the build inside the image needs too.
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
# Docker also imports an incomplete file system without an error, so the tag is set only after a complete import.
if ! image=$(root_file_system | docker import --change "LABEL $label" --change 'CMD ["bash"]' -); then
  [ -z "$image" ] || docker rmi "$image" > /dev/null
  exit 1
fi
docker tag "$image" "$tag"
