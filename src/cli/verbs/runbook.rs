use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;

use crate::cli::arguments::Form;
use crate::cli::desk::Desk;
use crate::cli::document;
use crate::cli::failure::Failure;
use hcops_actions::catalogue;
use hcops_model::Exit;
use hcops_runbook::{self as runbook, Diagnostics, Fragments, Runbook, Severity, Source};
use hcops_terminal::wrap;
use hcops_text::counted;

/// List, show and check runbooks
#[derive(Subcommand)]
pub(in crate::cli) enum Arguments {
    /// List the embedded runbooks
    List,
    /// Show a runbook as a page: each step with why it is there and the way back
    Show {
        /// A procedure, or a file
        procedure: String,
        /// The method, where the procedure has several
        #[arg(long)]
        method: Option<String>,
        /// The file with its fragments written out, to start a runbook of your own
        #[arg(long)]
        toml: bool,
    },
    /// Check runbooks: unknown actions, wrong parameters, dangling references, acts without a way back
    Lint {
        /// Files [default: the embedded runbooks]
        files: Vec<PathBuf>,
    },
    /// Print the JSON Schema of runbook files, for editors
    Schema,
    /// Write a Markdown page for each embedded runbook, and an index, into a directory
    Pages {
        /// The directory; it is made where it is not there
        directory: PathBuf,
    },
}

/// Carries out the chosen one.
///
/// # Errors
/// When a runbook does not exist, cannot be read, or has errors.
pub(in crate::cli) fn run(arguments: &Arguments, desk: &Desk) -> Result<Exit, Failure> {
    match arguments {
        Arguments::List => list(desk),
        Arguments::Show { procedure, method, toml } => show(procedure, method.as_deref(), *toml, desk),
        Arguments::Lint { files } => lint(files, desk),
        Arguments::Schema => schema(desk),
        Arguments::Pages { directory } => pages(directory),
    }
}

fn list(desk: &Desk) -> Result<Exit, Failure> {
    for book in runbook::procedure_books()? {
        let (procedure, method) = (&book.procedure.value, &book.method.value);
        match desk.form {
            Form::Json => desk.say_json(
                "runbook",
                json!({ "procedure": procedure, "method": method, "title": book.title.value, "file": book.source.file_name }),
            ),
            Form::Text => {
                desk.say(&[desk.appearance.tell(&format!("{procedure}, by {method}")).into_owned()]);
                let summary = desk.appearance.tell(&summary(book)).into_owned();
                desk.say(&wrap(&first_sentence(&summary), desk.appearance.columns, "    ", "    "));
            }
        }
    }
    Ok(Exit::Done)
}

/// What a runbook is for.
pub(in crate::cli) fn summary(book: &Runbook) -> String {
    book.summary.as_deref().unwrap_or(&book.title.value).trim().replace('\n', " ")
}

/// Its first sentence.
pub(in crate::cli) fn first_sentence(text: &str) -> String {
    let ends = [". ", "。"].into_iter().filter_map(|end| text.find(end).map(|at| at + end.trim_end().len()));
    ends.min().map_or_else(|| text.to_owned(), |end| text[..end].to_owned())
}

fn show(name: &str, method: Option<&str>, toml: bool, desk: &Desk) -> Result<Exit, Failure> {
    let path = Path::new(name);
    let is_file = path.is_file();
    let book = if is_file { read(path)? } else { runbook::find(name, method)? };
    if toml {
        let fragments = if is_file { fragments(path)? } else { Fragments::embedded() };
        let whole = runbook::standalone(&book.source.file_name, &book.source.text, &fragments)?;
        desk.printer.data(whole.trim_end());
    } else {
        desk.say(&page(&runbook::describe(&book), desk.appearance.columns));
    }
    Ok(Exit::Done)
}

/// Writes what `show` shows, one file for each runbook, unfolded.
fn pages(directory: &Path) -> Result<Exit, Failure> {
    std::fs::create_dir_all(directory).map_err(|error| Failure::file("make", directory, &error))?;
    let mut index = String::from(INDEX);
    for book in runbook::procedure_books()? {
        let name = book.source.file_name.replace(".toml", ".md");
        write(&directory.join(&name), &runbook::describe(book))?;
        let (procedure, method) = (&book.procedure.value, &book.method.value);
        index.push_str(&format!("- [`{procedure}`, method `{method}`]({name}): {}\n", first_sentence(&summary(book))));
    }
    write(&directory.join("README.md"), &index)?;
    Ok(Exit::Done)
}

const INDEX: &str = "# Procedures\n\nGenerated from `runbooks/` with `hcops runbook pages docs/procedures`: each step with why \
                     it is there, the way back,\nthe point of no return, and the sources.\n\n";

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(|error| Failure::file("write", path, &error))
}

/// A Markdown page with no line wider than the terminal: what follows an item of a list is indented below it.
fn page(markdown: &str, columns: usize) -> Vec<String> {
    let fold = |line: &str| match line {
        "" => vec![String::new()],
        item if item.starts_with("- ") => wrap(item, columns, "", "  "),
        other => wrap(other, columns, "", ""),
    };
    markdown.trim_end().lines().flat_map(fold).collect()
}

/// Reads a runbook from a file.
///
/// # Errors
/// When it cannot be read or is no runbook.
pub(in crate::cli) fn read(path: &Path) -> Result<Runbook, Failure> {
    let text = document::text(path, LONGEST)?;
    Ok(runbook::parse_with(&path.display().to_string(), &text, &fragments(path)?)?)
}

/// The fragments in the folder `fragments` beside a runbook's file, and the embedded ones.
fn fragments(runbook: &Path) -> Result<Fragments, Failure> {
    let folder = runbook.with_file_name("fragments");
    if !folder.is_dir() {
        return Ok(Fragments::embedded());
    }
    let unreadable = |error: std::io::Error| Failure::file("read", &folder, &error);
    let entries: Result<Vec<PathBuf>, std::io::Error> =
        std::fs::read_dir(&folder).map_err(unreadable)?.map(|entry| Ok(entry?.path())).collect();
    let mut paths = entries.map_err(unreadable)?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    let read = |path: &PathBuf| Ok(Source::new(&path.display().to_string(), &document::text(path, LONGEST)?));
    Ok(Fragments::beside(paths.iter().map(read).collect::<Result<_, Failure>>()?))
}

/// Longest runbook that is read, in bytes: they have some thousand lines at most.
const LONGEST: u64 = 8 << 20;

fn lint(files: &[PathBuf], desk: &Desk) -> Result<Exit, Failure> {
    let actions = catalogue()?;
    let mut good = true;
    for (name, book) in books(files)? {
        let found = book.map_or_else(|found| found, |book| runbook::lint(&book, &actions));
        good &= !found.has_errors();
        tell(&name, &found, desk);
    }
    Ok(if good { Exit::Done } else { Exit::Usage })
}

type Read = (String, Result<Runbook, Diagnostics>);

fn books(files: &[PathBuf]) -> Result<Vec<Read>, Failure> {
    if files.is_empty() {
        let library = runbook::library().into_iter();
        return Ok(library
            .map(|book| (book.file_name.to_owned(), runbook::parse(book.file_name, book.text)))
            .collect());
    }
    let read = |path: &PathBuf| {
        let (name, text) = (path.display().to_string(), document::text(path, LONGEST)?);
        let book = runbook::parse_with(&name, &text, &fragments(path)?);
        Ok((name, book))
    };
    files.iter().map(read).collect()
}

fn tell(name: &str, found: &Diagnostics, desk: &Desk) {
    if desk.form == Form::Json {
        for finding in found.told() {
            let place = found.place(finding);
            desk.say_json(
                "finding",
                json!({ "severity": finding.severity, "message": finding.message, "help": finding.help, "place": place }),
            );
        }
        if found.untold() > 0 {
            desk.say_json("untold", json!({ "findings": found.untold() }));
        }
        return;
    }
    let errors = found.iter().filter(|finding| finding.severity == Severity::Error).count();
    let warnings = found.iter().count() - errors;
    let verdict = if found.is_empty() {
        "fine".to_owned()
    } else {
        format!("{}, {}", counted(errors as u64, "error"), counted(warnings as u64, "warning"))
    };
    if !found.is_empty() {
        desk.printer.data(&found.to_string());
    }
    desk.printer.data(&format!("{name}: {verdict}"));
}

fn schema(desk: &Desk) -> Result<Exit, Failure> {
    let schema = runbook::schema(&catalogue()?);
    desk.printer.data(&serde_json::to_string_pretty(&schema).unwrap_or_default());
    Ok(Exit::Done)
}
