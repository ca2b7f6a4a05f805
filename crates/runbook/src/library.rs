use std::collections::BTreeSet;
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};

use super::book::Runbook;
use super::diagnostic::{Diagnostic, Diagnostics};
use super::nearest::{did_you_mean, listed};
use super::parse::parse;

pub(super) static RUNBOOKS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/runbooks");

/// Each is read once in a process, and only when somebody asks for one: most commands need none of them.
static PROCEDURES: LazyLock<Vec<Shelved>> = LazyLock::new(|| shelved(&RUNBOOKS));
static OPERATIONS: LazyLock<Vec<Shelved>> =
    LazyLock::new(|| RUNBOOKS.get_dir("operations").map(shelved).unwrap_or_default());

/// A runbook that is part of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Embedded {
    /// Its file in `runbooks/`.
    pub file_name: &'static str,
    /// Its contents.
    pub text: &'static str,
}

struct Shelved {
    embedded: Embedded,
    book: Result<Runbook, Diagnostics>,
}

/// Every procedure in `runbooks/`, sorted by file name.
#[must_use]
pub fn library() -> Vec<Embedded> {
    PROCEDURES.iter().map(|shelved| shelved.embedded).collect()
}

/// Every operation in `runbooks/operations/`, sorted by file name: single steps of the procedures, each a command of its
/// own.
#[must_use]
pub fn operations() -> Vec<Embedded> {
    OPERATIONS.iter().map(|shelved| shelved.embedded).collect()
}

/// The procedures of [`library`], as they were read.
///
/// # Errors
/// When one of them cannot be read as a runbook, with the place.
pub fn procedure_books() -> Result<Vec<&'static Runbook>, Diagnostics> {
    PROCEDURES.iter().map(|shelved| shelved.book.as_ref().map_err(Clone::clone)).collect()
}

/// The operations that can be read as runbooks.
pub fn operation_books() -> impl Iterator<Item = &'static Runbook> {
    readable(&OPERATIONS)
}

fn shelved(folder: &'static Dir<'static>) -> Vec<Shelved> {
    let mut books: Vec<Embedded> = folder
        .files()
        .filter(|file| file.path().extension().is_some_and(|extension| extension == "toml"))
        .filter_map(embedded)
        .collect();
    books.sort_by_key(|book| book.file_name);
    books.into_iter().map(|embedded| Shelved { book: parse(embedded.file_name, embedded.text), embedded }).collect()
}

fn embedded(file: &'static include_dir::File<'static>) -> Option<Embedded> {
    Some(Embedded { file_name: file.path().file_name()?.to_str()?, text: file.contents_utf8()? })
}

/// The procedures that there are runbooks for, sorted.
#[must_use]
pub fn procedures() -> Vec<String> {
    let names: BTreeSet<String> = readable(&PROCEDURES).map(|book| book.procedure.value.clone()).collect();
    names.into_iter().collect()
}

/// The methods of a procedure, sorted; none when there is no such procedure.
#[must_use]
pub fn methods_of(procedure: &str) -> Vec<String> {
    let names: BTreeSet<String> = books_for(procedure).map(|book| book.method.value.clone()).collect();
    names.into_iter().collect()
}

/// The runbooks of a procedure, the one that is proposed first at the head.
///
/// # Errors
/// When there is no such procedure, with what was probably meant.
pub fn methods(procedure: &str) -> Result<Vec<Runbook>, Diagnostics> {
    let mut books: Vec<Runbook> = books_for(procedure).cloned().collect();
    books.sort_by_key(|book| book.offer.as_ref().map_or(u64::MAX, |offer| offer.order));
    if books.is_empty() { Err(no_procedure(procedure)) } else { Ok(books) }
}

/// The runbook for a procedure (or an operation) and method. Without a method, the procedure must have only one.
///
/// # Errors
/// When there is no such procedure or method, with what was probably meant; when the method must be chosen, with the
/// flag for each.
pub fn find(procedure: &str, method: Option<&str>) -> Result<Runbook, Diagnostics> {
    let methods = methods_of(procedure);
    let wanted = match (method, methods.as_slice()) {
        (_, []) => return Err(no_procedure(procedure)),
        (Some(method), methods) if methods.iter().any(|known| known == method) => method,
        (Some(method), methods) => return Err(no_method(procedure, method, methods)),
        (None, [only]) => only,
        (None, methods) => return Err(choose(procedure, methods)),
    };
    let found = books_for(procedure).find(|book| book.method.value == wanted);
    found.cloned().ok_or_else(|| no_procedure(procedure))
}

/// The runbooks of a procedure or operation.
fn books_for(procedure: &str) -> impl Iterator<Item = &'static Runbook> {
    readable(&PROCEDURES).chain(readable(&OPERATIONS)).filter(move |book| book.procedure.value == procedure)
}

fn readable(shelf: &'static [Shelved]) -> impl Iterator<Item = &'static Runbook> {
    shelf.iter().filter_map(|shelved| shelved.book.as_ref().ok())
}

fn no_procedure(procedure: &str) -> Diagnostics {
    let known = procedures();
    let finding = Diagnostic::error(format!("there is no procedure called `{procedure}`"));
    Diagnostics::one(finding.help_if(did_you_mean(procedure, known.iter().map(String::as_str))))
}

fn no_method(procedure: &str, method: &str, methods: &[String]) -> Diagnostics {
    let finding = Diagnostic::error(format!("the procedure `{procedure}` has no method called `{method}`"));
    Diagnostics::one(finding.help_if(did_you_mean(method, methods.iter().map(String::as_str))))
}

fn choose(procedure: &str, methods: &[String]) -> Diagnostics {
    let finding = Diagnostic::error(format!("the procedure `{procedure}` has more than one method"));
    let flags: Vec<String> = methods.iter().map(|method| format!("--method {method}")).collect();
    Diagnostics::one(finding.help(format!("name one: {}", listed(flags.iter().map(String::as_str)))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_runbook_reads_and_is_named_after_what_it_does() {
        for book in library() {
            let parsed = parse(book.file_name, book.text).unwrap_or_else(|problems| panic!("{problems}"));
            assert_eq!(book.file_name, format!("{}-{}.toml", parsed.procedure.value, parsed.method.value));
        }
    }

    #[test]
    fn every_operation_reads_and_is_one_room_and_a_word() {
        assert!(!operations().is_empty());
        for book in operations() {
            let parsed = parse(book.file_name, book.text).unwrap_or_else(|problems| panic!("{problems}"));
            assert_eq!(book.file_name, format!("{}.toml", parsed.procedure.value));
            assert_eq!(parsed.method.value, "operation", "{}", book.file_name);
            let room = parsed.procedure.value.split_once('-').map(|(room, _)| room);
            assert!(matches!(room, Some("app" | "connect" | "postgres")), "{}", book.file_name);
            assert!(parsed.summary.is_some(), "{}: it is the command's help", book.file_name);
        }
    }

    #[test]
    fn an_operation_is_found_by_its_name_and_is_no_procedure() {
        assert_eq!(find("connect-pause", None).expect("it is there").method.value, "operation");
        assert!(!procedures().contains(&"connect-pause".to_owned()));
    }

    #[test]
    fn no_two_runbooks_are_for_the_same_procedure_and_method() {
        let mut seen = BTreeSet::new();
        for book in readable(&PROCEDURES) {
            assert!(seen.insert((&book.procedure.value, &book.method.value)), "{} twice", book.procedure.value);
        }
    }

    #[test]
    fn methods_of_one_procedure_say_what_sets_them_apart() {
        for procedure in procedures() {
            let books = methods(&procedure).unwrap_or_else(|problems| panic!("{problems}"));
            let orders: BTreeSet<u64> = books.iter().filter_map(|book| Some(book.offer.as_ref()?.order)).collect();
            assert!(books.len() == 1 || orders.len() == books.len(), "{procedure}: each method needs an `[offer]`");
        }
    }

    #[test]
    fn an_unknown_procedure_is_refused() {
        let problems = find("version-downgrade", None).expect_err("there is none");
        assert!(problems.to_string().contains("no procedure called `version-downgrade`"));
    }
}
