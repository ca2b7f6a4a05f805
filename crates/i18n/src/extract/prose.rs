use super::written::Written;

/// Whether a text of a source is for people: a sentence, and no query.
pub(super) fn is_prose(text: &Written) -> bool {
    is_sentence(text) && !is_code(&without_quoted_commands(&text.skeleton()))
}

/// Whether a text has at least two words, one of them in small letters, and is no command.
pub(super) fn is_sentence(text: &Written) -> bool {
    let skeleton = without_quoted_commands(&text.skeleton());
    let words: Vec<&str> = skeleton.split_whitespace().collect();
    words.len() >= 2 && words.iter().any(|word| is_word(word)) && !is_command(&words)
}

/// Whether a single word is a label, by itself or before what it labels.
pub(super) fn is_label(text: &Written) -> bool {
    let skeleton = text.skeleton();
    let bare = skeleton.trim_matches([' ', '\0']);
    !bare.contains(' ') && bare.chars().filter(char::is_ascii_lowercase).count() >= 2
}

fn is_word(word: &str) -> bool {
    if word.starts_with('-') {
        return false;
    }
    let word = word.trim_matches(|character: char| character.is_ascii_punctuation() || character == '\0');
    word.len() >= 2 && word.chars().all(|character| character.is_ascii_lowercase() || "'-".contains(character))
}

fn without_quoted_commands(text: &str) -> String {
    text.split('`').step_by(2).collect::<Vec<_>>().join(" x ")
}

const VERBS: [&str; 24] = [
    "abort",
    "answer",
    "app",
    "completions",
    "config",
    "connect",
    "doctor",
    "man",
    "plan",
    "postgres",
    "rehearse",
    "report",
    "resume",
    "run",
    "runbook",
    "runs",
    "show",
    "simulator",
    "status",
    "stop",
    "watch",
    "windows",
    "apps",
    "login",
];

/// Commands are the same in every language.
fn is_command(words: &[&str]) -> bool {
    let program = ["hcops", "heroku", "git", "psql", "kill", "ulimit", "vacuumdb", "cargo"].contains(&words[0]);
    let argument = words[1];
    let like_one = argument.contains(':') || argument.starts_with(['-', '\0']) || VERBS.contains(&argument);
    let with_options = words.iter().any(|word| word.starts_with('-'));
    program && (like_one || with_options) && !words[words.len() - 1].ends_with('.')
}

/// What stands in queries, tables of Markdown and documents of JSON, and in no sentence.
const CODE: [&str; 31] = [
    "select ",
    "coalesce(",
    "hashtext",
    "hashbpchar",
    "extract(epoch",
    "n.nspname",
    ".relkind",
    ".ctid",
    "set local",
    "set transaction",
    "read only;",
    "isolation level",
    "union all",
    "case when",
    "order by ",
    "listen \0",
    "is null",
    "analyze \0.",
    "state in (",
    "in (\0)",
    " = \0",
    " > \0",
    "/* ",
    "timestamp '",
    "information_schema'",
    "\0=\0",
    "```",
    "|--",
    "- [",
    " --input \0",
    "\":",
];

fn is_code(skeleton: &str) -> bool {
    let lower = skeleton.to_ascii_lowercase();
    let cast = lower.split("::").skip(1).any(|after| after.starts_with(|first: char| first.is_ascii_lowercase()));
    cast || lower.starts_with("# ") || CODE.iter().any(|mark| lower.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::is_prose;
    use crate::extract::holes::of_format;
    use crate::extract::written::Written;

    #[test]
    fn sentences_are_told_from_names_commands_and_queries() {
        for sentence in [
            "there is no app",
            "Check the name.",
            "hcops does not know this state",
            "heroku login first, then try again.",
            "{name} is {state}",
            "{count} more",
        ] {
            assert!(is_prose(&of_format(sentence, &[])), "{sentence}");
        }
        for other in [
            "resume",
            "IDLE",
            "heroku apps --all",
            "heroku connect:state -a {app}",
            "hcops run {procedure} -a {app}",
            "{method} {target}",
            "SELECT n FROM counted",
            "begin read only; commit",
            "x.oid::text as name",
            "id > {newest}",
            "%Y-%m-%d %H:%M UTC",
            "Accept: */*",
        ] {
            assert!(!is_prose(&of_format(other, &[])), "{other}");
        }
        assert!(!is_prose(&Written::literal("`heroku pg:info` x")));
    }
}
