# shellcheck shell=bash
# What was read of a document, as bash itself writes it: taking that takes a moment, and reading the document takes a while.

reading_print() {
  declare -p document_lines document_values document_maps document_contents
}

# reading_take <text>: each line of it that declares something makes it known everywhere.
reading_take() {
  local text=$'\n'$1
  eval "${text//$'\n'declare -/$'\n'declare -g}"
}
