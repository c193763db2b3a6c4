#compdef slipway
# Completes the command lines of slipway in zsh. Load it with: source <(slipway completion zsh)
_slipway() {
  local line offered
  local -a whole open
  for line in "${(@f)$(${(Q)words[1]/#\~/$HOME} completion candidates -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
    offered=${line%%$'\t'*}
    case $offered in
      :file) _files; return ;;
      :folder) _files -/; return ;;
      *=) open+=("$offered") ;;
      ?*) whole+=("${offered//:/\\:}:${line#*$'\t'}") ;;
    esac
  done
  (( $#open )) && compadd -S '' -- $open
  (( $#whole )) && _describe 'slipway' whole
}
compdef _slipway slipway
