#!/usr/bin/env bash
# Boots a test server: mounts, users, sshd, Docker engine. It runs again at each restart.
# It reads /run-files, which the run mounts: server/host_key, authorized_keys, and server/settings with DATA_MIB, SUDO
# and DOCKER_GROUP.
set -euo pipefail

# shellcheck source=/dev/null
. /run-files/server/settings

# Makes the server's branch of each cgroup hierarchy writable for its Docker engine; it is mounted read-only.
open_cgroups() {
  local hierarchy
  mount -o remount,bind,rw /sys/fs/cgroup
  if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
    # In version 2, a group with processes of its own cannot pass its controllers on to groups below it.
    mkdir -p /sys/fs/cgroup/boot
    xargs -rn1 < /sys/fs/cgroup/cgroup.procs > /sys/fs/cgroup/boot/cgroup.procs || true
    sed -e 's/ / +/g' -e 's/^/+/' < /sys/fs/cgroup/cgroup.controllers > /sys/fs/cgroup/cgroup.subtree_control
    return
  fi
  for hierarchy in /sys/fs/cgroup/*/; do
    [ -L "${hierarchy%/}" ] || mount -o remount,bind,rw "$hierarchy"
  done
}

# Sets a new boot id, as at every boot of a machine. The kernel's own boot id is shared by all containers.
renew_boot_id() {
  cat /proc/sys/kernel/random/uuid > /run/boot_id
  mount --bind /run/boot_id /proc/sys/kernel/random/boot_id
}

# Mounts /data, a separate file system that is small enough to fill. Its loop device is freed with the last mount.
mount_data() {
  local number image=/var/lib/slipway-test/data.ext4
  [ -e /dev/loop-control ] || mknod /dev/loop-control c 10 237
  for number in {0..255}; do
    [ -e "/dev/loop$number" ] || mknod -m 660 "/dev/loop$number" b 7 "$number"
  done
  if [ ! -f "$image" ]; then
    truncate -s "${DATA_MIB}M" "$image"
    mkfs.ext4 -q -m 0 -b 4096 "$image"
  fi
  mkdir -p /data
  mount -o loop "$image" /data
}

allow_logins() {
  local user home
  for user in root deploy; do
    home=$(getent passwd "$user" | cut -d: -f6)
    install -d -m 0700 -o "$user" -g "$user" "$home/.ssh"
    install -m 0600 -o "$user" -g "$user" /run-files/authorized_keys "$home/.ssh/authorized_keys"
  done
  [ "$SUDO" = no ] || install -m 0440 /dev/stdin /etc/sudoers.d/deploy <<< 'deploy ALL=(ALL) NOPASSWD: ALL'
  [ "$DOCKER_GROUP" = no ] || usermod --append --groups docker deploy
}

first_boot() {
  [ ! -f /etc/machine-id ] || return 0
  tr -d - < /proc/sys/kernel/random/uuid > /etc/machine-id
  install -m 0600 /run-files/server/host_key /etc/ssh/ssh_host_ed25519_key
  ssh-keygen -y -f /etc/ssh/ssh_host_ed25519_key > /etc/ssh/ssh_host_ed25519_key.pub
  # Ordinary servers have host keys of several types.
  ssh-keygen -q -t ecdsa -N '' -f /etc/ssh/ssh_host_ecdsa_key
  allow_logins
}

mkdir -p /var/lib/slipway-test
bash /usr/local/sbin/cut-network.sh reapply
open_cgroups
renew_boot_id
first_boot
mount_data
service ssh start
service docker start
exec sleep infinity
