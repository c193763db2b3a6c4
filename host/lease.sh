# shellcheck shell=bash
# One lease per server: a kernel lock, so that it dies with its holder, and a note that says who holds it. Version 1 of both stands in their names, for older and
# newer programs of other stacks.

# lease_take <seconds> <holder, one line>: waits for the lease, then fails with the holder's own words.
lease_take() {
  mkdir -p "$state"
  exec {lease_fd}<>"$state/lease-1.lock"
  if ! flock -n "$lease_fd"; then
    say lease "waits up to $1 s for $(lease_holder)"
    flock -w "$1" "$lease_fd" || fail lease "this server's lease is held by $(lease_holder); wait for that run, or end it"
  fi
  printf '%s\n' "$2" | write_file "$state/lease-1.holder"
}

lease_holder() {
  local holder
  { holder=$(<"$state/lease-1.holder"); } 2>/dev/null || holder=
  printf '%s' "${holder:-somebody who left no name}"
}
