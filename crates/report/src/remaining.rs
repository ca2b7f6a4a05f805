//! What is left to do when nobody does anything more: sentences for the reader, and commands.

use serde_json::Value;

use super::account::{Account, Left, StepAccount, StepEnd};
use hcops_model::{Needs, StepId, Way, WayKind, output_in_words};

/// What is left, most pressing first. `by_steps` is what the outputs of steps say of it; a way back has left that behind.
pub(super) fn left(account: &Account, by_steps: Vec<Left>) -> Vec<Left> {
    let by_steps: Vec<Left> = match account.rehearsal {
        true => by_steps.into_iter().map(of_the_real_app).collect(),
        false => by_steps,
    };
    let groups = [waited_for(account), failed(account), unfinished(account), skipped(account), not_taken_back(account)];
    let by_steps = by_steps.into_iter().filter(|_| account.turned_back.is_none());
    let all = groups.into_iter().flatten().chain(by_steps);
    all.map(|left| Left { text: on_one_line(&left.text), ..left }).collect()
}

/// What would be done about the real app, which no rehearsal touches.
fn of_the_real_app(left: Left) -> Left {
    let names_heroku =
        left.text.contains("`heroku ") || left.commands.iter().any(|command| command.starts_with("heroku "));
    if names_heroku {
        Left { text: format!("For the real app, not after a rehearsal: {}", left.text), ..left }
    } else {
        left
    }
}

fn plain(text: String) -> Left {
    Left { text, commands: Vec::new() }
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Longer is no sentence that anybody reads.
const LONGEST: usize = 600;

/// Words to be repeated here; what a program put out (JSON, many lines) is told word for word where it was seen.
fn in_words(text: &str) -> Option<&str> {
    let text = text.trim();
    let put_out = ["{\"", "[{", "[\"", "[[", "{ \""];
    let is_raw =
        text.contains('\n') || text.chars().count() > LONGEST || put_out.iter().any(|mark| text.contains(mark));
    (!text.is_empty() && !is_raw).then_some(text)
}

fn waited_for(account: &Account) -> Vec<Left> {
    let answer = |needs: &Needs| Left {
        text: match in_words(&needs.question.text) {
            Some(asked) => format!("It waits for an answer: {asked}"),
            None => "It waits for an answer; what is asked is told above.".to_owned(),
        },
        commands: needs.commands.clone(),
    };
    let way = |way: &Way| Left { text: leads(way.kind).to_owned(), commands: vec![way.command.clone()] };
    let of_needs = |needs: &Needs| std::iter::once(answer(needs)).chain(needs.ways.iter().map(way)).collect::<Vec<_>>();
    account.parked.iter().flat_map(of_needs).collect()
}

/// Where a way leads that is no answer.
const fn leads(kind: WayKind) -> &'static str {
    match kind {
        WayKind::ByHand => "What may help instead, by hand:",
        WayKind::RealApp => "What would help the real app, and nothing to type for a rehearsal:",
        WayKind::Resume => "To go on without an answer; it looks again first:",
        WayKind::Abort => "Or to turn back, and restore what was before:",
    }
}

/// What failed last and has not been got over; a parked run says so in its question.
fn failed(account: &Account) -> Vec<Left> {
    let open = |id: &StepId| account.steps.iter().any(|step| &step.id == id && step.end == StepEnd::Open);
    let last = account.failures.last().filter(|_| account.verdict.is_none() && account.parked.is_none());
    let told = last.filter(|failure| open(&failure.step)).map(|failure| Left {
        text: match in_words(&failure.saw) {
            Some(saw) => format!("{} failed: {}. {}", failure.step, saw.trim_end_matches('.'), failure.remedy),
            None => format!("{} failed: what was seen is told among the failures. {}", failure.step, failure.remedy),
        },
        commands: failure.command.iter().cloned().collect(),
    });
    told.into_iter().collect()
}

/// Once the run has turned, what is left of the way back; before, what is left of the plan.
fn unfinished(account: &Account) -> Vec<Left> {
    let turned = account.turned_back.is_some();
    let open = |step: &&StepAccount| {
        matches!(step.end, StepEnd::NotBegun | StepEnd::Open) && step.way_back == turned && account.verdict.is_none()
    };
    let word = if turned { "To be taken back" } else { "To be done" };
    account.steps.iter().filter(open).map(|step| plain(format!("{word}: {}", step.title))).collect()
}

/// What a person skipped is not done, whatever the verdict.
fn skipped(account: &Account) -> Vec<Left> {
    let told = |step: &StepAccount| match &step.end {
        StepEnd::Skipped { reason, .. } if step.is_skipped() => {
            let reason = in_words(reason).unwrap_or("the reason is told with the step");
            Some(plain(format!("Skipped, so not done by this run: {} ({reason})", step.title)))
        }
        _ => None,
    };
    account.steps.iter().filter_map(told).collect()
}

/// Of what a way back does not reverse by a step of its own, only what it leaves changed is something to do.
fn not_taken_back(account: &Account) -> Vec<Left> {
    let notices = account.turned_back.iter().flat_map(|turn| &turn.notices);
    notices.filter(|notice| notice.starts_with(NOT_TAKEN_BACK)).cloned().map(plain).collect()
}

/// How the plan of a way back begins to tell of an act that it leaves as it is.
const NOT_TAKEN_BACK: &str = "Not taken back";

/// What a step's output leaves to be done by hand: a database that was replaced, with the command that removes it where
/// nothing uses it any more; what belongs to that one and is to be carried over; indexes to be built again.
pub(super) fn left_by(output: &Value) -> Vec<Left> {
    let texts = |name: &str| -> Vec<String> {
        output[name].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let removed_by = output.get("removed_by").map(|command| command.as_str().map(str::to_owned));
    let replaced = removed_by
        .and_then(|command| Some(Left { text: output_in_words(output)?, commands: command.into_iter().collect() }));
    let rebuild = texts("rebuild");
    let wrong = (!rebuild.is_empty()).then(|| Left {
        text: "Build these indexes again before anything relies on them: the collation library is of another version."
            .to_owned(),
        commands: rebuild,
    });
    replaced.into_iter().chain(wrong).chain(texts("carried_over_by").into_iter().map(plain)).collect()
}
