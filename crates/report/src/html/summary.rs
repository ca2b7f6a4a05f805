//! What somebody wants to know who reads no further.

use maud::{Markup, html};
use serde_json::Value;

use super::visible::prose;
use crate::account::{Account, StepAccount, StepEnd};
use crate::words::{moment, set_back, span, time_of_day, waited};
use hcops_model::Verdict;

/// A verdict: the word, and the class that colours it.
pub(super) struct Said {
    pub(super) word: &'static str,
    class: &'static str,
}

/// The verdict in a word.
pub(super) fn verdict(account: &Account) -> Said {
    let (word, class) = match (account.verdict, &account.parked) {
        (Some(Verdict::Done), _) if account.steps.iter().any(StepAccount::is_attested_against_sight) => {
            ("Finished", "waits")
        }
        (Some(Verdict::Done), _) => ("Done", "done"),
        (Some(Verdict::Aborted), _) => ("Turned back", "turned"),
        (Some(Verdict::Failed), _) => ("Failed", "waits"),
        (None, Some(_)) => ("Waits for a person", "waits"),
        (None, None) => ("Not ended", "open"),
    };
    Said { word, class }
}

/// What follows the word.
fn sentence_of(account: &Account) -> String {
    match (account.verdict, &account.parked) {
        (Some(Verdict::Done), _) if account.steps.iter().any(StepAccount::is_attested_against_sight) => {
            "Something else was seen than a person attested; see what was skipped.".to_owned()
        }
        (Some(Verdict::Done), _) if account.steps.iter().any(StepAccount::is_skipped) => {
            "Every step is seen to be done, except for what a person left out.".to_owned()
        }
        (Some(Verdict::Done), _) => "Every step that was to be carried out is seen to be done.".to_owned(),
        (None, Some(needs)) => needs.question.text.clone(),
        (None, None) => "It can be resumed.".to_owned(),
        (Some(Verdict::Aborted), _) if account.steps.iter().any(StepAccount::is_skipped) => {
            "What was skipped is not restored; everything else is as it was before.".to_owned()
        }
        (Some(Verdict::Aborted), _) => "What was before is restored.".to_owned(),
        (Some(Verdict::Failed), _) => "It only looked, and a look failed; nothing was changed.".to_owned(),
    }
}

pub(super) fn summary(account: &Account) -> Markup {
    let said = verdict(account);
    html! {
        "\n"
        header class=(said.class) {
            p class="kind" {
                (account.procedure) " by " (account.method)
                @if account.rehearsal { " " strong { "Rehearsal: nothing at Heroku was touched" } }
            }
            h1 { (account.title) }
            p class="verdict" { b { (said.word) } span { (prose(&sentence_of(account))) } }
            dl class="figures" { @for figure in figures(account) { (figure) } }
            (facts(account))
        }
    }
}

fn figure(name: &str, value: &str, more: &str) -> Markup {
    html! { div { dt { (name) } dd { b { (value) } @if !more.is_empty() { span { (more) } } } } }
}

fn figures(account: &Account) -> [Markup; 4] {
    [writes_off(account), took(account), steps(account), crossing(account)]
}

fn writes_off(account: &Account) -> Markup {
    match &account.downtime {
        None => figure("Writes were off", "never", ""),
        Some(off) => {
            let until =
                off.until.map_or_else(|| "; they are still off".to_owned(), |at| format!(" to {}", time_of_day(at)));
            figure("Writes were off", &span(off.seconds), &format!("from {}{until}", time_of_day(off.from)))
        }
    }
}

fn took(account: &Account) -> Markup {
    figure(if account.verdict.is_some() { "It took" } else { "So far" }, &span(account.seconds), &waited(account))
}

fn steps(account: &Account) -> Markup {
    let count = |fits: &dyn Fn(&StepEnd) -> bool| account.steps.iter().filter(|step| fits(&step.end)).count();
    let done = count(&|end| matches!(end, StepEnd::Settled { .. }));
    let open = count(&|end| matches!(end, StepEnd::Open | StepEnd::NotBegun));
    let left_out = account.steps.iter().filter(|step| step.is_left_out()).count();
    let skipped = account.steps.iter().filter(|step| step.is_skipped()).count();
    let parts = [(open, "not done"), (skipped, "skipped"), (left_out, "left out")];
    let more: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    figure("Steps", &format!("{done} done"), &more.join(", "))
}

fn crossing(account: &Account) -> Markup {
    let name = "Point of no return";
    if account.points_of_no_return > 1 {
        let passed: Vec<String> = account.crossings.iter().map(|crossing| time_of_day(crossing.at)).collect();
        let count = format!("{} of {} passed", passed.len(), account.points_of_no_return);
        return figure("Points of no return", &count, &passed.join(", "));
    }
    match account.crossings.first() {
        Some(crossing) => figure(name, &format!("passed {}", time_of_day(crossing.at)), &crossing.name),
        None => figure(name, "not passed", ""),
    }
}

fn facts(account: &Account) -> Markup {
    let turned = account.turned_back.as_ref().map(|turn| format!("{} by {}", moment(turn.at), turn.by));
    let rows = [
        ("App", Some(html! { (account.app) })),
        ("Connection", account.resource.as_ref().map(|name| html! { (name) })),
        ("Inputs", inputs(account)),
        ("Opened", Some(html! { (moment(account.opened_at)) " by " (account.opened_by) })),
        ("Turned back", turned.map(|turned| html! { (turned) })),
        ("Newest entry", Some(html! { (moment(account.newest_at)) })),
        ("Worked on by", processes(account)),
        ("Clock", set_back(account).map(|told| html! { (told) })),
        ("Compared", account.compared.as_ref().map(|compared| html! { (compared) })),
        ("Requests went to", Some(html! { (account.origin) })),
        ("Run", Some(html! { code { (account.run) } })),
        ("Plan's digest", Some(html! { code { (account.digest) } })),
    ];
    html! {
        dl class="facts" {
            @for (name, value) in &rows { @if let Some(value) = value { div { dt { (name) } dd { (value) } } } }
        }
    }
}

fn inputs(account: &Account) -> Option<Markup> {
    let told = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let inputs: Vec<String> = account
        .inputs
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| format!("{name} {}", told(value)))
        .collect();
    (!inputs.is_empty()).then(|| html! { (inputs.join(" · ")) })
}

fn processes(account: &Account) -> Option<Markup> {
    let told = |process: &crate::Process| format!("{} on {}, {}", process.by, process.holder, moment(process.at));
    let list: Vec<String> = account.processes.iter().map(told).collect();
    (!list.is_empty()).then(|| html! { @for line in &list { span class="line" { (line) } } })
}
