//! Steps, holds and inputs that several runbooks share, each written once in a file of `fragments/`.

use std::borrow::Cow;
use std::path::Path;
use std::sync::LazyLock;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::Diagnostic;
use super::library::RUNBOOKS;
use super::nearest::{listed, nearest};
use super::parse::not_toml;
use super::reader::{Node, Problems};
use super::source::Source;

/// Those that are part of the program, read when the first runbook uses one.
static EMBEDDED: LazyLock<Vec<File<'static>>> = LazyLock::new(|| {
    let files = RUNBOOKS.get_dir("fragments").into_iter().flat_map(include_dir::Dir::files);
    let read = |found: &'static include_dir::File<'static>| {
        let text = found.contents_utf8()?;
        file(Source::new(&found.path().to_str()?.replace('\\', "/"), text), text)
    };
    files.filter_map(read).collect()
});

/// What a fragment stands in for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Step,
    Hold,
    Input,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Step, Self::Hold, Self::Input];

    /// The key of a runbook, and of a file of fragments, under which it is written.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Hold => "holds",
            Self::Input => "inputs",
        }
    }

    /// What it is called in messages.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Hold => "hold",
            Self::Input => "input",
        }
    }
}

/// The fragments that a runbook may use: those beside its file, and those that are part of the program.
#[derive(Debug, Clone, Default)]
pub struct Fragments {
    own: Vec<Source>,
}

impl Fragments {
    /// Only those that are part of the program.
    #[must_use]
    pub fn embedded() -> Self {
        Self::default()
    }

    /// Those of these files, and those that are part of the program. A `use` names a file without its folder and ending;
    /// of two fragments with the same name the one in these files is used.
    #[must_use]
    pub const fn beside(files: Vec<Source>) -> Self {
        Self { own: files }
    }

    /// Reads the files; one that is broken is told of where it is used.
    pub(super) fn read(&self) -> Shelf<'_> {
        Shelf { own: self.own.iter().filter_map(|source| file(source.clone(), &source.text)).collect() }
    }
}

/// Fragments as they were read.
pub(super) struct Shelf<'t> {
    own: Vec<File<'t>>,
}

struct File<'t> {
    /// The part of a `use` before the slash.
    name: String,
    source: Source,
    table: Result<DeTable<'t>, Problems>,
}

/// A fragment that was found, with the file it stands in.
pub(super) struct Fragment<'f> {
    pub(super) node: &'f Node<'f>,
    pub(super) source: &'f Source,
}

/// Why a `use` leads nowhere.
pub(super) enum Missing<'f> {
    /// No fragment has this name.
    Unknown,
    /// The file that should hold it can't be read.
    Broken(&'f Source, &'f Problems),
}

impl Shelf<'_> {
    fn files(&self) -> impl Iterator<Item = &File<'_>> {
        self.own.iter().chain(EMBEDDED.iter())
    }

    /// The fragment that `path` names, as in `silence/pause`.
    pub(super) fn find(&self, kind: Kind, path: &str) -> Result<Fragment<'_>, Missing<'_>> {
        let (file_name, name) = path.split_once('/').unwrap_or((path, ""));
        for file in self.files().filter(|file| file.name == file_name) {
            let table = file.table.as_ref().map_err(|problems| Missing::Broken(&file.source, problems))?;
            if let Some(node) = table.get(kind.key()).and_then(|all| all.get_ref().get(name)) {
                return Ok(Fragment { node, source: &file.source });
            }
        }
        Err(Missing::Unknown)
    }

    /// Every name of this kind, as a `use` has it.
    pub(super) fn names(&self, kind: Kind) -> Vec<String> {
        let of_file = |file: &File<'_>| -> Vec<String> {
            let table = file.table.as_ref().ok().and_then(|table| table.get(kind.key()));
            let names = table.and_then(|all| all.get_ref().as_table()).into_iter().flat_map(DeTable::keys);
            names.map(|name| format!("{}/{}", file.name, name.get_ref())).collect()
        };
        self.files().flat_map(of_file).collect()
    }

    /// What a name that leads nowhere may have been meant to be: a name like it, the same name in another file, or one of
    /// those in its file.
    pub(super) fn instead_of(&self, kind: Kind, path: &str) -> String {
        let known = self.names(kind);
        let (file_name, name) = path.split_once('/').unwrap_or(("", path));
        let elsewhere = || known.iter().find(|one| one.rsplit('/').next() == Some(name)).map(String::as_str);
        if let Some(meant) = elsewhere().or_else(|| nearest(path, known.iter().map(String::as_str))) {
            return format!("did you mean `{meant}`?");
        }
        let beside: Vec<&str> = known.iter().filter_map(|one| one.strip_prefix(file_name)?.strip_prefix('/')).collect();
        if beside.is_empty() {
            let mut files: Vec<&str> = known.iter().filter_map(|one| one.split('/').next()).collect();
            files.sort_unstable();
            files.dedup();
            return format!("write FILE/NAME; the files of fragments with a {} are: {}", kind.word(), listed(files));
        }
        format!("`{file_name}` holds: {}", listed(beside))
    }
}

fn file(source: Source, text: &str) -> Option<File<'_>> {
    let name = Path::new(&source.file_name).file_stem()?.to_str()?.to_owned();
    Some(File { name, source, table: table(text) })
}

/// The tables of a file of fragments; what is in them is read where it is used.
fn table(text: &str) -> Result<DeTable<'_>, Problems> {
    let (document, broken) = DeTable::parse_recoverable(text);
    if !broken.is_empty() {
        return Err(broken.iter().map(|error| not_toml(error, text.len())).collect());
    }
    let problems: Problems = document.get_ref().iter().filter_map(|(key, node)| misplaced(key, node)).collect();
    if problems.is_empty() { Ok(document.into_inner()) } else { Err(problems) }
}

/// A key of a file of fragments that is none of the three kinds, or no table of them.
fn misplaced(key: &Spanned<Cow<'_, str>>, node: &Node<'_>) -> Option<Diagnostic> {
    let known = Kind::ALL.map(Kind::key);
    let name = key.get_ref().as_ref();
    if !known.contains(&name) {
        let finding = Diagnostic::error(format!("a file of fragments has no key `{name}`")).at(&key.span());
        let help = nearest(name, known).map(|meant| format!("did you mean `{meant}`?"));
        let help = help.unwrap_or_else(|| format!("there is: {}", listed(known)));
        return Some(finding.because("unknown key").help(help));
    }
    let is_table = matches!(node.get_ref(), DeValue::Table(_));
    let finding = Diagnostic::error(format!("`{name}` holds fragments by their names")).at(&node.span());
    (!is_table).then(|| finding.help(format!("write each as `[{name}.NAME]`")))
}

#[cfg(test)]
mod tests;
