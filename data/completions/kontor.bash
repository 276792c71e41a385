# kontor.bash: bash completes kontor's commands by asking kontor itself.
# shellcheck shell=bash

_kontor ()
{
  local words=() word line candidate joined='' i
  # bash breaks --flag=value into three words; kontor wants it whole
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $word == '=' && ${#words[@]} -gt 0 && ${words[-1]} == --* ]]; then
      words[-1]+='='
      joined=yes
    elif [[ $joined == yes && ${words[-1]} == --*= ]]; then
      words[-1]+=$word
      joined=''
    else
      words+=("$word")
      joined=''
    fi
  done

  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      compopt -o default 2>/dev/null
      continue
    fi
    candidate=${line%%$'\t'*}
    [[ $candidate == *[.=] ]] && compopt -o nospace 2>/dev/null
    [[ ${words[-1]} == --*=* ]] && candidate=${candidate#*=}
    COMPREPLY+=("$candidate")
  done < <("${COMP_WORDS[0]}" __complete -- "${words[@]}" 2>/dev/null)
}

complete -F _kontor kontor
