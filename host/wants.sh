# shellcheck shell=bash
# What the next look at the server is about, as the other end asked for it.

want_directory=''
# shellcheck disable=SC2034 # observe.sh reads them
declare -A want_projects=() want_ports=() want_volumes=() want_clusters=()

want() { # want "<what> <value>"
  local value=${1#* }
  case ${1%% *} in
    directory) want_directory=$value ;;
    project) want_projects[$value]=1 ;;
    port) want_ports[$value]=1 ;;
    volume) want_volumes[$value]=1 ;;
    cluster) want_clusters[${value%% *}]=${value#* } ;;
    *) fail attend "does not know how to look at '$1'; the other end speaks another version" ;;
  esac
}
