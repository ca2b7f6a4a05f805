//! The runs of this machine in words: where each stands, as a table, and what is to be done next.

use console::{Alignment, measure_text_width, pad_str, truncate_str};
use jiff::{SignedDuration, Timestamp};

use super::desk::Desk;
use super::rehearsal;
use hcops_journal::{Listing, RunState, RunSummary, Standing};
use hcops_model::{RunId, StopCause, Verdict};
use hcops_terminal::{Appearance, Tone, clean, moment};

/// Where a run stands, in one word that a script may rely on.
pub(super) const fn word(standing: &Standing) -> &'static str {
    match standing {
        Standing::Running(_) => "running",
        Standing::Parked { .. } => "parked",
        Standing::Interrupted => "interrupted",
        Standing::Closed(Verdict::Done) => "done",
        Standing::Closed(Verdict::Aborted) => "aborted",
        Standing::Closed(Verdict::Failed) => "failed",
    }
}

/// Where a run stands, in a sentence: who works on it, what it waits for, or why nobody works on it.
pub(super) fn standing(summary: &RunSummary, appearance: &Appearance) -> String {
    let at = |at: Timestamp| moment(at, &appearance.zone);
    match (&summary.standing, &summary.stop_requested) {
        (Standing::Running(holder), None) => format!("running, by {} on {}", holder.by, holder.place()),
        (Standing::Running(holder), Some(request)) => format!(
            "running, by {} on {}; {} on {} asked it to stop at {}, which is not in effect yet",
            holder.by,
            holder.place(),
            request.by,
            request.machine,
            at(request.at)
        ),
        (Standing::Parked { question }, _) => format!("parked: {}", clean(question)),
        (Standing::Interrupted, _) => interrupted(summary, appearance),
        (closed, _) => word(closed).to_owned(),
    }
}

fn interrupted(summary: &RunSummary, appearance: &Appearance) -> String {
    let Some(stopped) = &summary.stopped else {
        let newest = moment(summary.newest_at, &appearance.zone);
        return format!("interrupted: its process was gone after {newest}");
    };
    let at = moment(stopped.at, &appearance.zone);
    match (stopped.wish.cause, &stopped.wish.by, &stopped.wish.machine) {
        (StopCause::Interrupt, ..) => format!("interrupted: stopped at its terminal at {at}"),
        (StopCause::Terminate, ..) => format!("interrupted: its process was told to end (SIGTERM) at {at}"),
        (StopCause::TerminalClosed, ..) => format!("interrupted: its terminal was closed at {at}"),
        (StopCause::Requested, Some(by), Some(machine)) => {
            format!("interrupted: {by} on {machine} asked for it, in effect since {at}")
        }
        (StopCause::Requested, ..) => format!("interrupted: asked for, in effect since {at}"),
    }
}

/// Columns of the table, from left to right.
const COLUMNS: [(&str, Side); 8] = [
    ("RUN", Side::Left),
    ("STANDING", Side::Left),
    ("APP", Side::Left),
    ("PROCEDURE", Side::Left),
    ("STEPS", Side::Right),
    ("OPENED", Side::Left),
    ("BY", Side::Left),
    ("AGE", Side::Right),
];

/// What is left out first where the terminal is narrow: who opened it, when, the method, then how old it is. A run's name,
/// where it stands and what it is about always stay; `hcops show` tells the rest.
const LEFT_OUT: [Omission; 4] =
    [Omission::Column(BY), Omission::Column(OPENED), Omission::Method, Omission::Column(AGE)];

const STANDING: usize = 1;
const APP: usize = 2;
const PROCEDURE: usize = 3;
const OPENED: usize = 5;
const BY: usize = 6;
const AGE: usize = 7;
const BETWEEN: &str = "  ";

/// An app or a procedure is never cut shorter than this.
const READABLE: usize = 8;

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Left,
    Right,
}

#[derive(Clone, Copy, PartialEq)]
enum Omission {
    Column(usize),
    Method,
}

/// The runs as a table that is never wider than the terminal, with a heading.
pub(super) fn table(listed: &[Listing], now: Timestamp, appearance: &Appearance) -> Vec<String> {
    let left_out = (0..=LEFT_OUT.len()).map(|count| &LEFT_OUT[..count]);
    let narrowest = LEFT_OUT.as_slice();
    let fitting =
        left_out.into_iter().find(|left_out| width(&rows(listed, left_out, now, appearance)) <= appearance.columns);
    let left_out = fitting.unwrap_or(narrowest);
    let mut rows = rows(listed, left_out, now, appearance);
    shorten(&mut rows, appearance.columns);
    let widths = widths(&rows);
    let shown: Vec<usize> = shown(left_out);
    rows.iter().enumerate().map(|(index, row)| line(row, &widths, &shown, index == 0, appearance)).collect()
}

fn shown(left_out: &[Omission]) -> Vec<usize> {
    (0..COLUMNS.len()).filter(|column| !left_out.contains(&Omission::Column(*column))).collect()
}

/// The heading, then a row for each run.
fn rows(listed: &[Listing], left_out: &[Omission], now: Timestamp, appearance: &Appearance) -> Vec<Vec<String>> {
    let shown = shown(left_out);
    let pick = |cells: [String; 8]| shown.iter().map(|column| cells[*column].clone()).collect();
    let heading = COLUMNS.map(|(title, _)| appearance.tell(title).into_owned());
    let with_method = !left_out.contains(&Omission::Method);
    let of_run = |listing: &Listing| pick(cells(listing, with_method, now, appearance));
    std::iter::once(pick(heading)).chain(listed.iter().map(of_run)).collect()
}

fn cells(listing: &Listing, with_method: bool, now: Timestamp, appearance: &Appearance) -> [String; 8] {
    let run = appearance.runs.short(listing.run);
    let told = |text: &str| appearance.tell(text).into_owned();
    let age = age(listing.run, now);
    let Ok(summary) = &listing.summary else {
        let nothing = String::new;
        return [run, told("unreadable"), nothing(), nothing(), nothing(), nothing(), nothing(), age];
    };
    let standing = match (&summary.standing, &summary.stop_requested) {
        (Standing::Running(_), Some(_)) => "stopping",
        (standing, _) => word(standing),
    };
    let method = if with_method { format!(" ({})", clean(&summary.method)) } else { String::new() };
    let (over, of) = summary.progress;
    let rehearsed = if rehearsal::is_one(&summary.origin) { " *" } else { "" };
    [
        run,
        told(standing),
        format!("{}{rehearsed}", clean(&summary.app)),
        format!("{}{method}", clean(&summary.procedure)),
        format!("{over}/{of}"),
        summary.opened_at.to_zoned(appearance.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string(),
        clean(&summary.opened_by),
        age,
    ]
}

/// How long ago it was opened, in its largest unit. A run's id holds the machine's time, even where the run's own time is
/// simulated.
fn age(run: RunId, now: Timestamp) -> String {
    let opened = run.0.get_timestamp().map(|at| at.to_unix());
    let opened = opened.and_then(|(seconds, _)| Timestamp::from_second(i64::try_from(seconds).ok()?).ok());
    let passed = opened.map_or(SignedDuration::ZERO, |at| now.duration_since(at));
    match passed.as_secs().max(0) {
        seconds @ 0..=59 => format!("{seconds}s"),
        seconds @ 60..=3_599 => format!("{}m", seconds / 60),
        seconds @ 3_600..=86_399 => format!("{}h", seconds / 3_600),
        seconds => format!("{}d", seconds / 86_400),
    }
}

fn widths(rows: &[Vec<String>]) -> Vec<usize> {
    let columns = rows.first().map_or(0, Vec::len);
    let widest = |column: usize| rows.iter().map(|row| measure_text_width(&row[column])).max().unwrap_or(0);
    (0..columns).map(widest).collect()
}

fn width(rows: &[Vec<String>]) -> usize {
    let widths = widths(rows);
    widths.iter().sum::<usize>() + BETWEEN.len() * widths.len().saturating_sub(1)
}

/// Long names of apps are cut, then those of procedures, so that no line breaks.
fn shorten(rows: &mut [Vec<String>], columns: usize) {
    for column in [APP, PROCEDURE] {
        let too_wide = width(rows).saturating_sub(columns);
        if too_wide == 0 {
            return;
        }
        let room = widths(rows)[column].saturating_sub(too_wide).max(READABLE);
        for row in rows.iter_mut() {
            row[column] = truncate_str(&row[column], room, "…").into_owned();
        }
    }
}

fn line(row: &[String], widths: &[usize], shown: &[usize], is_heading: bool, appearance: &Appearance) -> String {
    let cells = row.iter().zip(widths).zip(shown).map(|((cell, width), column)| {
        let side = if COLUMNS[*column].1 == Side::Right { Alignment::Right } else { Alignment::Left };
        let padded = pad_str(cell, *width, side, None).into_owned();
        match *column {
            _ if is_heading => appearance.dress(Tone::Faint, &padded),
            STANDING => appearance.dress(tone(cell), &padded),
            _ => padded,
        }
    });
    cells.collect::<Vec<_>>().join(BETWEEN).trim_end().to_owned()
}

fn tone(standing: &str) -> Tone {
    match standing {
        "done" => Tone::Good,
        "running" | "aborted" => Tone::Normal,
        "unreadable" => Tone::Danger,
        _ => Tone::Warning,
    }
}

/// What to do next about a run that is not finished.
pub(super) struct NextStep {
    /// How it stands, in a sentence.
    pub(super) sentence: String,
    /// What to type, best first.
    pub(super) commands: Vec<String>,
}

/// The run that most needs somebody: one that waits for an answer, then one that nobody drives, then one that goes on; real
/// ones before rehearsals, the newest first.
pub(super) fn most_pressing(listed: &[Listing]) -> Option<&Listing> {
    listed.iter().filter(|listing| pressure(listing).is_some()).min_by_key(|listing| pressure(listing))
}

fn pressure(listing: &Listing) -> Option<(bool, u8)> {
    let summary = listing.summary.as_ref().ok()?;
    let rank = match summary.standing {
        Standing::Parked { .. } => 0,
        Standing::Interrupted => 1,
        Standing::Running(_) => 2,
        Standing::Closed(_) => return None,
    };
    Some((rehearsal::is_one(&summary.origin), rank))
}

/// What that run needs.
pub(super) fn next_step(listing: &Listing, desk: &Desk) -> Option<NextStep> {
    let summary = listing.summary.as_ref().ok()?;
    let run = listing.run;
    let (app, procedure) = (clean(&summary.app), clean(&summary.procedure));
    let told = |sentence: String, commands: Vec<String>| Some(NextStep { sentence, commands });
    match &summary.standing {
        Standing::Parked { question } => {
            let question = clean(question);
            told(format!("{procedure} of {app} waits for an answer: {question}"), commands_of_parked(run, desk))
        }
        Standing::Interrupted => {
            let why = standing(summary, &desk.appearance);
            told(format!("{procedure} of {app} is not finished, and nobody drives it ({why})"), vec![resume(run)])
        }
        Standing::Running(holder) => {
            let (by, place) = (&holder.by, holder.place());
            told(format!("{procedure} of {app} goes on, by {by} on {place}"), vec![format!("hcops watch {run}")])
        }
        Standing::Closed(_) => None,
    }
}

fn resume(run: RunId) -> String {
    format!("hcops resume {run}")
}

fn commands_of_parked(run: RunId, desk: &Desk) -> Vec<String> {
    let open = desk.store().open_read(&run.to_string());
    let needs = open.ok().and_then(|open| RunState::fold(&open.lines).ok()?.parked);
    let first = needs.and_then(|needs| needs.all_commands().into_iter().next());
    [Some(format!("hcops show {run}")), first].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests;
