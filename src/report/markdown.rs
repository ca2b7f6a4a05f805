//! The account as a Markdown page.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::account::{Account, StepAccount, StepEnd};
use super::gather::account;
use crate::model::{JournalFault, Line, Settlement, Verdict};

/// The account of a run as a Markdown page.
///
/// # Errors
/// When the lines do not begin with the opening of a run.
pub fn markdown(lines: &[Line]) -> Result<String, JournalFault> {
    Ok(page(&account(lines)?))
}

fn page(account: &Account) -> String {
    let sections = [
        summary(account),
        steps(account),
        confirmations(account),
        crossings(account),
        skipped(account),
        troubles(account),
        failures(account),
        left(account),
        notices(account),
        exchanges(account),
    ];
    sections.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

fn summary(account: &Account) -> Option<String> {
    let mut text = format!("# {}\n\n", clean(&account.title));
    let rows = [
        ("Ended", ending(account)),
        ("App", account.app.clone()),
        ("Procedure", format!("{}, method {}", account.procedure, account.method)),
        ("Run", account.run.to_string()),
        ("Opened", format!("{} by {}", moment(account.opened_at), account.opened_by)),
        ("Turned back", turned_back(account)),
        ("Newest entry", moment(account.newest_at)),
        ("Writes were off", downtime(account)),
        ("Compared", account.compared.clone().unwrap_or_default()),
        ("Requests went to", account.origin.clone()),
        ("Plan's digest", account.digest.clone()),
        ("hcops", account.tool.clone()),
    ];
    text.push_str("| | |\n|---|---|\n");
    for (name, value) in rows.into_iter().filter(|(_, value)| !value.is_empty()) {
        let _ = writeln!(text, "| {name} | {} |", cell(&value));
    }
    Some(text)
}

fn ending(account: &Account) -> String {
    match (account.verdict, &account.parked) {
        (Some(Verdict::Done), _) => "done, and seen to be done".to_owned(),
        (Some(Verdict::Aborted), _) if account.steps.iter().any(is_skipped) => {
            "turned back; what was skipped is not restored".to_owned()
        }
        (Some(Verdict::Aborted), _) => "turned back, and what was before is restored".to_owned(),
        (None, Some(needs)) => format!("not ended: it waits for a person. {}", needs.question.text),
        (None, None) => "not ended: it can be resumed".to_owned(),
    }
}

fn turned_back(account: &Account) -> String {
    account.turned_back.as_ref().map_or_else(String::new, |turn| format!("{} by {}", moment(turn.at), turn.by))
}

fn downtime(account: &Account) -> String {
    match &account.downtime {
        None => "never".to_owned(),
        Some(downtime) => match downtime.until {
            Some(until) => {
                format!("{}, from {} to {}", span(downtime.seconds), moment(downtime.from), moment(until))
            }
            None => format!("{} so far, since {}; they are still off", span(downtime.seconds), moment(downtime.from)),
        },
    }
}

fn steps(account: &Account) -> Option<String> {
    let mut text =
        "## Steps\n\n| # | Step | How it ended | From | Took | Evidence |\n|---|---|---|---|---|---|\n".to_owned();
    for (index, step) in account.steps.iter().enumerate() {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} |",
            index + 1,
            cell(&step.title),
            cell(&end_and_sight(step)),
            step.began_at.map(moment).unwrap_or_default(),
            step.seconds.map(span).unwrap_or_default(),
            step.evidence.as_deref().map(cell).unwrap_or_default(),
        );
    }
    Some(text)
}

fn end_and_sight(step: &StepAccount) -> String {
    match &step.seen {
        Some(seen) if step.only_looks => format!("{}: {seen}", end(step)),
        _ => end(step),
    }
}

fn end(step: &StepAccount) -> String {
    let times = if step.acts > 1 { format!(", tried {} times", step.acts) } else { String::new() };
    match &step.end {
        StepEnd::NotBegun => "not begun".to_owned(),
        StepEnd::Open => format!("begun, not ended{times}"),
        StepEnd::LeftOut { because } => format!("left out: {because}"),
        StepEnd::Settled { how } => match how {
            Settlement::AlreadyTrue if step.only_looks => "seen to be so".to_owned(),
            Settlement::AlreadyTrue => "was so already".to_owned(),
            Settlement::Acted => format!("done{times}"),
            Settlement::Attested => "attested by a person".to_owned(),
            Settlement::Adopted => format!("found to be done{times}"),
        },
        StepEnd::Skipped { by, reason } => format!("skipped by {by}: {reason}"),
    }
}

fn confirmations(account: &Account) -> Option<String> {
    let lines = account.confirmations.iter().map(|said| {
        let mut text = format!(
            "- {}: {} **{}** ({}, {})",
            moment(said.at),
            clean(&said.asked),
            clean(&said.answer),
            clean(&said.by),
            clean(&said.how)
        );
        for shown in &said.shown {
            let _ = write!(text, "\n  - shown: {}", clean(shown));
        }
        text
    });
    section("Questions and answers", lines)
}

fn crossings(account: &Account) -> Option<String> {
    let lines = account
        .crossings
        .iter()
        .map(|crossing| format!("- {}: **{}**. {}", moment(crossing.at), clean(&crossing.name), clean(&crossing.lost)));
    section("Points of no return", lines)
}

fn skipped(account: &Account) -> Option<String> {
    let lines = account.steps.iter().filter_map(|step| match &step.end {
        StepEnd::Skipped { by, reason } => Some(format!("- {}: {} ({})", clean(&step.title), clean(reason), clean(by))),
        StepEnd::LeftOut { .. } | StepEnd::NotBegun | StepEnd::Open | StepEnd::Settled { .. } => None,
    });
    section("Skipped", lines)
}

fn troubles(account: &Account) -> Option<String> {
    let lines = account.troubles.iter().map(|trouble| {
        let shown: String = trouble.shown.iter().map(|shown| format!("\n  - shown: {}", clean(shown))).collect();
        format!("- {}: {}{shown}", moment(trouble.at), clean(&trouble.text))
    });
    section("What stood in the way", lines)
}

fn failures(account: &Account) -> Option<String> {
    let lines = account.failures.iter().map(|failure| {
        let what = if failure.acting { "the act failed" } else { "the look failed" };
        let (saw, remedy) = (clean(&failure.saw), clean(&failure.remedy));
        format!("- {} {}, {what}: {saw}. Remedy: {remedy}", moment(failure.at), failure.step)
    });
    section("Failures on the way", lines)
}

fn left(account: &Account) -> Option<String> {
    let needs = account.parked.iter().flat_map(|needs| {
        let question = format!("- It waits for an answer: {}", clean(&needs.question.text));
        let commands = needs.commands.iter().map(|command| format!("  - `{}`", code(command)));
        std::iter::once(question).chain(commands)
    });
    let unfinished = account.steps.iter().filter(|_| account.verdict.is_none()).filter_map(|step| {
        let open = matches!(step.end, StepEnd::NotBegun | StepEnd::Open) && account.turned_back.is_none();
        open.then(|| format!("- To be done: {}", clean(&step.title)))
    });
    let turned = account.turned_back.iter().flat_map(|turn| &turn.notices).map(|notice| format!("- {}", clean(notice)));
    section("What is left", needs.chain(unfinished).chain(turned).chain(closing(account)))
}

/// A runbook closes with a look at what is left.
fn closing(account: &Account) -> Option<String> {
    let last = account.steps.iter().rfind(|step| !matches!(step.end, StepEnd::LeftOut { .. }))?;
    let seen = last.seen.as_ref().filter(|_| last.only_looks && account.verdict == Some(Verdict::Done))?;
    Some(format!("- {}", clean(seen)))
}

fn notices(account: &Account) -> Option<String> {
    section("What the plan said beforehand", account.notices.iter().map(|notice| format!("- {}", clean(notice))))
}

fn exchanges(account: &Account) -> Option<String> {
    let lines = account.exchanges.iter().map(|exchange| {
        let request = &exchange.request;
        let status = request.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
        format!(
            "- {} {}: {} {}, {status}, request id {}",
            moment(exchange.at),
            exchange.step,
            request.method,
            clean(&request.target),
            clean(request.request_id.as_deref().unwrap_or("none")),
        )
    });
    section("Requests", lines)
}

fn section(title: &str, lines: impl Iterator<Item = String>) -> Option<String> {
    let lines: Vec<String> = lines.collect();
    (!lines.is_empty()).then(|| format!("## {title}\n\n{}\n", lines.join("\n")))
}

const fn is_skipped(step: &StepAccount) -> bool {
    matches!(step.end, StepEnd::Skipped { .. })
}

fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

fn span(seconds: u64) -> String {
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

/// What others wrote (servers, people) must not become Markdown, HTML or terminal control.
fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => cleaned.push_str("&lt;"),
            '\n' | '\t' => cleaned.push(' '),
            character if character.is_control() => {}
            '[' | ']' | '`' | '*' => {
                cleaned.push('\\');
                cleaned.push(character);
            }
            character => cleaned.push(character),
        }
    }
    cleaned
}

/// Inside a code span nothing is escaped, so what would end it is taken out.
fn code(text: &str) -> String {
    text.chars().filter(|character| !character.is_control() && *character != '`').collect()
}

fn cell(text: &str) -> String {
    clean(text).replace('|', "\\|")
}
