# Types a line into an interactive zsh, presses Tab, and prints what the line has become.
# completion.zsh <zsh> <folder with zsh unpacked, or nothing> <line>
typeset -a loadable autoloaded
if [[ -n $2 ]]; then
  loadable=($2/usr/lib/*/zsh/$ZSH_VERSION(N))
  autoloaded=($2/usr/share/zsh/functions/**/*(N/))
  module_path=($loadable)
fi
zmodload zsh/zpty
zpty shell "$1" -f -i
zpty -w shell "PS1=; ${loadable:+module_path=($loadable); fpath=($autoloaded)}"
zpty -w shell "autoload -U compinit && compinit -u -D; source <(slipway completion zsh)"
zpty -w shell "show() { zle -I; print -r -- \"<\$BUFFER>\"; }; zle -N show; bindkey '^I' complete-word; bindkey '^X' show"
zpty -w shell "print -r READ''Y"
zpty -r shell answer '*READY*'
zpty -w -n shell "$3"$'\t\x18'
zpty -r shell answer '*<slipway*>*'
answer=${answer##*<}
print -r -- "${answer%%>*}"
zpty -d shell
