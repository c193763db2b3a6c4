# shellcheck shell=bash
# The verb `images`: every image that the stack runs is on the server, by digest, before anything else changes. Deletes nothing.

images_at_once=4                # pulls
images_seconds=600              # for one image
declare -a images_wanted=()     # references by digest
declare -A images_platforms=() # by reference; empty where the image is not on the server

images_object() { printf images; }

images_differences() {
  local reference
  images_read
  for reference in "${images_wanted[@]}"; do
    [[ ${images_platforms[$reference]} == "$docker_platform" ]] ||
      difference "$reference" "$docker_platform" "${images_platforms[$reference]:-missing}"
  done
}

# images_read: what is here. Nearly always everything is, so one question is enough; docker does not say which of several it found.
images_read() {
  local platforms reference at
  local -a found=()
  docker_need images
  document_list images_wanted images
  images_platforms=()
  ((${#images_wanted[@]})) || return 0
  if platforms=$(images_ask "${images_wanted[@]}"); then
    mapfile -t found <<<"$platforms"
    for at in "${!images_wanted[@]}"; do images_platforms[${images_wanted[at]}]=${found[at]}; done
  else
    for reference in "${images_wanted[@]}"; do images_platforms[$reference]=$(images_ask "$reference") || true; done
  fi
}

images_ask() { # images_ask <reference> …: the platforms, in their order
  docker_do 30 image inspect --format '{{.Os}}/{{.Architecture}}' "$@" 2>/dev/null
}

images_apply() {
  local reference
  local -a missing=()
  images_read
  for reference in "${images_wanted[@]}"; do
    [[ -n ${images_platforms[$reference]} ]] || missing+=("$reference")
  done
  if ((${#missing[@]})); then
    say images "pulls ${#missing[@]} of ${#images_wanted[@]}"
    images_login
    images_pull "${missing[@]}"
    docker_settings=/nonexistent
    images_read
  fi
  images_check "${missing[@]}"
}

# The login comes from the session and lies in memory beside the verb's other secrets, which go with it; the server itself keeps none (E10).
images_login() {
  [[ -e $folder/secrets/registry ]] || return 0
  docker_settings=$folder/secrets/docker
  mkdir -p "$docker_settings"
  cp "$folder/secrets/registry" "$docker_settings/config.json"
}

# images_pull <reference> …: all of them, whatever becomes of one; what the engine said is kept.
images_pull() {
  local at running=0
  for ((at = 1; at <= $#; at++)); do
    if ((running >= images_at_once)); then wait -n || true; else running=$((running + 1)); fi
    docker_do "$images_seconds" pull --quiet "${!at}" >"$folder/pull.$at" 2>&1 &
  done
  wait
}

# images_check <reference that was pulled> …: one run names everything that is wrong (F26, F32).
images_check() {
  local reference platform wrong=0
  local -a pulled=("$@")
  for reference in "${images_wanted[@]}"; do
    platform=${images_platforms[$reference]}
    [[ $platform != "$docker_platform" ]] || continue
    wrong=1
    if [[ -z $platform ]]; then
      images_say_missing "$reference"
    else
      say images "'$reference' of $(document_value images "$reference") is for $platform, but this server runs $docker_platform; build it for $docker_platform too"
    fi
  done
  ((wrong == 0)) || fail images 'nothing was changed, since not every image can run here'
}

images_say_missing() { # images_say_missing <reference>
  local at said=''
  for at in "${!pulled[@]}"; do
    [[ ${pulled[at]} != "$1" ]] || said=$(<"$folder/pull.$((at + 1))")
  done
  said=${said##*$'\n'}
  say images "'$1' of $(document_value images "$1") cannot be pulled from $(images_registry "$1"): ${said:-no answer within $images_seconds s}"
}

images_registry() { # images_registry <reference>
  local first=${1%%/*}
  if [[ $1 == */* && ($first == *[.:]* || $first == localhost) ]]; then printf '%s' "$first"; else printf docker.io; fi
}

images_delete() {
  say images 'keeps all images'
}

# images_applied: prints, of the images document that was applied, a map of JSON from service to reference; nothing where there is none. In a shell of its own,
# since it reads another document.
images_applied() (
  local file keys reference service services map='' json
  file=$(applied_file images)
  [[ -e $file ]] || return 0
  document_read "$file" "$applied_above"
  keys=$(document_keys images)
  while IFS= read -r reference; do
    services=$(document_value images "$reference")
    for service in $services; do
      json_quote "$service" && map+=",$json"
      json_quote "$reference" && map+=":$json"
    done
  done <<<"$keys"
  printf '{%s}' "${map#,}"
)
