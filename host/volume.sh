# shellcheck shell=bash
# The verb `volume`, the guard of data: the volume is there, and holds what it held. Nothing here ever deletes or empties a volume, and what is remembered outlives
# every delete. The compose verb asks `guard_check <volume>` before each start and tells `guard_remember <volume>` after the first healthy one.

volume_object() {
  local volume
  volume=$(document_value volume)
  printf 'volume:%s' "$volume"
}

volume_differences() {
  guard_look
  [[ -z $guard_problem ]] || difference "volume $volume" "$guard_expected" "$guard_found"
}

volume_apply() {
  local said
  guard_look
  if [[ $guard_found == missing && -z $data_volume ]]; then
    said=$(docker_do 30 volume create "$volume" 2>&1) ||
      fail volume "cannot make '$volume' (document $number): ${said##*$'\n'}; mend that and run \`pulumi up\` again"
    guard_look
  fi
  guard_enforce
}

volume_delete() {
  say volume "keeps '$(document_value volume)' and what is remembered of it; \`docker volume rm\` deletes data for good"
}

declare -a guard_volumes=()

# guard_read: sets guard_volumes to the named volumes of the document's services, each once, though more than one service may mount it.
guard_read() {
  local service volume names
  local -A seen=()
  guard_volumes=()
  names=$(document_keys services)
  while IFS= read -r service; do
    [[ -n $service ]] || continue
    document_has services "$service" volumes || continue
    while IFS= read -r volume; do
      [[ -n $volume && -z ${seen[$volume]:-} ]] || continue
      seen[$volume]=yes
      guard_volumes+=("$volume")
    done < <(document_keys services "$service" volumes)
  done <<<"$names"
}

# guard_tells: for a verb's answer, what is remembered of each volume; the stack's outputs keep it, since a server that was set up anew knows nothing.
guard_tells() {
  local volume file
  for volume in "${guard_volumes[@]}"; do
    file=$(data_file "$stack" "$volume")
    [[ -e $file ]] || continue
    data_read "$file"
    told+=("data $volume" "$data_service $data_machine $data_cluster")
  done
}

# guard_check <volume>: stops before a start that could initialise or change the wrong data.
guard_check() (
  guard_document "$1"
  guard_look
  guard_enforce
)

# guard_remember <volume>: what is in it now belongs to the service, on this machine.
guard_remember() (
  guard_document "$1"
  guard_look
  guard_enforce
  [[ $data != postgres || -n $cluster ]] ||
    fail volume "'$volume' holds no Postgres cluster at '$folder_of_cluster' though '$service' is healthy; set where its data lies"
  [[ $data_volume == "$volume" && $data_service == "$service" && (-z $cluster || -n $data_cluster) ]] ||
    data_write "$stack" "$volume" "$service" "$data" "${cluster:-$data_cluster}" "$(machine_id)"
)

guard_document() { # guard_document <volume>: reads its own document, in a shell of its own
  object=volume:$1
  applied_read "$object"
  [[ -n $applied_number ]] || fail volume "no document was applied for volume '$1'; run \`pulumi up\` again"
  number=$applied_number
  document_read "$(applied_file "$object")" "$applied_above"
}

# guard_look: sets guard_problem, empty where all is well, with guard_expected and guard_found in short, and guard_help.
guard_look() {
  local wanted_major
  volume=$(document_value volume) service=$(document_value service) data=$(document_value data)
  folder_of_cluster='' wanted_major='' guard_problem='' guard_expected='' guard_found=''
  if document_has cluster; then folder_of_cluster=$(document_value cluster); fi
  if document_has major; then wanted_major=$(document_value major); fi
  # One that is not there is asked for again, of an engine that answers.
  volumes_read "$volume" || { docker_need volume && volumes_read "$volume"; } || true
  volume_look "$volume" "$folder_of_cluster"
  guard_look_at_memory
  guard_look_at_others
  if [[ -z $guard_problem && -n $wanted_major && -n $major && $major != "$wanted_major" ]]; then
    guard_says "Postgres $wanted_major" "Postgres $major" "was made by Postgres $major, which version $wanted_major cannot start on"
    guard_help='upgrade the data first (dump and restore into a new volume), or keep the major'
  fi
}

guard_look_at_memory() {
  local file machine
  file=$(data_file "$stack" "$volume")
  guard_help="restore the volume and run again, or $(guard_forgets "$file"): $guard_anew"
  data_volume='' data_service='' data_cluster=''
  if [[ ! -e $file ]]; then
    guard_help="run \`pulumi up\` again, which makes it"
    [[ -n ${volume_places[$volume]:-} ]] || guard_says 'a volume' missing 'is missing'
    return
  fi
  data_read "$file"
  machine=$(machine_id)
  if [[ $data_machine != "$machine" ]]; then
    guard_says "machine $data_machine" "machine $machine" "was remembered on machine $data_machine, and this is $machine"
  elif [[ -z ${volume_places[$volume]:-} ]]; then
    guard_says "$data of '$data_service'" missing 'is gone, which held data'
  elif [[ $data != postgres || -z $data_cluster ]]; then
    return 0 # files are remembered by their volume, and so is what was not known for a cluster yet
  elif [[ -z $cluster ]]; then
    guard_says "cluster $data_cluster" empty "is empty, which held Postgres cluster $data_cluster"
  elif [[ $cluster != "$data_cluster" ]]; then
    guard_says "cluster $data_cluster" "cluster $cluster" "holds another Postgres cluster, $cluster instead of $data_cluster"
  fi
}

# guard_look_at_others: a volume of which nothing is remembered is not taken where another stack left its data in it, though its claim is gone (F83), or where the
# cluster of the service is in another volume, since Postgres would start an empty cluster beside it.
guard_look_at_others() {
  local file
  [[ -z $data_volume ]] || return 0
  for file in "$state"/data-1/*; do
    data_read "$file"
    if [[ $data_owner == "$stack" ]]; then
      [[ $data == postgres && -n $data_cluster && $data_service == "$service" ]] || continue
      guard_says "volume $data_volume" "volume $volume" "is not where the Postgres cluster of '$service' is, which is volume '$data_volume'"
      guard_help="name that volume again, or $(guard_forgets "$file"): $guard_anew"
    elif [[ $data_volume == "$volume" ]]; then
      guard_says "data of $stack" "data of $data_owner" "holds the data of '$data_owner'"
      guard_help="choose another project, or $(guard_forgets "$file"): this stack then takes what is there"
    else
      continue
    fi
    break
  done
  data_volume='' data_service='' data_cluster=''
}

guard_anew='the next run takes what is there, and starts with an empty volume if there is none'
guard_forgets() { printf "remove '%s' on the server, which makes slipway forget that data" "$1"; }

guard_says() { # guard_says <expected> <found> <problem>
  guard_expected=$1 guard_found=$2 guard_problem="volume '$volume' $3"
}

guard_enforce() {
  [[ -z $guard_problem ]] || fail volume "$guard_problem (document $number); $guard_help"
}
