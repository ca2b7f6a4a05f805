//! The scripts that shells load. Each only hands the words to hcops and shows what comes back.

use clap_complete::Shell;
use clap_complete::env::{Elvish, EnvCompleter, Fish, Powershell};

use crate::cli::environment;

/// The script of a shell.
pub(in crate::cli) fn script(shell: Shell) -> String {
    match shell {
        Shell::Bash => with_variable(BASH),
        Shell::Zsh => with_variable(ZSH),
        Shell::Fish => registration(&Fish),
        Shell::Elvish => registration(&Elvish),
        _ => registration(&Powershell),
    }
}

fn with_variable(script: &str) -> String {
    script.replace("VARIABLE", environment::COMPLETE)
}

/// The library's own script.
fn registration(shell: &dyn EnvCompleter) -> String {
    let mut script = Vec::new();
    // Writing into memory does not fail.
    let _infallible = shell.write_registration(environment::COMPLETE, "hcops", "hcops", "hcops", &mut script);
    String::from_utf8_lossy(&script).trim().to_owned()
}

/// Bash cuts words at `=` and `:` as well, and replaces only the last piece. So the pieces are put together again for hcops,
/// and what comes before the last piece is taken off its answers. `HCOPS_COMPLETE` and the rest are what clap's engine reads.
const BASH: &str = r#"# What Tab offers for hcops in bash. Made by: hcops completions bash

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
            VARIABLE=bash "${COMP_WORDS[0]}" -- "${words[@]}" 2>/dev/null
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
fi"#;

/// Works both ways in which zsh loads it: found as `_hcops` on the `fpath` it is the function itself, sourced it registers one.
const ZSH: &str = r#"#compdef hcops
# What Tab offers for hcops in zsh. Made by: hcops completions zsh

_hcops() {
    local line value
    local -a folders others
    for line in "${(@f)$(
        _CLAP_IFS=$'\n' _CLAP_COMPLETE_INDEX=$((CURRENT - 1)) VARIABLE=zsh \
            "${(Q)words[1]}" -- "${(@Q)words[1,CURRENT]}" 2>/dev/null
    )}"; do
        value="${line%%:*}"
        if [[ -z "$line" ]]; then
            continue
        elif [[ "$value" == */ ]]; then
            folders+=("${value%/}${line#"$value"}")
        else
            others+=("$line")
        fi
    done
    (( $#folders )) && _describe -V 'folders' folders -S '/' -r '/'
    (( $#others )) && _describe -V 'values' others
    (( $#folders + $#others ))
}

if [[ "$funcstack[1]" == _hcops ]]; then
    _hcops "$@"
else
    compdef _hcops hcops
fi"#;
