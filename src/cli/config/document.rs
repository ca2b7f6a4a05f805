//! What a config file says, from its text: every problem at once, each with its line and a caret.

use std::path::PathBuf;

use toml::de::DeTable;

use super::masked::{covered_values, masked};
use crate::cli::arguments::Form;
use hcops_i18n::Language;
use hcops_notify::Recipient;
use hcops_runbook::reader::{self, Node, Problems, Table};
use hcops_runbook::{Diagnostic, Diagnostics, Source, Spot, first_line, not_toml};

/// What a config file says; nothing where it is silent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::cli) struct Config {
    /// The app.
    pub(in crate::cli) app: Option<Written<String>>,
    /// How results are told.
    pub(in crate::cli) output: Option<Written<Form>>,
    /// Where what matters in a run is posted. An address may hold a token: it is not shown.
    pub(in crate::cli) notify: Option<Written<Addresses>>,
    /// Where runs are kept.
    pub(in crate::cli) journal: Option<Written<PathBuf>>,
    /// The language of screens.
    pub(in crate::cli) lang: Option<Written<Language>>,
}

/// A value, and the line of the file that it stands on, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Written<T> {
    pub(in crate::cli) value: T,
    pub(in crate::cli) line: usize,
}

/// Addresses that may hold tokens, so that none is ever shown whole.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::cli) struct Addresses(pub(in crate::cli) Vec<String>);

impl std::fmt::Debug for Addresses {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} addresses", self.0.len())
    }
}

/// Reads a config file's text. `home` is what `~` stands for.
///
/// # Errors
/// With every problem: broken TOML, unknown keys, values of the wrong kind. No finding shows what `notify` says.
pub(in crate::cli) fn parse(file_name: &str, text: &str, home: Option<&str>) -> Result<Config, Diagnostics> {
    let shown = Source::new(file_name, &masked(text));
    let (document, broken) = DeTable::parse_recoverable(text);
    let mut problems: Problems = broken.iter().map(|error| not_toml(error, text.len())).collect();
    if !problems.is_empty() {
        return Err(Diagnostics::of(&Source::new(file_name, &covered_values(text)), problems));
    }
    let table = Table::new(document.get_ref(), first_line(text), "the config file");
    let config = Reader { source: &shown, home }.config(table, &mut problems);
    if problems.is_empty() { Ok(config) } else { Err(Diagnostics::of(&shown, problems)) }
}

struct Reader<'a> {
    source: &'a Source,
    home: Option<&'a str>,
}

impl Reader<'_> {
    fn config(&self, mut table: Table<'_>, problems: &mut Problems) -> Config {
        let config = Config {
            app: table.may("app", problems, app).map(|app| self.written(app)),
            output: table.may("output", problems, output).map(|output| self.written(output)),
            notify: table.may("notify", problems, addresses).map(|addresses| self.written(addresses)),
            journal: table.may("journal", problems, |node, problems| self.journal(node, problems)),
            lang: table.may("lang", problems, language).map(|language| self.written(language)),
        };
        table.finish(problems);
        config
    }

    fn written<T>(&self, spot: Spot<T>) -> Written<T> {
        let (line, _) = self.source.position(spot.span.start);
        Written { value: spot.value, line }
    }

    fn journal(&self, node: &Node<'_>, problems: &mut Problems) -> Option<Written<PathBuf>> {
        let text = reader::text(node, problems)?;
        match directory(&text.value, self.home) {
            Ok(path) => Some(self.written(Spot::new(path, text.span))),
            Err(finding) => {
                problems.push(finding.at(&text.span));
                None
            }
        }
    }
}

fn app(node: &Node<'_>, problems: &mut Problems) -> Option<Spot<String>> {
    let app = reader::text(node, problems)?;
    if app.value.trim().is_empty() {
        problems.push(Diagnostic::error("an app has a name").at(&app.span).because("nothing is named here"));
        return None;
    }
    Some(app)
}

fn output(node: &Node<'_>, problems: &mut Problems) -> Option<Spot<Form>> {
    choice(node, problems, &[("text", Form::Text), ("json", Form::Json)])
}

fn language(node: &Node<'_>, problems: &mut Problems) -> Option<Spot<Language>> {
    choice(node, problems, &[Language::English, Language::Japanese].map(|language| (language.code(), language)))
}

fn choice<T: Copy>(node: &Node<'_>, problems: &mut Problems, choices: &[(&str, T)]) -> Option<Spot<T>> {
    let text = reader::text(node, problems)?;
    if let Some((_, chosen)) = choices.iter().find(|(name, _)| *name == text.value) {
        return Some(Spot::new(*chosen, text.span));
    }
    let names: Vec<String> = choices.iter().map(|(name, _)| format!("`{name}`")).collect();
    let message = format!("`{}` is none of {}", text.value, names.join(", "));
    problems.push(Diagnostic::error(message).at(&text.span).because("not known here"));
    None
}

/// One address, or a list of them.
fn addresses(node: &Node<'_>, problems: &mut Problems) -> Option<Spot<Addresses>> {
    let several = node.get_ref().is_array();
    let texts = if several { reader::texts(node, problems)? } else { vec![reader::text(node, problems)?] };
    for text in &texts {
        if let Err(bad) = Recipient::server(&text.value) {
            let finding = Diagnostic::error(format!("nobody can be told there: {bad}")).at(&text.span);
            problems.push(finding.help("an address begins with https://, for Slack's form with slack+https://"));
        }
    }
    let span = node.span();
    Some(Spot::new(Addresses(texts.into_iter().map(|text| text.value).collect()), span))
}

/// The directory that is meant; a relative one would be another one wherever hcops is called.
fn directory(text: &str, home: Option<&str>) -> Result<PathBuf, Diagnostic> {
    if is_address(text) {
        return Err(Diagnostic::error("runs can't be kept in a database yet: that is not built")
            .because("an address, not a directory")
            .help("name a directory; leave `journal` out for the usual one"));
    }
    let path = match (text.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => PathBuf::from(home).join(rest),
        _ => PathBuf::from(text),
    };
    if path.is_absolute() {
        return Ok(path);
    }
    Err(Diagnostic::error("a directory must be named from the root, or begin with `~/`")
        .because("it would be another directory wherever hcops is called"))
}

/// Whether this is a database's address, with which a journal elsewhere would be named.
pub(in crate::cli) fn is_address(text: &str) -> bool {
    text.starts_with("postgres://") || text.starts_with("postgresql://")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        parse("config.toml", text, None).unwrap_err().to_string()
    }

    #[test]
    fn each_value_knows_its_line() {
        let text = "# mine\napp = \"acme-crm\"\noutput = \"json\"\n\nnotify = [\n  \"https://a.example/x\",\n]\n\
                    journal = \"~/runs\"\nlang = \"ja\"\n";
        let config = parse("config.toml", text, Some("/home/ada")).unwrap();
        assert_eq!(config.app, Some(Written { value: "acme-crm".to_owned(), line: 2 }));
        assert_eq!(config.output, Some(Written { value: Form::Json, line: 3 }));
        assert_eq!(config.notify.map(|notify| notify.line), Some(5));
        assert_eq!(config.journal, Some(Written { value: PathBuf::from("/home/ada/runs"), line: 8 }));
        assert_eq!(config.lang, Some(Written { value: Language::Japanese, line: 9 }));
    }

    #[test]
    fn an_empty_file_says_nothing() {
        assert_eq!(parse("config.toml", "", None).unwrap(), Config::default());
    }

    #[test]
    fn every_problem_is_shown_at_once_with_its_place() {
        let told = refused("ap = \"acme\"\noutput = \"xml\"\nlang = 3\n");
        for part in ["config.toml:1:1", "did you mean `app`?", "config.toml:2:10", "config.toml:3:8", "^"] {
            assert!(told.contains(part), "{part} is missing in\n{told}");
        }
    }

    #[test]
    fn a_torn_file_is_refused_where_it_ends() {
        assert!(refused("app = \"acme-c").contains("config.toml:1:"));
        assert!(refused("app = ").contains("not TOML"));
    }

    #[test]
    fn runs_are_kept_in_a_directory_and_nowhere_else() {
        let told = refused("journal = \"postgres://ada:hunter2@db.example/runs\"\n");
        assert!(told.contains("that is not built") && !told.contains("hunter2"), "{told}");
        assert!(refused("journal = \"runs\"\n").contains("from the root"));
    }

    #[test]
    fn no_refusal_shows_where_notices_go() {
        for text in [
            "notify = \"ftp://hooks.example/T0/hunter2\"\n",
            "notify = \"hunter2\"\n",
            "notify = hunter2\n",
            "notify = [\"https://hooks.example/hunter2\", 3]\n",
            "notify = [\n \"https://hooks.example/hunter2\",\n \"https://hooks.example/hunter2\nlang = 3",
        ] {
            let told = refused(text);
            assert!(!told.contains("hunter2") && told.contains("config.toml:"), "{text}: {told}");
        }
    }
}
