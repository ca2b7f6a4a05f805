//! The parts of the page below the summary, in the order in which they are wanted.

use maud::{Markup, html};

use super::chart::chart;
use super::page::Section;
use super::table::{Column, column, table};
use super::timeline::timeline;
use super::visible::{coded, prose};
use crate::account::{Account, StepAccount, StepEnd};
use crate::evidence::{Evidence, EvidenceFile};
use crate::words::{NOTHING_LEFT, end, moment, span, time_of_day};

/// Every section that has something to tell.
pub(super) fn all(account: &Account) -> Vec<Section> {
    let sections = [
        ("left", "What is left", left(account)),
        ("timeline", "Timeline", begun(account).then(|| timeline(account))),
        ("measures", "What was measured", measures(account)),
        ("steps", "Steps", steps(account)),
        ("answers", "Questions and answers", answers(account)),
        ("crossings", "Points of no return", crossings(account)),
        ("holds", "Conditions before each act", holds(account)),
        ("skipped", "Skipped and left out", skipped(account)),
        ("troubles", "What stood in the way", troubles(account)),
        ("failures", "Failures on the way", failures(account)),
        ("evidence", "Evidence", evidence(account)),
        (
            "way-back",
            "What the way back left as it was",
            account.turned_back.as_ref().and_then(|turn| list(&turn.notices)),
        ),
        ("notices", "What the plan said beforehand", list(&account.notices)),
        ("requests", "Requests", requests(account)),
    ];
    let told =
        |(id, title, body): (&'static str, &'static str, Option<Markup>)| Some(Section { id, title, body: body? });
    sections.into_iter().filter_map(told).collect()
}

fn begun(account: &Account) -> bool {
    account.steps.iter().any(|step| step.began_at.is_some())
}

/// Rows as a table, where there is any.
fn some_table(caption: &str, columns: &[Column], rows: impl Iterator<Item = Vec<Markup>>) -> Option<Markup> {
    let rows: Vec<Vec<Markup>> = rows.collect();
    (!rows.is_empty()).then(|| table(caption, columns, rows))
}

fn list(items: &[String]) -> Option<Markup> {
    (!items.is_empty()).then(|| html! { ul class="prose" { @for item in items { li { (prose(item)) } } } })
}

fn left(account: &Account) -> Option<Markup> {
    if account.left.is_empty() {
        return account.verdict.map(|_| html! { p { (NOTHING_LEFT) } });
    }
    Some(html! {
        ul class="left" {
            @for left in &account.left {
                li {
                    p { (prose(&left.text)) }
                    @for command in left.commands.iter().filter(|command| !left.text.contains(command.as_str())) { pre { code { (command) } } }
                }
            }
        }
    })
}

fn measures(account: &Account) -> Option<Markup> {
    (!account.curves.is_empty()).then(|| {
        html! {
            div class="charts" {
                @for (index, curve) in account.curves.iter().enumerate() { "\n" (chart(curve, index + 1)) }
            }
        }
    })
}

fn steps(account: &Account) -> Option<Markup> {
    let columns = [
        column("No.", "number"),
        column("Step", "step"),
        column("How it ended", "prose"),
        column("From", "time"),
        column("Took", "number"),
    ];
    let told = account.steps.iter().enumerate().filter(|(_, step)| !step.is_left_out());
    let rows = told.map(|(index, step)| {
        vec![
            html! { (index + 1) },
            html! { span class="name" { (step.title) } code { (step.id) } },
            outcome(step),
            step.began_at.map(|at| html! { (time_of_day(at)) }).unwrap_or_default(),
            took(step),
        ]
    });
    some_table("Every step that was to be carried out, in order", &columns, rows)
}

fn outcome(step: &StepAccount) -> Markup {
    html! {
        span class={ "mark " (mark(step)) } { (prose(&end(step))) }
        @for did in &step.did { span class="line" { (prose(did)) } }
        @if let Some(receipt) = &step.receipt { span class="line quiet" { "Answer: " (coded(receipt)) } }
        @if let Some(seen) = &step.seen { span class="line quiet" { "Seen: " (coded(seen)) } }
    }
}

const fn mark(step: &StepAccount) -> &'static str {
    match &step.end {
        StepEnd::Settled { .. } => "ok",
        StepEnd::Skipped { .. } => "warn",
        StepEnd::Open => "open",
        StepEnd::NotBegun | StepEnd::LeftOut { .. } => "none",
    }
}

fn took(step: &StepAccount) -> Markup {
    let Some(seconds) = step.seconds else { return Markup::default() };
    html! {
        (span(seconds))
        @if seconds > 0 && step.usual_seconds > 0 { span class="line quiet" { "usually " (span(step.usual_seconds)) } }
    }
}

fn answers(account: &Account) -> Option<Markup> {
    (!account.confirmations.is_empty()).then(|| {
        html! {
            ol class="answers" {
                @for said in &account.confirmations {
                    "\n"
                    li {
                        p class="asked" { (prose(&said.asked)) }
                        p class="answer" { b { (said.answer) } }
                        p class="quiet" { (said.by) ", " (said.how) ", " (moment(said.at)) }
                        @if !said.shown.is_empty() {
                            details {
                                summary { "What was shown to judge by (" (said.shown.len()) ")" }
                                ul { @for shown in &said.shown { li { (prose(shown)) } } }
                            }
                        }
                    }
                }
            }
        }
    })
}

fn crossings(account: &Account) -> Option<Markup> {
    let columns =
        [column("Time (UTC)", "time"), column("Name that was confirmed", "code"), column("What was lost", "prose")];
    let rows = account.crossings.iter().enumerate().map(|(index, crossing)| {
        let name = format!("{}{}", crossing.name, nth_of_several(account, index));
        vec![html! { (moment(crossing.at)) }, html! { (name) }, html! { (crossing.lost) }]
    });
    some_table("From these moments on no way led back", &columns, rows)
}

/// In brackets, after the name.
fn nth_of_several(account: &Account, index: usize) -> String {
    let nth = account.nth_of_several(index);
    if nth.is_empty() { nth } else { format!(" ({})", nth.trim_start()) }
}

fn holds(account: &Account) -> Option<Markup> {
    let columns =
        [column("Condition", "code"), column("Before", "code"), column("Seen", "prose"), column("Time", "time")];
    let rows = account.holds.iter().map(|look| {
        vec![
            html! { (look.name) },
            html! { (look.step) },
            html! {
                span class={ "mark " (if look.kept { "ok" } else { "bad" }) } { (if look.kept { "Held" } else { "Broken" }) }
                span class="line quiet" { (coded(&look.saw)) }
            },
            html! { (time_of_day(look.at)) },
        ]
    });
    some_table("Standing conditions, looked at again right before the act that depends on them", &columns, rows)
}

fn skipped(account: &Account) -> Option<Markup> {
    let columns = [column("Step", "step"), column("Why", "prose"), column("By", "by")];
    let rows = account.steps.iter().filter_map(|step| {
        let (why, by) = match &step.end {
            StepEnd::Skipped { by, reason, .. } => (reason, by.as_str()),
            StepEnd::LeftOut { because } => (because, "the plan"),
            StepEnd::NotBegun | StepEnd::Open | StepEnd::Settled { .. } => return None,
        };
        let name = html! { span class="name" { (step.title) } code { (step.id) } };
        Some(vec![name, html! { (prose(why)) }, html! { (by) }])
    });
    some_table("What this run did not do, and why", &columns, rows)
}

fn troubles(account: &Account) -> Option<Markup> {
    let columns = [column("Time (UTC)", "time"), column("What stood in the way", "prose")];
    let rows = account.troubles.iter().map(|trouble| {
        let told = html! { (prose(&trouble.text)) ul { @for shown in &trouble.shown { li { (prose(shown)) } } } };
        vec![html! { (moment(trouble.at)) }, told]
    });
    some_table("What a person had to decide about", &columns, rows)
}

fn failures(account: &Account) -> Option<Markup> {
    let columns =
        [column("Time (UTC)", "time"), column("Step", "code"), column("Seen", "prose"), column("Remedy", "prose")];
    let rows = account.failures.iter().map(|failure| {
        let what = if failure.acting { "The act failed" } else { "The look failed" };
        vec![
            html! { (moment(failure.at)) },
            html! { (failure.step) },
            html! { span class="mark bad" { (what) } span class="line" { (prose(&failure.saw)) } },
            html! { (prose(&failure.remedy)) @if let Some(command) = &failure.command { pre { code { (command) } } } },
        ]
    });
    some_table("Looks and acts that failed; a failure that was got over is told too", &columns, rows)
}

fn evidence(account: &Account) -> Option<Markup> {
    let columns = [column("Step", "code"), column("File and SHA-256", "prose"), column("The file", "file")];
    let kept = account.steps.iter().filter_map(|step| Some((step, step.evidence.as_ref()?)));
    let rows = kept.map(|(step, evidence)| {
        let named = html! { span class="name" { (evidence.name) } code class="digest" { (evidence.digest) } };
        vec![html! { (step.id) }, named, the_file(evidence)]
    });
    some_table("What was seen when a step was settled, kept beside the journal", &columns, rows)
}

fn the_file(evidence: &Evidence) -> Markup {
    let class = match evidence.file {
        EvidenceFile::NotAtHand => "none",
        EvidenceFile::Unchanged => "ok",
        EvidenceFile::Changed => "bad",
    };
    html! {
        span class={ "mark " (class) } { (evidence.file.words()) }
        @if let Some(contents) = &evidence.contents {
            details { summary { "Contents" } pre tabindex="0" { code { (contents.trim_end()) } } }
        }
    }
}

fn requests(account: &Account) -> Option<Markup> {
    let columns = [
        column("Request id", "code"),
        column("Request", "code"),
        column("Status", "number"),
        column("Step", "code"),
        column("Time", "time"),
    ];
    let rows = account.exchanges.iter().map(|exchange| {
        let request = &exchange.request;
        let status = request.status.map_or_else(|| html! { "none" }, |status| html! { (status) });
        vec![
            html! { (request.request_id.as_deref().unwrap_or("none")) },
            html! { (request.method) " " (request.target) },
            status,
            html! { (exchange.step) },
            html! { (time_of_day(exchange.at)) },
        ]
    });
    let told = some_table(
        "Every exchange that the journal names, with the id that Heroku's support asks for",
        &columns,
        rows,
    )?;
    Some(html! { details class="long" { summary { (account.exchanges.len()) " requests" } (told) } })
}
