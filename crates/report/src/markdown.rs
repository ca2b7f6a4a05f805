//! The account as a Markdown page.

use std::fmt::Write as _;

use super::account::{Account, StepAccount, StepEnd};
use super::evidence::{Evidence, EvidenceFile, Kept};
use super::gather::account;
use super::words::{NOTHING_LEFT, downtime, end, ending, moment, set_back, span, turned_back, waited};
use hcops_model::{JournalFault, Line};
use hcops_text::plain::plain;

/// The account of a run as a Markdown page, with what became of the evidence that is at hand.
///
/// # Errors
/// When the lines do not begin with the opening of a run.
pub fn markdown(lines: &[Line], kept: &Kept) -> Result<String, JournalFault> {
    Ok(page(&account(lines, kept)?))
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
        way_back(account),
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
        (
            "Took",
            [span(account.seconds), waited(account)]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(", "),
        ),
        ("Clock", set_back(account).unwrap_or_default()),
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
            step.evidence.as_ref().map(evidence_cell).unwrap_or_default(),
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
    let lines = account.crossings.iter().enumerate().map(|(index, crossing)| {
        let nth = account.nth_of_several(index);
        let nth = if nth.is_empty() { nth } else { format!("{}: ", nth.trim_start()) };
        format!("- {}: {nth}**{}**. {}", moment(crossing.at), clean(&crossing.name), clean(&crossing.lost))
    });
    section("Points of no return", lines)
}

fn skipped(account: &Account) -> Option<String> {
    let lines = account.steps.iter().filter_map(|step| match &step.end {
        StepEnd::Skipped { by, reason, seen_otherwise } => {
            let otherwise = if *seen_otherwise { "; something else was seen" } else { "" };
            Some(format!("- {}: {} ({}{otherwise})", clean(&step.title), clean(reason), clean(by)))
        }
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
    let lines = account.left.iter().flat_map(|left| {
        let commands = left.commands.iter().map(|command| format!("  - `{}`", code(command)));
        std::iter::once(format!("- {}", clean(&left.text))).chain(commands)
    });
    let nothing = account.verdict.filter(|_| account.left.is_empty()).map(|_| NOTHING_LEFT.to_owned());
    section("What is left", lines.chain(nothing))
}

fn way_back(account: &Account) -> Option<String> {
    let notices = account.turned_back.iter().flat_map(|turn| &turn.notices);
    section("What the way back left as it was", notices.map(|notice| format!("- {}", clean(notice))))
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

/// The file, and loudly what is wrong with it; that it was not at hand or is unchanged needs no word in a table.
fn evidence_cell(evidence: &Evidence) -> String {
    match evidence.file {
        EvidenceFile::Changed => format!("{} **{}**", cell(&evidence.name), evidence.file.words()),
        EvidenceFile::NotAtHand | EvidenceFile::Unchanged => cell(&evidence.name),
    }
}

/// What others wrote (servers, people) must not become Markdown, HTML or terminal control. What stands between two
/// backticks is a code span, where that cannot be read in another way.
fn clean(text: &str) -> String {
    let text = plain(text);
    let parts: Vec<&str> = text.split('`').collect();
    let between = parts.get(1..parts.len().saturating_sub(1)).unwrap_or_default();
    if parts.len().is_multiple_of(2) || between.iter().any(|part| part.trim().is_empty()) {
        return escaped(&text);
    }
    let told = |(index, part): (usize, &&str)| if index % 2 == 1 { format!("`{part}`") } else { escaped(part) };
    parts.iter().enumerate().map(told).collect()
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '[' | ']' | '`' | '*' | '\\' => {
                escaped.push('\\');
                escaped.push(character);
            }
            character => escaped.push(character),
        }
    }
    escaped
}

/// Inside a code span nothing is escaped, so what would end it is taken out.
fn code(text: &str) -> String {
    plain(text).replace('`', "")
}

fn cell(text: &str) -> String {
    clean(text).replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::{cell, clean};

    #[test]
    fn a_command_in_a_sentence_is_a_code_span_and_nothing_else_becomes_markdown() {
        for (given, told) in [
            ("Run `heroku pg:wait -a <app>` now", "Run `heroku pg:wait -a <app>` now"),
            ("`a *b*` and `c`", "`a *b*` and `c`"),
            ("one ` alone", "one \\` alone"),
            ("`` ` ``", "\\`\\` \\` \\`\\`"),
            ("`a``<b>`", "\\`a\\`\\`&lt;b>\\`"),
            ("a\\`<script>`", "a\\\\`<script>`"),
            ("a\\[x](http://evil)", "a\\\\\\[x\\](http://evil)"),
            ("`<b> unclosed", "\\`&lt;b> unclosed"),
        ] {
            assert_eq!(clean(given), told, "{given}");
        }
        assert_eq!(cell("`a | b` | c"), "`a \\| b` \\| c");
    }
}
