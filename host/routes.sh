# shellcheck shell=bash
# The proxy's dynamic file, which decides which colour serves. It is only ever replaced by rename; what was there before is kept until the proxy has answered for
# the new one.

routes_seconds=20 # for the proxy to answer for a new file

routes_file() { printf '%s/proxy/dynamic/routes.yaml' "$(document_value directory)"; }
routes_before() { # beside the file, so that a rename brings it back even where no disk space is left; the proxy reads only files in .yaml
  printf '%s/proxy/dynamic/routes.before' "$(document_value directory)"
}

# routes_read: sets live_colour, live_release and live_generation from the head of the file; all empty where it has none.
routes_read() {
  local head='' form='^# colour: (blue|green), release: (.*), generation: ([0-9A-Za-z.-]+)$' file
  file=$(routes_file)
  live_colour='' live_release='' live_generation=''
  [[ ! -f $file ]] || IFS= read -r head <"$file" || true
  [[ $head =~ $form ]] || return 0
  live_colour=${BASH_REMATCH[1]} live_release=${BASH_REMATCH[2]} live_generation=${BASH_REMATCH[3]}
}

routes_text() { # routes_text <colour> <generation>
  local text
  text=$(document_content routes && printf .)
  text=${text%.} text=${text//<colour>/$1}
  printf '%s' "${text//<generation>/$2}"
}

# routes_match: whether the file is the document's, in its own colour and generation.
routes_match() {
  cmp -s "$(routes_file)" <(routes_text "$live_colour" "$live_generation")
}

routes_found() { # in a word, where they do not match
  if [[ -e $(routes_file) ]]; then printf 'changed by hand'; else printf missing; fi
}

# routes_switch <colour>: renames the new file into place, and waits until the proxy answers for it; else the old file comes back (F56).
routes_switch() {
  local file before generation
  file=$(routes_file) before=$(routes_before)
  printf -v generation '%(%s)T-%s' -1 "$number"
  (umask 022 && mkdir -p "${file%/*}")
  if [[ -f $file ]]; then write_file "$before" 0644 <"$file"; else write_file "$before" 0644 </dev/null; fi
  journal rollout apply switch
  routes_text "$1" "$generation" | write_file "$file" 0644
  journal rollout apply verify
  if routes_answer "$generation" "$routes_seconds"; then
    rm -f "$before"
    return
  fi
  routes_restore
  routes_say_proxy
  fail release "the proxy does not route by the new '$file' (document $number); the old one is back"
}

# routes_settle: a run that was killed between the switch and the proxy's answer left the file before: whichever the proxy follows is what is live.
routes_settle() {
  [[ -e $(routes_before) ]] || return 0
  routes_read
  if [[ -n $live_generation ]] && routes_answer "$live_generation" 5; then
    rm -f "$(routes_before)"
  else
    say release 'an earlier switch was not followed by the proxy, so the routes before it come back'
    routes_restore
  fi
}

routes_restore() {
  local file before
  file=$(routes_file) before=$(routes_before)
  if [[ -s $before ]]; then mv -T "$before" "$file"; else rm -f "$file" "$before"; fi
  sync "${file%/*}"
}

# routes_answer <generation> <seconds>: whether the proxy answers for it in time. Where the proxy is, Docker is asked once a second: that costs more than a probe.
routes_answer() {
  local address='' asked=-1 until=$((SECONDS + $2))
  while :; do
    if ((SECONDS != asked)); then
      asked=$SECONDS
      docker_renew "$(document_value project)-proxy"
      routes_find_proxy
      address=$(docker_address "${proxy:-none}") || true
    fi
    if [[ -n $address ]] && probe_is_good "$address" 8099 "/slipway/$1"; then return 0; fi
    ((SECONDS < until)) || return 1
    sleep 0.1
  done
}

routes_find_proxy() { # sets `proxy` to the id of its container
  docker_select project "$(document_value project)-proxy" state running
  proxy=${docker_selected[0]-}
}

routes_say_proxy() {
  routes_find_proxy
  if [[ -z $proxy ]]; then
    say release 'the proxy does not run'
  else
    say release 'the last lines of the proxy:'
    mask_learn
    { docker_do 20 logs --tail 10 "$proxy" 2>&1 || true; } | mask_text >&2
  fi
}
