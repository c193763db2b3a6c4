# shellcheck shell=bash
# Reads the document of a verb: what one resource shall be, in the strict subset of YAML that model/document/writer.ts writes. A text in any other form is refused with
# the number of its line, so that a preview (which reads YAML) and a server (which reads this) never see two things in one text.
#   document_read <file> [<n>]  verifies and reads the whole file; until it has returned, nothing may act
# What was read is asked for by document-answer.sh. In the arrays below a path is each name after a tab.

document_longest=4096 document_longest_name=500 # bytes of a text behind a name, and of the name
document_deepest=3                              # steps that a name may be indented
declare -a document_lines=()                    # the whole text
declare -A document_values=() document_maps=() document_contents=()

document_read() { # document_read <file> [<number of lines above the document>]
  local -x LC_ALL=C # bytes, whatever language the server speaks
  document_values=() document_maps=() document_contents=()
  mapfile -t -s "${2:-0}" document_lines <"$1"
  local document_end=$((${#document_lines[@]} - 1)) # index of the trailer
  document_verify_trailer "$@"
  document_verify_characters
  document_read_header
  document_read_body
}

document_refuse() { # document_refuse <index of a line> <what is wrong with it>
  local line=${document_lines[$1]-}
  fail document "line $(($1 + 1)) $2, got $(printf '%q' "${line:0:60}"); only slipway writes documents, so run it again with one version on both sides"
}

# --- the bytes ---

document_verify_trailer() { # document_verify_trailer <file> [<number of lines above the document>]
  local form='^# ([0-9]+) bytes sha256:([0-9a-f]{64})$' text size sum IFS=$'\n'
  ((document_end >= 3)) || document_refuse "$((document_end < 0 ? 0 : document_end))" 'ends what is too short for a document'
  [[ ${document_lines[document_end]} =~ $form ]] || document_refuse "$document_end" 'is not the trailer that ends a document'
  text="${document_lines[*]:0:document_end}"$'\n'
  if ((${2:-0})); then size=$(tail -n "+$(($2 + 1))" "$1" | wc -c); else size=$(wc -c <"$1"); fi
  ((size == ${#text} + ${#document_lines[document_end]} + 1)) ||
    document_refuse "$(head -z -n 1 "$1" | wc -l)" 'holds a NUL byte or is not ended'
  [[ ${BASH_REMATCH[1]} == "${#text}" ]] || document_refuse "$document_end" "does not fit the ${#text} bytes before it"
  sum=$(printf '%s' "$text" | sha256sum)
  [[ ${BASH_REMATCH[2]} == "${sum%% *}" ]] || document_refuse "$document_end" 'does not fit the text before it'
}

document_verify_characters() {
  local IFS=$'\n' at
  [[ ${document_lines[*]} == *[$'\001'-$'\010'$'\013'-$'\037'$'\177'-$'\377']* ]] || return 0
  for at in "${!document_lines[@]}"; do
    document_is_printable "${document_lines[at]}" || document_refuse "$at" 'holds a character that is not printable UTF-8'
  done
}

# No control characters but the tab, none that some reader takes for the end of a line (U+0085, U+2028, U+2029), no U+FEFF, U+FFFE and U+FFFF.
document_is_printable() { # document_is_printable <line>
  [[ $1 != *[$'\001'-$'\010'$'\012'-$'\037'$'\177']* ]] || return 1
  [[ $1 == *[$'\200'-$'\377']* ]] || return 0
  [[ $1 != *$'\302'[$'\200'-$'\237']* && $1 != *$'\342\200'[$'\250\251']* ]] || return 1
  [[ $1 != *$'\357\273\277'* && $1 != *$'\357\277'[$'\276\277']* ]] || return 1
  local rest=$1 next=$'[\200-\277]' # takes away the well-formed sequences, the frequent ones first
  rest=${rest//[$'\302'-$'\337']$next/.}
  rest=${rest//[$'\341'-$'\354\356\357']$next$next/.}
  [[ $rest == *[$'\200'-$'\377']* ]] || return 0
  rest=${rest//$'\340'[$'\240'-$'\277']$next/.}
  rest=${rest//$'\355'[$'\200'-$'\237']$next/.}
  rest=${rest//$'\360'[$'\220'-$'\277']$next$next/.}
  rest=${rest//[$'\361'-$'\363']$next$next$next/.}
  rest=${rest//$'\364'[$'\200'-$'\217']$next$next/.}
  [[ $rest != *[$'\200'-$'\377']* ]]
}

# --- the lines ---

document_read_header() {
  local kind="^kind: '([a-z]+(-[a-z]+)*)'\$" number="^number: '([1-9][0-9]{0,14}\.[0-9a-z]+)'\$" word part rest
  [[ ${document_lines[0]} =~ $kind ]] || document_refuse 0 'is not the kind of a document'
  document_values[$'\tkind']=${BASH_REMATCH[1]}
  [[ ${document_lines[1]} == "resource: '"??* ]] || document_refuse 1 'is not the resource of a document'
  document_read_value $'\tresource' 1 "${document_lines[1]#resource: }"
  [[ ${document_lines[2]} =~ $number ]] || document_refuse 2 'is not the number of a document'
  document_values[$'\tnumber']=${BASH_REMATCH[1]}
}

# One round for each line, and a short one for lines below a content, since bash is slow: a megabyte has tens of thousands.
document_read_body() {
  local at=2 depth name word part rest path prefix='' open=0 opened='' line
  local -a above=('') before=('') # by depth: the path of the map that is open, and the name read last in it
  document_maps[$'\t']=''
  for line in "${document_lines[@]:3:document_end-3}"; do
    at=$((at + 1))
    [[ -n $prefix && (-z $line || $line == "$prefix"?*) ]] && continue
    [[ -z $prefix ]] || document_end_content
    document_read_entry
  done
  at=$((at + 1))
  [[ -z $prefix ]] || document_end_content
  [[ -z $opened ]] || document_refuse "$opened" 'has nothing below it'
}

document_read_entry() {
  rest=${line#"${line%%[! ]*}"}
  depth=$(((${#line} - ${#rest}) / 2))
  ((depth <= open && depth * 2 + ${#rest} == ${#line})) || document_refuse "$at" 'is indented otherwise than the names above it'
  [[ -z $opened || $depth == "$open" ]] || document_refuse "$opened" 'has nothing below it'
  document_read_name
  [[ ${before[depth]} < $name ]] || document_refuse "$at" 'is out of order or there twice'
  before[depth]=$name path=${above[depth]}$'\t'$name open=$depth opened=''
  document_maps[${above[depth]:-$'\t'}]+=$name$'\n'
  case $rest in
    : | ': {}') document_read_map ;;
    ": '"*) document_read_value "$path" "$at" "${rest#: }" ;;
    ': |2+' | ': |2-' | ": !base64 '"*) document_begin_content ;;
    *) document_refuse "$at" 'has something unknown behind its name' ;;
  esac
}

document_read_name() {
  if [[ $rest == \'* ]]; then
    document_unquote "$at" "$rest"
    name=$word
    ! document_is_plain "$name" || document_refuse "$at" 'quotes a name that needs no quotes'
  else
    name=${rest%%:*} rest=${rest#"${rest%%:*}"}
    document_is_plain "$name" || document_refuse "$at" 'does not begin with a name'
  fi
  ((${#name} > 0 && ${#name} <= document_longest_name)) ||
    document_refuse "$at" "has a name that is empty or longer than $document_longest_name bytes"
  [[ $depth != 0 || $name != @(kind|resource|number) ]] || document_refuse "$at" 'is out of order or there twice'
}

# The names that no reader of YAML takes for something else than a text.
document_is_plain() { # document_is_plain <name>
  [[ $1 == [A-Za-z_]* && $1 != *[!A-Za-z0-9_-]* ]] || return 1
  case ${1,,} in y | n | yes | no | on | off | true | false | null) return 1 ;; esac
}

document_read_map() {
  ((depth < document_deepest)) || document_refuse "$at" 'has names that are too deep'
  document_maps[$path]=''
  [[ $rest == : ]] || return 0
  open=$((depth + 1)) opened=$at
  above[open]=$path before[open]=''
}

document_read_value() { # document_read_value <path> <index of the line> <quoted text>
  document_unquote "$2" "$3"
  [[ -z $rest ]] || document_refuse "$2" 'has something behind its text'
  ((${#word} <= document_longest)) || document_refuse "$2" "is longer than $document_longest bytes"
  document_values[$1]=$word
}

# document_unquote <index of the line> <text>: sets `word` to what the quotes hold and `rest` to what follows them.
document_unquote() {
  rest=${2#\'} word='' part=''
  [[ $rest != *$'\t'* ]] || document_refuse "$1" 'holds a tab'
  while [[ $rest == *\'* ]]; do
    part=${rest%%\'*} word+=$part rest=${rest:${#part}+1}
    [[ $rest == \'* ]] || return 0
    word+=\' rest=${rest#\'}
  done
  document_refuse "$1" 'does not end its quotes'
}

# A content is lines as they stand below, the last one ended (+) or not (-), or base64 in comments; which of them fits is for the writer to know.
document_begin_content() {
  printf -v prefix '%*s' $((depth * 2 + 2)) ''
  case $rest in
    *+) document_contents[$path]="+:$((at + 1)):" ;;
    *-) document_contents[$path]="-:$((at + 1)):" ;;
    *) prefix+='# ' document_contents[$path]="base64:$((at + 1)):" ;;
  esac
}

# What was begun at `path` ends before the line `at`. Readers of YAML do not agree on blank lines with spaces at the end of a text.
document_end_content() {
  local content=${document_contents[$path]} first last=$((at - 1)) line
  first=${content#*:} first=${first%:}
  document_contents[$path]+="$((at - first)):$prefix"
  ((at > first)) || [[ $content == -* ]] || document_refuse "$last" 'has nothing below it'
  for ((; last >= first; last--)); do
    line=${document_lines[last]}
    [[ $line != *[!\ ]* ]] || break
    [[ -z $line && $content == +* ]] || document_refuse "$last" 'is a blank line that ends a text'
  done
  [[ $content != base64* ]] || document_verify_base64 "$first" "${document_lines[first - 1]##*!base64 }"
  prefix=''
}

document_verify_base64() { # document_verify_base64 <index of the first line> <quoted size and sum>
  local encoded letters sum
  encoded=$(document_print "$path") letters=${encoded//[$'=\n']/}
  [[ $encoded == "$(echo "$encoded" | base64 -d 2>/dev/null | base64)" ]] || document_refuse "$1" 'begins what is not base64 as slipway writes it'
  sum=$(echo "$encoded" | base64 -d | sha256sum)
  [[ $2 == "'$((${#letters} * 3 / 4)) bytes sha256:${sum%% *}'" ]] || document_refuse $(($1 - 1)) 'does not fit the bytes below it'
}
