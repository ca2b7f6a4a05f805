//! Does every reference lead somewhere, and is what it leads to known when it is needed?

use hcops_model::Actions;

use super::super::book::{ForEach, InputKind, Runbook, Step, With};
use super::super::diagnostic::Diagnostic;
use super::super::facts::{FACTS, item_shape, shape_at};
use super::super::nearest::did_you_mean;
use super::super::output_path::check_path;
use super::super::source::Spot;
use super::super::template::{self, Reference, Root};

pub(super) fn check(book: &Runbook, actions: &dyn Actions) -> Vec<Diagnostic> {
    let linter = Linter { book, actions };
    sites(book).iter().flat_map(|site| linter.site(site)).collect()
}

/// A string that may hold references, and what is known where it is needed.
struct Site<'a> {
    text: &'a Spot<String>,
    item: Option<&'a ForEach>,
    outputs: Outputs<'a>,
}

/// Which steps' outputs a string may refer to.
#[derive(Clone, Copy)]
enum Outputs<'a> {
    /// Those of the steps before this place.
    Before(usize),
    /// Those of the steps before this place, for the undo of this step.
    UndoOf(usize, &'a str),
    /// None, for this reason.
    Never(&'static str),
}

const SHOWN_BEFORE: &str = "it is shown in the plan, before any step has run";
const CHECKED_BEFORE: &str = "a preflight check is made before any step has run";

fn sites(book: &Runbook) -> Vec<Site<'_>> {
    let title = Site { text: &book.title, item: None, outputs: Outputs::Never(SHOWN_BEFORE) };
    let steps = book.steps.iter().enumerate().flat_map(|(index, step)| step_sites(book, index, step));
    let holds = book.holds.iter().flat_map(|hold| {
        let outputs = Outputs::Before(first_use(book, &hold.name.value));
        let lost = hold.finality.iter().map(|finality| &finality.lost);
        let lost = lost.map(|text| Site { text, item: None, outputs: Outputs::Never(SHOWN_BEFORE) });
        with_sites(&hold.call.with, None, outputs).into_iter().chain(lost)
    });
    std::iter::once(title).chain(steps).chain(holds).collect()
}

fn step_sites<'a>(book: &Runbook, index: usize, step: &'a Step) -> Vec<Site<'a>> {
    let item = step.for_each.as_ref();
    let settled = settled_before(book, index);
    let outputs = if step.preflight { Outputs::Never(CHECKED_BEFORE) } else { Outputs::Before(settled) };
    let mut sites = with_sites(&step.call.with, item, outputs);
    if let Some(undo) = &step.undo {
        sites.extend(with_sites(&undo.call.with, item, Outputs::UndoOf(settled, &step.id.value)));
    }
    let undo_title = step.undo.as_ref().and_then(|undo| undo.title.as_ref());
    let crossing = step.crossing.iter().flat_map(|crossing| [&crossing.name, &crossing.lost]);
    let prose = [&step.title, &step.why].into_iter().chain(&step.way_back).chain(undo_title).chain(crossing);
    sites.extend(prose.map(|text| Site { text, item, outputs: Outputs::Never(SHOWN_BEFORE) }));
    sites
}

fn with_sites<'a>(with: &'a With, item: Option<&'a ForEach>, outputs: Outputs<'a>) -> Vec<Site<'a>> {
    with.strings.iter().map(|text| Site { text, item, outputs }).collect()
}

/// How many steps have settled when this one begins: those of its own group run beside it.
fn settled_before(book: &Runbook, index: usize) -> usize {
    let Some(group) = &book.steps[index].group else {
        return index;
    };
    let beside = book.steps[..index]
        .iter()
        .rev()
        .take_while(|step| step.group.as_ref().is_some_and(|other| other.value == group.value));
    index - beside.count()
}

fn first_use(book: &Runbook, hold: &str) -> usize {
    let first = book.steps.iter().position(|step| step.holds.iter().any(|name| name.value == hold));
    first.map_or(0, |index| settled_before(book, index))
}

struct Linter<'a> {
    book: &'a Runbook,
    actions: &'a dyn Actions,
}

impl Linter<'_> {
    fn site(&self, site: &Site<'_>) -> Vec<Diagnostic> {
        match template::pieces(&site.text.value) {
            Err(why) => vec![Diagnostic::error(why).at(&site.text.span).because("not a reference")],
            Ok(_) => template::references(&site.text.value)
                .into_iter()
                .filter_map(|reference| self.reference(reference, site))
                .map(|(reference, finding)| {
                    let span = self.book.source.narrow(&site.text.span, &reference.to_string());
                    finding.at(&span)
                })
                .collect(),
        }
    }

    fn reference<'r>(&self, reference: Reference<'r>, site: &Site<'_>) -> Option<(Reference<'r>, Diagnostic)> {
        let finding = match reference.root() {
            Root::Input { name, owner } => self.input(name).or_else(|| self.owner(name, owner)),
            Root::Step { id, path } => self.output(id, path, site),
            Root::Path(path) => fact_or_item(path, site.item),
        };
        finding.map(|finding| (reference, finding))
    }

    fn input(&self, name: &str) -> Option<Diagnostic> {
        if self.book.input(name).is_some() {
            return None;
        }
        let known = self.book.inputs.iter().map(|input| input.name.value.as_str());
        let finding = Diagnostic::error(format!("no input is called `{name}`")).because("leads nowhere");
        Some(finding.help_if(did_you_mean(name, known)))
    }

    fn owner(&self, name: &str, wanted: bool) -> Option<Diagnostic> {
        let is_database = matches!(self.book.input(name)?.kind, InputKind::Database { .. });
        let message = format!("the input `{name}` names no database, so no app owns it");
        (wanted && !is_database)
            .then(|| Diagnostic::error(message).because("leads nowhere").help("use `kind = \"database\"`"))
    }

    fn output(&self, id: &str, path: &str, site: &Site<'_>) -> Option<Diagnostic> {
        let Some(index) = self.book.step_index(id) else {
            let known = self.book.steps.iter().map(|step| step.id.value.as_str());
            let finding = Diagnostic::error(format!("no step is called `{id}`")).because("leads nowhere");
            return Some(finding.help_if(did_you_mean(id, known)));
        };
        let known = self.is_known(index, site.outputs).or_else(|| self.may_be_missing(index));
        known.or_else(|| self.same_thing(index, site.item)).or_else(|| {
            let action = self.actions.find(&self.book.steps[index].call.action.value)?;
            let (message, help) = check_path(&action.output(), path).err()?;
            let message = format!("the output of `{id}` does not fit: {message}");
            Some(Diagnostic::error(message).because("leads nowhere").help_if(help))
        })
    }

    fn is_known(&self, index: usize, outputs: Outputs<'_>) -> Option<Diagnostic> {
        let id = &self.book.steps[index].id.value;
        match outputs {
            Outputs::Never(why) => {
                Some(Diagnostic::error(format!("the output of `{id}` can't be used here")).because(why))
            }
            Outputs::UndoOf(_, own) if own == id && self.notes_before(index) => None,
            Outputs::UndoOf(_, own) if own == id => {
                let finding = Diagnostic::error("an undo can't use the output of its own step");
                let finding = finding.because("a step that was interrupted has no output, and must be undone too");
                Some(finding.help("use a name that was chosen before the act: an input or a fact"))
            }
            Outputs::Before(settled) | Outputs::UndoOf(settled, _) => (index >= settled).then(|| {
                Diagnostic::error(format!("`{id}` has no output yet"))
                    .because("it does not settle before this is needed")
            }),
        }
    }

    /// Whether the step's action notes how it was before in the intent: then that is known although it was interrupted.
    fn notes_before(&self, index: usize) -> bool {
        let action = self.actions.find(&self.book.steps[index].call.action.value);
        action.is_none_or(hcops_model::AnyAction::notes_before)
    }

    fn may_be_missing(&self, index: usize) -> Option<Diagnostic> {
        let step = &self.book.steps[index];
        let finding = Diagnostic::error(format!("`{}` may be skipped, and then has no output", step.id.value));
        step.may_skip.then(|| finding.because("could not be filled in").help("take `may_skip` away from that step"))
    }

    fn same_thing(&self, index: usize, item: Option<&ForEach>) -> Option<Diagnostic> {
        let target = self.book.steps[index].for_each.as_ref()?;
        let same = item.is_some_and(|item| item.fact.value == target.fact.value);
        let list = &target.fact.value;
        (!same).then(|| {
            let id = &self.book.steps[index].id.value;
            Diagnostic::error(format!("`{id}` is made for each of `{list}`, so there is not one output"))
                .because("which one?")
                .help(format!("refer to it only from a step that is made for each of `{list}` too"))
        })
    }
}

fn fact_or_item(path: &str, item: Option<&ForEach>) -> Option<Diagnostic> {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    let found = match item.filter(|item| item.name.value == first) {
        Some(item) => match item_shape(&item.fact.value) {
            Ok(shape) if !rest.is_empty() => shape_at(shape, rest).map(|_| ()),
            // A list that does not exist is reported where it is named.
            Ok(_) | Err(_) => Ok(()),
        },
        None => shape_at(&FACTS, path).map(|_| ()),
    };
    let wrong = found.err()?;
    Some(Diagnostic::error(wrong.message).because("leads nowhere").help_if(wrong.help))
}
