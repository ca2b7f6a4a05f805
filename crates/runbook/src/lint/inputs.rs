//! Do the defaults fit their inputs, and is every input used?

use std::collections::BTreeSet;

use super::super::book::{Input, Runbook, Step, Subject};
use super::super::diagnostic::Diagnostic;
use super::super::facts::{FACTS, shape_at};
use super::super::template::{self, Root};

pub(super) fn check(book: &Runbook) -> Vec<Diagnostic> {
    let used = used(book);
    let defaults = book.inputs.iter().filter_map(default);
    let idle = book.inputs.iter().filter(|input| !used.contains(input.name.value.as_str())).map(|input| {
        let message = format!("nothing uses the input `{}`", input.name.value);
        Diagnostic::warning(message).at(&input.name.span).because("asked for in vain")
    });
    defaults.chain(idle).collect()
}

fn default(input: &Input) -> Option<Diagnostic> {
    let default = input.default.as_ref()?;
    if let Some(text) = default.value.as_str().filter(|text| text.contains("${")) {
        return reference(text).map(|finding| finding.at(&default.span));
    }
    let message = format!("the default of `{}` is not {}", input.name.value, input.kind.wanted());
    (!input.kind.takes(&default.value)).then(|| Diagnostic::error(message).at(&default.span).because("does not fit"))
}

fn reference(text: &str) -> Option<Diagnostic> {
    let pieces = match template::pieces(text) {
        Ok(pieces) => pieces,
        Err(why) => return Some(Diagnostic::error(why).because("not a reference")),
    };
    let finding = match pieces.as_slice() {
        [template::Piece::Reference(reference)] => match reference.root() {
            Root::Path(path) => {
                let wrong = shape_at(&FACTS, path).err()?;
                Diagnostic::error(wrong.message).because("leads nowhere").help_if(wrong.help)
            }
            _ => Diagnostic::error("a default can only be a value or a fact").because("not a fact"),
        },
        _ => Diagnostic::error("a default is one reference and nothing else, or has none")
            .because("more than a reference"),
    };
    Some(finding)
}

fn used(book: &Runbook) -> BTreeSet<&str> {
    let holds = book.holds.iter().flat_map(|hold| &hold.call.with.strings).map(|text| text.value.as_str());
    let steps = book.steps.iter().flat_map(step_texts);
    let texts = holds.chain(steps).chain([book.title.value.as_str()]);
    let inputs = texts.flat_map(template::references).filter_map(|reference| match reference.root() {
        Root::Input { name, .. } => Some(name),
        _ => None,
    });
    let conditions = book.steps.iter().flat_map(|step| &step.when).chain(book.holds.iter().flat_map(|hold| &hold.when));
    let conditions = conditions.filter_map(|condition| match &condition.subject {
        Subject::Input(name) => Some(name.as_str()),
        _ => None,
    });
    let repeats = book.steps.iter().filter_map(|step| step.for_each.as_ref());
    let orders = repeats.flat_map(|repeat| repeat.first.iter().chain(&repeat.named)).map(|input| input.value.as_str());
    inputs.chain(conditions).chain(orders).collect()
}

fn step_texts(step: &Step) -> Vec<&str> {
    let undo = step.undo.iter().flat_map(|undo| undo.call.with.strings.iter().chain(&undo.title));
    let crossing = step.crossing.iter().flat_map(|crossing| [&crossing.name, &crossing.lost]);
    let prose = [&step.title, &step.why].into_iter().chain(&step.way_back);
    step.call.with.strings.iter().chain(undo).chain(crossing).chain(prose).map(|text| text.value.as_str()).collect()
}
