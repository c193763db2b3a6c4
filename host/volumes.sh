# shellcheck shell=bash
# What is in a volume: where it lies, which Postgres cluster it holds, and what this server remembers of it.

declare -A volume_places=() # by name, the folder of each volume that exists
volumes_known=''            # whether a look has asked for all of them

volumes_read() { # volumes_read <name> …: fails unless the engine tells of each
  local name place lines code=0
  [[ -z $volumes_known ]] || return 0
  volume_places=()
  (($#)) || return 0
  lines=$(docker_do 20 volume inspect --format $'{{.Name}}\x1f{{.Mountpoint}}' "$@" 2>/dev/null) || code=$?
  while IFS=$'\x1f' read -r name place; do
    [[ -z $place ]] || volume_places[$name]=$place
  done <<<"$lines"
  return "$code"
}

# volume_look <name> <folder of the cluster>: sets `cluster`, Postgres' system identifier, and `major`, both empty where there is no cluster.
volume_look() {
  local place=${volume_places[$1]:-}/$2
  cluster='' major=''
  [[ -n ${volume_places[$1]:-} && -n $2 ]] || return 0
  if [[ -f $place/PG_VERSION ]]; then read -r major <"$place/PG_VERSION" || true; fi
  if [[ -s $place/global/pg_control ]]; then
    cluster=$(od -An -tu8 -N8 --endian=little "$place/global/pg_control")
    cluster=${cluster//[^0-9]/}
  fi
}

machine_id() {
  local id=''
  if [[ -e /etc/machine-id ]]; then read -r id </etc/machine-id || true; fi
  printf '%s' "$id"
}

# What is remembered of a volume outlives its stack: a file for each (stack, volume), since a service may have more than one, in lines that older and newer programs read.
data_file() { # data_file <stack> <volume>
  printf '%s/data-1/%s@%s' "$state" "${1/\//@}" "$2"
}

# data_read <file>: sets data_owner, the stack, and data_volume, data_service, data_cluster and data_machine.
data_read() {
  local word value ended=''
  data_owner=${1##*/} data_owner=${data_owner%@*} data_owner=${data_owner/@//}
  data_volume='' data_service='' data_cluster='' data_machine=''
  while IFS=' ' read -r word value; do
    case $word in
      volume) data_volume=$value ;;
      service) data_service=$value ;;
      cluster) data_cluster=$value ;;
      machine) data_machine=$value ;;
      end) ended=yes ;;
    esac
  done <"$1"
  [[ -n $ended ]] || fail volume "'$1' cannot be read, so it is not known what data this server held; restore that file"
}

# data_write <stack> <volume> <service> <postgres|files> <cluster> <machine>
data_write() {
  mkdir -p "$state/data-1"
  printf 'slipway data 1\nvolume %s\nservice %s\ndata %s\ncluster %s\nmachine %s\nend\n' "${@:2}" | write_file "$(data_file "$1" "$2")"
}
