# What Tab offers for hcops in bash. Made by: hcops completions bash

_hcops() {
    local rest="${COMP_LINE:0:COMP_POINT}" words=() word gap i
    for ((i = 0; i <= COMP_CWORD; i++)); do
        gap="${rest%%[![:space:]]*}"
        rest="${rest#"$gap"}"
        word="${COMP_WORDS[i]}"
        if ((i == COMP_CWORD)); then word="$rest"; fi
        rest="${rest#"$word"}"
        if [[ -n "$gap" ]] || ((i == 0)); then words+=("$word"); else words[${#words[@]} - 1]+="$word"; fi
    done
    if [[ ${#words[@]} -eq 0 ]]; then return; fi

    local last="${words[${#words[@]} - 1]}" cuts="" before=""
    if [[ "$COMP_WORDBREAKS" == *=* ]]; then cuts+="="; fi
    if [[ "$COMP_WORDBREAKS" == *:* ]]; then cuts+=":"; fi
    if [[ -n "$cuts" && "$last" == *[$cuts]* ]]; then before="${last%"${last##*[$cuts]}"}"; fi

    local IFS=$'\013'
    COMPREPLY=($(
        _CLAP_IFS="$IFS" _CLAP_COMPLETE_INDEX="$((${#words[@]} - 1))" _CLAP_COMPLETE_COMP_TYPE="$COMP_TYPE" \
            HCOPS_COMPLETE=bash "${COMP_WORDS[0]}" -- "${words[@]}" 2>/dev/null
    ))
    COMPREPLY=("${COMPREPLY[@]#"$before"}")
    if [[ ${#COMPREPLY[@]} -eq 1 && "${COMPREPLY[0]}" == *[=/:@] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}

if ((BASH_VERSINFO[0] > 4 || (BASH_VERSINFO[0] == 4 && BASH_VERSINFO[1] >= 4))); then
    complete -o bashdefault -o nosort -F _hcops hcops
else
    complete -o bashdefault -F _hcops hcops
fi
