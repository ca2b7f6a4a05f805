//! The command tree as the manifest of the `heroku` command's plugin: what `heroku help`, `--help` and
//! `heroku autocomplete` say about each command is what clap says about it.
//!
//! The form is oclif's `oclif.manifest.json`, as the `heroku` command 11.10.0 reads it: commands by id, each with its
//! description, arguments and flags. `heroku connect:ops:postgres:compare` is `hcops postgres compare`.

use std::collections::BTreeMap;

use clap::{Arg, ArgAction, Command};
use serde::{Serialize, Serializer};

use super::help;

/// The topic of the plugin, under which every word of a command is one more part of its id.
const TOPIC: &str = "connect:ops";

/// Commands about `hcops` itself, which somebody who calls it through `heroku` does not look for.
const OF_HCOPS_ITSELF: [&str; 2] = ["completions", "man"];

/// What the plugin's `oclif.manifest.json` holds.
#[derive(Serialize)]
pub(super) struct Manifest {
    commands: BTreeMap<String, Entry>,
    version: &'static str,
}

/// One command.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    id: String,
    /// Its first line stands in lists.
    description: String,
    usage: String,
    #[serde(skip_serializing_if = "is_not")]
    hidden: bool,
    strict: bool,
    aliases: [String; 0],
    hidden_aliases: [String; 0],
    #[serde(serialize_with = "by_name")]
    args: Vec<Argument>,
    flags: BTreeMap<String, Flag>,
}

#[derive(Serialize)]
struct Argument {
    name: String,
    description: String,
    #[serde(skip_serializing_if = "is_not")]
    required: bool,
    #[serde(skip_serializing_if = "is_not")]
    multiple: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    options: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Flag {
    name: String,
    #[serde(rename = "type")]
    kind: &'static str,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    char: Option<char>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_group: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<String>,
    #[serde(skip_serializing_if = "is_not")]
    required: bool,
    #[serde(skip_serializing_if = "is_not")]
    multiple: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    options: Vec<String>,
}

/// What is not so need not be said.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
const fn is_not(said: &bool) -> bool {
    !*said
}

/// A map that keeps the order in which the arguments are typed.
fn by_name<S: Serializer>(arguments: &[Argument], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(arguments.iter().map(|argument| (&argument.name, argument)))
}

/// The manifest for this version of `hcops`.
pub(super) fn manifest() -> Manifest {
    let mut root = help::command();
    root.build();
    let speech = Speech { root: root.clone() };
    let mut commands = BTreeMap::new();
    collect(&mut root, &[], &speech, &mut commands);
    Manifest { commands, version: env!("CARGO_PKG_VERSION") }
}

fn collect(command: &mut Command, path: &[String], speech: &Speech, commands: &mut BTreeMap<String, Entry>) {
    if command.is_hide_set() {
        return;
    }
    let entry = entry(command, path, speech);
    commands.insert(entry.id.clone(), entry);
    for below in command.get_subcommands_mut() {
        let path = [path, &[below.get_name().to_owned()]].concat();
        collect(below, &path, speech, commands);
    }
}

fn entry(command: &mut Command, path: &[String], speech: &Speech) -> Entry {
    let of_hcops_itself = path.first().is_some_and(|word| OF_HCOPS_ITSELF.contains(&word.as_str()));
    let is_topic = !path.is_empty() && command.has_subcommands();
    let shown = |argument: &&Arg| !argument.is_hide_set() && !ANSWERED_BY_HEROKU.contains(&argument.get_id().as_str());
    let (positional, options): (Vec<&Arg>, Vec<&Arg>) =
        command.get_arguments().filter(shown).partition(|argument| argument.is_positional());
    let args = positional.into_iter().map(|argument| speech.argument(argument)).collect();
    let flags = options.into_iter().filter_map(|option| speech.flag(option));
    let flags = flags.map(|flag| (flag.name.clone(), flag)).collect();
    Entry {
        id: id(path),
        description: speech.description(command),
        usage: usage(command, path),
        hidden: of_hcops_itself || is_topic,
        strict: true,
        aliases: [],
        hidden_aliases: [],
        args,
        flags,
    }
}

/// Options that clap adds: `heroku` answers the first itself, and the other is about `hcops`.
const ANSWERED_BY_HEROKU: [&str; 2] = ["help", "version"];

fn id(path: &[String]) -> String {
    path.iter().fold(TOPIC.to_owned(), |id, word| format!("{id}:{word}"))
}

/// `hcops run [OPTIONS] <WHAT>` as it is typed here.
fn usage(command: &mut Command, path: &[String]) -> String {
    let told = command.render_usage().to_string();
    let words: Vec<&str> = told.split_whitespace().skip("Usage: hcops".split(' ').count() + path.len()).collect();
    format!("{} {}", id(path), words.join(" ")).trim_end().to_owned()
}

/// How the plugin speaks: as clap does, with the commands called by the names that they have here.
struct Speech {
    root: Command,
}

impl Speech {
    /// The first line says it all, and may come into a shell's completion script; then the rest, as far as there is one.
    fn description(&self, command: &Command) -> String {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        let long = command.get_long_about().map(ToString::to_string).unwrap_or_default();
        let rest = long.strip_prefix(&about).unwrap_or(&long).trim_start_matches(['.', ' ', '\n']).to_owned();
        let after = command.get_after_long_help().or_else(|| command.get_after_help());
        let after = after.map(ToString::to_string).unwrap_or_default();
        let first = harmless_in_a_shell(&self.translated(&about));
        let more =
            [rest, after].into_iter().filter(|part| !part.is_empty()).map(|part| self.translated(part.trim_end()));
        std::iter::once(first).chain(more).collect::<Vec<_>>().join("\n\n")
    }

    fn argument(&self, argument: &Arg) -> Argument {
        Argument {
            name: value_name(argument),
            description: self.help(argument),
            required: argument.is_required_set(),
            multiple: matches!(argument.get_action(), ArgAction::Append),
            options: possible_values(argument),
        }
    }

    /// Nothing for an option without a long name: the manifest knows flags by that.
    fn flag(&self, option: &Arg) -> Option<Flag> {
        let takes_a_value = option.get_action().takes_values();
        let options = possible_values(option);
        Some(Flag {
            name: option.get_long()?.to_owned(),
            kind: if takes_a_value { "option" } else { "boolean" },
            description: self.help(option),
            char: option.get_short(),
            help_group: option.get_help_heading().map(group),
            help_value: (takes_a_value && options.is_empty()).then(|| value_name(option)),
            default: if takes_a_value { default(option) } else { None },
            required: option.is_required_set(),
            multiple: matches!(option.get_action(), ArgAction::Append | ArgAction::Count),
            options,
        })
    }

    fn help(&self, argument: &Arg) -> String {
        let help = argument.get_long_help().or_else(|| argument.get_help());
        harmless_in_a_shell(&self.translated(&help.map(ToString::to_string).unwrap_or_default()))
    }

    /// Replaces each `hcops WORD …` that is a command by what is typed here for it.
    fn translated(&self, text: &str) -> String {
        let mut parts = text.split("hcops ");
        let mut translated = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            translated.push_str(&self.called_here(part).unwrap_or_else(|| format!("hcops {part}")));
        }
        translated
    }

    /// The text behind `hcops ` when it begins with a command or an option.
    fn called_here(&self, text: &str) -> Option<String> {
        let (mut command, mut path, mut rest) = (&self.root, Vec::new(), text);
        loop {
            let word = first_word(rest);
            let Some(below) = command.find_subcommand(word).filter(|_| !word.is_empty()) else { break };
            (command, rest) = (below, &rest[word.len()..]);
            path.push(word.to_owned());
            match rest.strip_prefix(' ') {
                Some(further) if command.find_subcommand(first_word(further)).is_some() => rest = further,
                _ => break,
            }
        }
        match path.is_empty() {
            false => Some(format!("heroku {}{rest}", id(&path))),
            true if rest.starts_with('-') => Some(format!("heroku {TOPIC} {rest}")),
            true => None,
        }
    }
}

/// `heroku` puts the word FLAGS behind it, and calls flags that every command takes global.
fn group(heading: &str) -> String {
    match heading {
        "Everywhere" => "GLOBAL".to_owned(),
        "Inputs" => "INPUT".to_owned(),
        other => other.to_uppercase(),
    }
}

fn first_word(text: &str) -> &str {
    let end = text.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
    &text[..end.unwrap_or(text.len())]
}

fn value_name(argument: &Arg) -> String {
    let names = argument.get_value_names().unwrap_or_default();
    names.first().map_or_else(|| argument.get_id().to_string().to_uppercase(), ToString::to_string)
}

fn possible_values(argument: &Arg) -> Vec<String> {
    if !argument.get_action().takes_values() {
        return Vec::new();
    }
    let values = argument.get_possible_values();
    values.iter().filter(|value| !value.is_hide_set()).map(|value| value.get_name().to_owned()).collect()
}

fn default(option: &Arg) -> Option<String> {
    option.get_default_values().first().map(|value| value.to_string_lossy().into_owned())
}

/// `heroku autocomplete` writes a flag's description, and the first line of a command's, between double quotes and
/// brackets into a script that zsh reads when it starts: a backtick there would be a command that is carried out.
fn harmless_in_a_shell(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut harmless = String::with_capacity(one_line.len());
    for letter in one_line.chars() {
        match letter {
            '`' | '"' => harmless.push('\''),
            '[' => harmless.push('('),
            ']' => harmless.push(')'),
            '$' | '\\' => {}
            other => harmless.push(other),
        }
    }
    harmless
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speech() -> Speech {
        Speech { root: help::command() }
    }

    #[test]
    fn every_command_that_is_not_hidden_is_there_under_its_words() {
        let manifest = manifest();
        for id in ["connect:ops", "connect:ops:run", "connect:ops:connect:pause", "connect:ops:postgres:compare"] {
            assert!(manifest.commands.contains_key(id), "{id}");
        }
        let mut root = help::command();
        root.build();
        let verbs = root.get_subcommands().filter(|verb| !verb.is_hide_set()).count();
        let of_one_word = manifest.commands.keys().filter(|id| id.matches(':').count() == 2).count();
        assert_eq!(verbs, of_one_word);
    }

    #[test]
    fn commands_are_called_by_the_names_that_they_have_here() {
        for (told, here) in [
            ("then `hcops resume` goes on", "then `heroku connect:ops:resume` goes on"),
            ("hcops run connect-pause", "heroku connect:ops:run connect-pause"),
            ("`hcops postgres compare A B`", "`heroku connect:ops:postgres:compare A B`"),
            ("hcops postgres A", "heroku connect:ops:postgres A"),
            ("hcops show | watch", "heroku connect:ops:show | watch"),
            ("More: hcops --help", "More: heroku connect:ops --help"),
            ("hcops reads, and hcops ", "hcops reads, and hcops "),
            ("hcops runs.", "heroku connect:ops:runs."),
        ] {
            assert_eq!(speech().translated(told), here);
        }
    }

    #[test]
    fn nothing_that_a_completion_script_holds_is_read_by_the_shell() {
        let manifest = manifest();
        for entry in manifest.commands.values() {
            let first = entry.description.lines().next().unwrap_or_default().to_owned();
            let flags = entry.flags.values().map(|flag| flag.description.clone());
            for text in flags.chain([first]) {
                assert!(!text.is_empty(), "{}: a description is missing", entry.id);
                assert!(!text.contains(['`', '$', '"', '\\', '\n', '[', ']']), "{}: {text}", entry.id);
            }
        }
    }

    #[test]
    fn a_flag_has_what_clap_knows_of_it() {
        let manifest = manifest();
        let flags = &manifest.commands["connect:ops:run"].flags;
        let app = &flags["app"];
        assert_eq!((app.kind, app.char, app.help_value.as_deref()), ("option", Some('a'), Some("APP")));
        let output = &flags["output"];
        assert_eq!((output.options.join(" "), output.default.as_deref()), ("text json".to_owned(), None));
        assert_eq!(manifest.commands["connect:ops:simulator"].flags["scenario"].default.as_deref(), Some("standard"));
        assert_eq!((flags["json"].kind, flags["confirm"].multiple), ("boolean", true));
        assert_eq!(flags["to"].help_group.as_deref(), Some("INPUT"));
        assert!(!flags.contains_key("help"), "heroku answers --help itself");
    }

    #[test]
    fn a_usage_begins_with_the_id() {
        let manifest = manifest();
        assert_eq!(manifest.commands["connect:ops:connect:pause"].usage, "connect:ops:connect:pause [OPTIONS]");
        assert!(manifest.commands["connect:ops:run"].usage.starts_with("connect:ops:run [OPTIONS] <PROCEDURE"));
        assert_eq!(manifest.commands["connect:ops"].usage, "connect:ops [OPTIONS] [COMMAND]");
    }
}
