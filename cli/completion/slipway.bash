# Completes the command lines of slipway in bash. Load it with: source <(slipway completion bash)
_slipway() {
  local word=${COMP_WORDS[COMP_CWORD]} offered _
  [[ $word == "=" ]] && word=
  COMPREPLY=()
  while IFS=$'\t' read -r offered _; do
    case $offered in
      :file | :folder)
        local kind=f
        [[ $offered == :folder ]] && kind=d
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen "-$kind" -- "$word")
        ;;
      *)
        [[ $offered == *= ]] && compopt -o nospace
        COMPREPLY+=("$offered")
        ;;
    esac
  done < <("${1/#\~/$HOME}" completion candidates -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _slipway slipway
