//! From TOML text to a [`Runbook`]: every problem at once, each with its line and a caret.

use std::ops::Range;

use serde_json::{Value, json};
use toml::de::DeTable;

use hcops_model::DowntimeEdge;

use super::book::{
    Call, Condition, Crossing, Expected, Finality, ForEach, Hold, Input, InputKind, Offer, Runbook, Step, Subject,
    Test, Undo, With,
};
use super::diagnostic::{Diagnostic, Diagnostics};
use super::expand::{USE, expand, step_name};
use super::fragments::Fragments;
use super::nearest::did_you_mean;
use super::reader::{self, Node, Problems, Table};
use super::source::{Source, Spot};

/// Reads a runbook.
///
/// # Errors
/// With every problem of form: broken TOML, unknown or missing keys, values of the wrong kind. What the words mean (does
/// the action exist? does the reference lead anywhere?) is checked by [`super::lint()`].
pub fn parse(file_name: &str, text: &str) -> Result<Runbook, Diagnostics> {
    parse_with(file_name, text, &Fragments::embedded())
}

/// Reads a runbook that may use these fragments.
///
/// # Errors
/// As [`parse`]; and when a fragment is not there or is wrong.
pub fn parse_with(file_name: &str, text: &str, fragments: &Fragments) -> Result<Runbook, Diagnostics> {
    let mut source = Source::new(file_name, text);
    let fragments = fragments.read();
    let (mut document, broken) = DeTable::parse_recoverable(text);
    let mut problems: Problems = broken.iter().map(|error| not_toml(error, text.len())).collect();
    if !problems.is_empty() {
        return Err(Diagnostics::of(&source, problems));
    }
    expand(document.get_mut(), &fragments, &mut source, &mut problems);
    let root = Table::new(document.get_ref(), first_line(text), "the runbook");
    match runbook(root, &source, &mut problems) {
        Some(book) if problems.is_empty() => Ok(book),
        _ => Err(Diagnostics::of(&source, problems)),
    }
}

/// What the TOML parser says, as a finding in a text of `end` bytes.
pub fn not_toml(error: &toml::de::Error, end: usize) -> Diagnostic {
    let span = error.span().unwrap_or(end..end);
    Diagnostic::error(format!("not TOML: {}", error.message())).at(&span).because("it stops making sense here")
}

/// Where the first line of a text is, for what is about the whole of it.
pub fn first_line(text: &str) -> Range<usize> {
    0..text.find('\n').unwrap_or(text.len())
}

fn runbook(mut table: Table<'_>, source: &Source, problems: &mut Problems) -> Option<Runbook> {
    let procedure = table.must("procedure", problems, name);
    let method = table.must("method", problems, name);
    let title = table.must("title", problems, reader::text);
    let summary = table.may("summary", problems, reader::text).map(|summary| summary.value);
    let examples = table.may("examples", problems, reader::texts).unwrap_or_default();
    let sources = table.must("sources", problems, reader::texts);
    let tiers = table.may("requires", problems, requires);
    let offer = table.may("offer", problems, offer);
    let inputs = table.may("inputs", problems, inputs).unwrap_or_default();
    let holds = table.may("holds", problems, holds).unwrap_or_default();
    let steps = table.must("step", problems, steps);
    table.finish(problems);
    Some(Runbook {
        source: source.clone(),
        procedure: procedure?,
        method: method?,
        title: title?,
        summary,
        examples: examples.into_iter().map(|example| example.value).collect(),
        sources: sources?.into_iter().map(|article| article.value).collect(),
        tiers,
        offer,
        inputs,
        holds,
        steps: steps?,
    })
}

/// A name that stands in ids, paths and flags: small letters, digits, `-` and `_`, a letter first.
fn name(node: &Node<'_>, problems: &mut Problems) -> Option<Spot<String>> {
    let text = reader::text(node, problems)?;
    well_named(&text, problems).then_some(text)
}

fn well_named(name: &Spot<String>, problems: &mut Problems) -> bool {
    let letters =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-' || letter == '_';
    let well = name.value.starts_with(|first: char| first.is_ascii_lowercase()) && name.value.chars().all(letters);
    if !well {
        let message = format!("`{}` can't be a name", name.value);
        let why = "small letters, digits, `-` and `_`, a letter first";
        problems.push(Diagnostic::error(message).at(&name.span).because(why));
    }
    well
}

fn requires(node: &Node<'_>, problems: &mut Problems) -> Option<Spot<Vec<String>>> {
    let mut table = Table::of(node, "`requires`", problems)?;
    let tiers = table.must("tier", problems, |node, problems| Some((reader::texts(node, problems)?, node.span())));
    table.finish(problems);
    let (tiers, span) = tiers?;
    Some(Spot::new(tiers.into_iter().map(|tier| tier.value).collect(), span))
}

fn offer(node: &Node<'_>, problems: &mut Problems) -> Option<Offer> {
    let mut table = Table::of(node, "`offer`", problems)?;
    let order = table.must("order", problems, reader::json);
    let downtime = table.must("downtime", problems, reader::text);
    let way_back = table.must("way_back", problems, reader::text);
    let cost = table.must("cost", problems, reader::text);
    table.finish(problems);
    let Some(order) = order?.as_u64() else {
        problems.push(Diagnostic::error("`order` is a whole number").at(&node.span()).because("lower comes first"));
        return None;
    };
    Some(Offer { order, downtime: downtime?.value, way_back: way_back?.value, cost: cost?.value })
}

fn inputs(node: &Node<'_>, problems: &mut Problems) -> Option<Vec<Input>> {
    let entries = reader::entries(node, problems)?;
    Some(entries.into_iter().filter_map(|(name, node)| input(name, node, problems)).collect())
}

fn input(name: Spot<String>, node: &Node<'_>, problems: &mut Problems) -> Option<Input> {
    let mut table = Table::of(node, &format!("the input `{}`", name.value), problems)?.may_use(USE);
    let help = table.must("help", problems, reader::text);
    let kind = table.must("kind", problems, reader::text);
    let choices =
        table.may("choices", problems, |node, problems| Some(Spot::new(reader::texts(node, problems)?, node.span())));
    let default =
        table.may("default", problems, |node, problems| Some(Spot::new(reader::json(node, problems)?, node.span())));
    let optional = table.may("optional", problems, reader::flag).unwrap_or(false);
    let argument = table.may("argument", problems, reader::flag).unwrap_or(false);
    let may_be_new =
        table.may("may_be_new", problems, |node, problems| Some(Spot::new(reader::flag(node, problems)?, node.span())));
    table.finish(problems);
    let kind = maybe_new(input_kind(&kind?, choices, problems), may_be_new, problems);
    let named = well_named(&name, problems);
    Some(Input { name, help: help?.value, kind: kind.filter(|_| named)?, default, optional, argument })
}

/// The words for the kinds of input.
const KINDS: [&str; 8] = ["integer", "text", "name", "database", "plan", "choice", "list", "json"];

fn input_kind(
    kind: &Spot<String>,
    choices: Option<Spot<Vec<Spot<String>>>>,
    problems: &mut Problems,
) -> Option<InputKind> {
    if let Some(choices) = choices.as_ref().filter(|_| kind.value != "choice") {
        let message = format!("an input of kind `{}` has no choices", kind.value);
        problems.push(Diagnostic::error(message).at(&choices.span).help("use `kind = \"choice\"`, or leave them out"));
    }
    match kind.value.as_str() {
        "integer" => Some(InputKind::Integer),
        "text" => Some(InputKind::Text),
        "name" => Some(InputKind::Name),
        "database" => Some(InputKind::Database { may_be_new: false }),
        "plan" => Some(InputKind::Plan),
        "list" => Some(InputKind::List),
        "json" => Some(InputKind::Json),
        "choice" => match choices {
            Some(choices) if !choices.value.is_empty() => {
                Some(InputKind::Choice(choices.value.into_iter().map(|choice| choice.value).collect()))
            }
            _ => {
                let finding = Diagnostic::error("an input of kind `choice` needs `choices`").at(&kind.span);
                problems.push(finding.help("add `choices = [\"…\", \"…\"]`"));
                None
            }
        },
        other => unknown_word(other, &kind.span, "kind of input", &KINDS, problems),
    }
}

/// Only a database may be one that is still to be made.
fn maybe_new(kind: Option<InputKind>, given: Option<Spot<bool>>, problems: &mut Problems) -> Option<InputKind> {
    match (kind, given) {
        (Some(InputKind::Database { .. }), Some(flag)) => Some(InputKind::Database { may_be_new: flag.value }),
        (kind, Some(flag)) => {
            let finding = Diagnostic::error("only an input of kind `database` may be new").at(&flag.span);
            problems.push(finding.help("use `kind = \"database\"`, or leave it out"));
            kind
        }
        (kind, None) => kind,
    }
}

fn unknown_word<T>(word: &str, span: &Range<usize>, what: &str, known: &[&str], problems: &mut Problems) -> Option<T> {
    let finding = Diagnostic::error(format!("there is no {what} called `{word}`")).at(span);
    problems.push(finding.because("unknown word").help_if(did_you_mean(word, known.iter().copied())));
    None
}

fn holds(node: &Node<'_>, problems: &mut Problems) -> Option<Vec<Hold>> {
    let entries = reader::entries(node, problems)?;
    Some(entries.into_iter().filter_map(|(name, node)| hold(name, node, problems)).collect())
}

fn hold(name: Spot<String>, node: &Node<'_>, problems: &mut Problems) -> Option<Hold> {
    let mut table = Table::of(node, &format!("the hold `{}`", name.value), problems)?.may_use(USE);
    let call = call(&mut table, problems);
    let why = table.must("why", problems, reader::text);
    let when = table.may("when", problems, conditions).unwrap_or_default();
    let finality = table.may("final", problems, finality);
    table.finish(problems);
    let named = well_named(&name, problems);
    Some(Hold { name, call: call.filter(|_| named)?, why: why?.value, when, finality })
}

fn finality(node: &Node<'_>, problems: &mut Problems) -> Option<Finality> {
    let mut table = Table::of(node, "`final`", problems)?;
    let from = table.must("from", problems, name);
    let lost = table.must("lost", problems, reader::text);
    let proves = table.may("proves", problems, reader::flag).unwrap_or_default();
    table.finish(problems);
    Some(Finality { from: from?, lost: lost?, proves })
}

fn call(table: &mut Table<'_>, problems: &mut Problems) -> Option<Call> {
    let action = table.must("action", problems, reader::text);
    let with = table.may("with", problems, with);
    let action = action?;
    let nothing = With { value: json!({}), span: action.span.clone(), keys: Vec::new(), strings: Vec::new() };
    Some(Call { with: with.unwrap_or(nothing), action })
}

fn with(node: &Node<'_>, problems: &mut Problems) -> Option<With> {
    let keys = reader::entries(node, problems)?.into_iter().map(|(key, _)| key).collect();
    Some(With { value: reader::json(node, problems)?, span: node.span(), keys, strings: reader::strings(node) })
}

fn steps(node: &Node<'_>, problems: &mut Problems) -> Option<Vec<Step>> {
    let items = reader::items(node, problems)?;
    Some(items.into_iter().enumerate().filter_map(|(index, node)| step(index, node, problems)).collect())
}

fn step(index: usize, node: &Node<'_>, problems: &mut Problems) -> Option<Step> {
    let mut table = Table::of(node, &step_name(node, index), problems)?.may_use(USE);
    let id = table.must("id", problems, name);
    let group = table.may("group", problems, name);
    let call = call(&mut table, problems);
    let title = table.must("title", problems, reader::text);
    let why = table.must("why", problems, reader::text);
    let expect = table.must("expect", problems, expectation);
    let way_back = table.may("way_back", problems, reader::text);
    let undo = table.may("undo", problems, undo);
    let undone_by = table.may("undone_by", problems, reader::text);
    let holds = table.may("holds", problems, reader::texts).unwrap_or_default();
    let crossing = table.may("crossing", problems, crossing);
    let when = table.may("when", problems, conditions).unwrap_or_default();
    let for_each = table.may("for_each", problems, for_each);
    let preflight = table.may("preflight", problems, reader::flag).unwrap_or(false);
    let may_skip = table.may("may_skip", problems, reader::flag).unwrap_or(false);
    let downtime = table.may("downtime", problems, downtime);
    table.finish(problems);
    Some(Step {
        id: id?,
        group,
        call: call?,
        title: title?,
        why: why?,
        expect: expect?,
        way_back,
        undo,
        undone_by,
        holds,
        crossing,
        when,
        for_each,
        preflight,
        may_skip,
        downtime,
    })
}

fn expectation(node: &Node<'_>, problems: &mut Problems) -> Option<Spot<Expected>> {
    let mut table = Table::of(node, "`expect`", problems)?;
    let usual = table.must("usual", problems, reader::seconds);
    let limit = table.must("limit", problems, reader::seconds);
    let per_gigabyte = table.may("per_gigabyte", problems, reader::seconds).unwrap_or_default();
    table.finish(problems);
    Some(Spot::new(Expected { usual: usual?, per_gigabyte, limit: limit? }, node.span()))
}

fn undo(node: &Node<'_>, problems: &mut Problems) -> Option<Undo> {
    let mut table = Table::of(node, "`undo`", problems)?;
    let call = call(&mut table, problems);
    let title = table.may("title", problems, reader::text);
    table.finish(problems);
    Some(Undo { call: call?, title })
}

fn crossing(node: &Node<'_>, problems: &mut Problems) -> Option<Crossing> {
    let mut table = Table::of(node, "`crossing`", problems)?;
    let name = table.must("name", problems, reader::text);
    let lost = table.must("lost", problems, reader::text);
    table.finish(problems);
    Some(Crossing { name: name?, lost: lost? })
}

fn downtime(node: &Node<'_>, problems: &mut Problems) -> Option<DowntimeEdge> {
    let word = reader::text(node, problems)?;
    match word.value.as_str() {
        "starts" => Some(DowntimeEdge::Starts),
        "ends" => Some(DowntimeEdge::Ends),
        other => unknown_word(other, &word.span, "edge of a downtime", &["starts", "ends"], problems),
    }
}

/// One condition or a list of them.
fn conditions(node: &Node<'_>, problems: &mut Problems) -> Option<Vec<Condition>> {
    conditions_on(node, &["fact", "input", "answer"], problems)
}

fn conditions_on(node: &Node<'_>, subjects: &[&'static str], problems: &mut Problems) -> Option<Vec<Condition>> {
    if node.get_ref().is_array() {
        let items = reader::items(node, problems)?;
        return Some(items.into_iter().filter_map(|item| condition(item, subjects, problems)).collect());
    }
    condition(node, subjects, problems).map(|condition| vec![condition])
}

fn condition(node: &Node<'_>, subjects: &[&'static str], problems: &mut Problems) -> Option<Condition> {
    let mut table = Table::of(node, "the condition", problems)?;
    let subjects: Vec<Subject> = subjects.iter().filter_map(|key| subject(&mut table, key, problems)).collect();
    let tests: Vec<Test> = [
        table.may("is", problems, reader::json).map(Test::Is),
        table.may("is_not", problems, reader::json).map(Test::IsNot),
        table.may("one_of", problems, one_of).map(Test::OneOf),
        table.may("exists", problems, reader::flag).map(Test::Exists),
    ]
    .into_iter()
    .flatten()
    .collect();
    let span = table.span();
    table.finish(problems);
    let subject =
        exactly_one(subjects, &span, "a condition looks at one `fact`, `input`, `answer` or `item`", problems);
    let test = exactly_one(tests, &span, "a condition has one of `is`, `is_not`, `one_of` and `exists`", problems);
    Some(Condition { subject: subject?, test: test?, span })
}

fn subject(table: &mut Table<'_>, key: &'static str, problems: &mut Problems) -> Option<Subject> {
    let path = table.may(key, problems, reader::text)?.value;
    Some(match key {
        "fact" => Subject::Fact(path),
        "input" => Subject::Input(path),
        "answer" => Subject::Answer(path),
        _ => Subject::Item(path),
    })
}

fn one_of(node: &Node<'_>, problems: &mut Problems) -> Option<Vec<Value>> {
    let items = reader::items(node, problems)?;
    Some(items.into_iter().filter_map(|item| reader::json(item, problems)).collect())
}

fn exactly_one<T>(mut found: Vec<T>, span: &Range<usize>, rule: &str, problems: &mut Problems) -> Option<T> {
    if found.len() == 1 {
        return found.pop();
    }
    problems.push(Diagnostic::error(rule).at(span).because(format!("{} here", found.len())));
    None
}

fn for_each(node: &Node<'_>, problems: &mut Problems) -> Option<ForEach> {
    let mut table = Table::of(node, "`for_each`", problems)?;
    let fact = table.must("fact", problems, reader::text);
    let name = table.must("as", problems, name);
    let only = table.may("where", problems, |node, problems| conditions_on(node, &["item"], problems));
    let first = table.may("first", problems, self::name);
    let named = table.may("named", problems, self::name);
    table.finish(problems);
    Some(ForEach { fact: fact?, name: name?, only: only.unwrap_or_default(), first, named })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{EXAMPLE, example};
    use super::*;

    fn refusal_after(from: &str, to: &str) -> String {
        assert!(EXAMPLE.contains(from), "the example holds no {from:?}");
        let text = EXAMPLE.replacen(from, to, 1);
        parse("example.toml", &text).expect_err("this should have been refused").to_string()
    }

    #[test]
    fn the_example_is_read_as_it_is_written() {
        let book = example();
        assert_eq!((book.procedure.value.as_str(), book.method.value.as_str()), ("version-upgrade", "follower"));
        let names: Vec<_> = book.inputs.iter().map(|input| (input.name.value.as_str(), input.flag())).collect();
        assert_eq!(names[1], ("follower_name", "--follower-name".to_owned()), "in the order of the file");
        assert_eq!(names.len(), 4);
        let promote = &book.steps[book.step_index("promote").expect("it is there")];
        assert_eq!(promote.when.len(), 2);
        assert_eq!(promote.expect.value, Expected { usual: 30, per_gigabyte: 0, limit: 900 });
        assert_eq!(book.first_crossing(), book.step_index("promote").expect("it is there"));
        assert_eq!(&book.source.text[promote.id.span.clone()], "\"promote\"");
    }

    #[test]
    fn a_slip_in_a_key_is_shown_with_what_was_meant() {
        insta::assert_snapshot!(refusal_after("undone_by =", "undonne_by ="), @r#"
        error: the step `upgrade` has no key `undonne_by`
           --> example.toml:117:1
            |
        117 | undonne_by = "create-follower"
            | ^^^^^^^^^^ unknown key
            |
            = help: did you mean `undone_by`?
        "#);
        insta::assert_snapshot!(refusal_after("[inputs.to]", "[input.to]"), @r"
        error: the runbook has no key `input`
         --> example.toml:8:2
          |
        8 | [input.to]
          |  ^^^^^ unknown key
          |
          = help: did you mean `inputs`?
        ");
    }

    #[test]
    fn all_problems_are_reported_at_once() {
        let text = "procedure = \"Version Upgrade\"\nmethod = 3\n[[step]]\nid = \"a\"\nexpect = { usual = \"3 m\" }\n";
        insta::assert_snapshot!(parse("own.toml", text).expect_err("much is wrong"), @r#"
        error: the runbook has no `title`, `sources`
         --> own.toml:1:1
          |
        1 | procedure = "Version Upgrade"
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ needed here

        error: `Version Upgrade` can't be a name
         --> own.toml:1:13
          |
        1 | procedure = "Version Upgrade"
          |             ^^^^^^^^^^^^^^^^^ small letters, digits, `-` and `_`, a letter first

        error: a string is needed here, not an integer
         --> own.toml:2:10
          |
        2 | method = 3
          |          ^

        error: the step `a` has no `action`, `title`, `why`
         --> own.toml:3:1
          |
        3 | [[step]]
          | ^^^^^^^^ needed here

        error: `expect` has no `limit`
         --> own.toml:5:10
          |
        5 | expect = { usual = "3 m" }
          |          ^^^^^^^^^^^^^^^^^ needed here

        error: `3 m` is not a duration: write a whole number with `s`, `m` or `h` behind it, as in `15m`
         --> own.toml:5:20
          |
        5 | expect = { usual = "3 m" }
          |                    ^^^^^ not a duration
        "#);
    }

    #[test]
    fn what_is_not_toml_is_shown_where_it_breaks() {
        insta::assert_snapshot!(parse("own.toml", "procedure = \"a\nmethod = \"b\"\n").expect_err("not closed"), @r#"
        error: not TOML: invalid basic string, expected `"`
         --> own.toml:1:15
          |
        1 | procedure = "a
          |               ^ it stops making sense here
        "#);
        insta::assert_snapshot!(parse("own.toml", "").expect_err("empty"), @r"
        error: the runbook has no `procedure`, `method`, `title`, `sources`, `step`
         --> own.toml:1:1
          |
        1 |
          | ^ needed here
        ");
    }

    #[test]
    fn values_of_the_wrong_kind_are_refused() {
        for (from, to, message) in [
            ("way_back = \"Resume.\"", "way_back = 1", "a string is needed here, not an integer"),
            ("may_skip = true", "may_skip = \"yes\"", "`true` or `false` is needed here, not a string"),
            ("limit = \"4h\"", "limit = 4", "a string is needed here, not an integer"),
            ("limit = \"4h\"", "limit = \"4d\"", "`4d` is not a duration"),
            ("on = true }", "on = 2026-11-22 }", "a string is needed here, not a datetime"),
            ("to = \"${inputs.to}\"", "to = 99999999999999999999", "a number of at most 64 bits is needed here"),
            ("downtime = \"starts\"", "downtime = \"start\"", "there is no edge of a downtime called `start`"),
            ("kind = \"integer\"", "kind = \"number\"", "there is no kind of input called `number`"),
            ("choices = [\"attach\", \"repoint\"]\n", "", "an input of kind `choice` needs `choices`"),
            (
                "kind     = \"text\"\noptional",
                "kind = \"text\"\nchoices = [\"a\"]\noptional",
                "an input of kind `text` has no choices",
            ),
            ("id       = \"pause\"", "id       = \"Pause it\"", "`Pause it` can't be a name"),
            ("{ fact = \"needs_alias\", is = true }", "{ fact = \"needs_alias\" }", "a condition has one of `is`"),
            (
                "{ fact = \"needs_alias\", is = true }",
                "{ fact = \"a\", input = \"b\", is = 1 }",
                "a condition looks at one",
            ),
            ("{ fact = \"needs_alias\", is = true }", "{ item = \"a\", is = 1 }", "the condition has no key `item`"),
            ("{ fact = \"needs_alias\", is = true }", "\"needs_alias\"", "a table is needed here, not a string"),
            ("requires  = { tier =", "requires  = { tiers =", "`requires` has no `tier`"),
        ] {
            let said = refusal_after(from, to);
            assert!(said.contains(message), "after {from:?} became {to:?}, no {message:?} in:\n{said}");
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic() {
        for end in (0..EXAMPLE.len()).step_by(37) {
            let torn = &EXAMPLE[..end];
            let _ = parse("torn.toml", torn).map_err(|problems| problems.to_string());
        }
    }
}
