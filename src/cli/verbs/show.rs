use clap::Args;
use jiff::Timestamp;
use serde_json::json;

use crate::cli::arguments::Form;
use crate::cli::clock::SystemClock;
use crate::cli::desk::Desk;
use crate::cli::failure::Failure;
use crate::cli::reach::has_its_own_time;
use crate::cli::run_choice::RunChoice;
use crate::cli::run_list::{next_step, standing, word as standing_word};
use hcops_journal::run_state::{Phase, StepState};
use hcops_journal::{Listing, ReadJournal, RunState, Standing};
use hcops_model::{Clock as _, Exit, PlannedStep, Seen};
use hcops_terminal::{Tone, duration, moment, needs_lines, wrap};

/// Show a run: where it is, why it waits, what comes next, what can still be undone
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    run: RunChoice,
    /// Show the plan's every step as well
    #[arg(long)]
    steps: bool,
}

/// Shows it.
///
/// # Errors
/// When there is no such run, or its journal cannot be read.
pub(in crate::cli) fn run(arguments: &Arguments, desk: &Desk) -> Result<Exit, Failure> {
    let open = desk.store().open_read(&arguments.run.any(desk)?)?;
    let state = RunState::fold(&open.lines)?;
    if desk.form == Form::Json {
        tell_json(&open, &state, desk);
        return Ok(Exit::Done);
    }
    desk.say(&heading(&open, &state, desk));
    desk.say(&steps(&state, arguments.steps, desk));
    desk.say(&way_back(&state, desk));
    if let Some(needs) = &state.parked {
        desk.say(&[String::new()]);
        let mut needs = needs.clone();
        if let Some((off, seconds)) = needs.writes_off.as_mut().zip(state.downtime.seconds(now_of(&state))) {
            off.seconds = seconds;
        }
        desk.say(&needs_lines(&needs, &desk.appearance));
    } else {
        desk.say(&next(&open, desk));
    }
    for note in &open.notes {
        desk.remark(&format!("note: {note}"));
    }
    Ok(Exit::Done)
}

/// The machine's time; for a simulated world, whose time is its own, that of the newest line.
fn now_of(state: &RunState) -> Timestamp {
    if has_its_own_time(&state.origin) { state.at } else { SystemClock.now() }
}

/// What to type next, where the run is not over.
fn next(open: &ReadJournal, desk: &Desk) -> Vec<String> {
    let Some(next) = next_step(&listed(open, desk), desk) else { return Vec::new() };
    let commands = next.commands.iter().map(|command| format!("  {}", desk.appearance.dress(Tone::Command, command)));
    let heading = desk.appearance.tell("Next:").into_owned();
    [String::new(), heading].into_iter().chain(commands).collect()
}

fn listed(open: &ReadJournal, desk: &Desk) -> Listing {
    desk.store().listing(open.run)
}

fn heading(open: &ReadJournal, state: &RunState, desk: &Desk) -> Vec<String> {
    let zone = &desk.appearance.zone;
    let stands = listed(open, desk).summary.ok().map(|summary| match &summary.standing {
        // The question itself follows below, with its facts.
        Standing::Parked { .. } => "parked: it needs an answer".to_owned(),
        _ => standing(&summary, &desk.appearance),
    });
    let stands = stands.unwrap_or_else(|| "unknown".to_owned());
    let opened = format!("{} by {}, against {}", moment(state.opened_at, zone), state.opened_by, state.origin);
    let mut lines = wrap(&desk.appearance.tell(&state.plan.title), desk.appearance.columns, "", "");
    let mut row = |label: &str, value: &str| lines.extend(labelled(&desk.appearance.tell(label), value, desk));
    row("run", &desk.appearance.runs.short(open.run));
    row("standing", &desk.appearance.tell(&stands));
    row("opened", &desk.appearance.tell(&opened));
    row("newest", &moment(state.at, zone));
    row("plan", &state.digest.to_string());
    if let Some(told) = writes_off(state) {
        row("writes", &desk.appearance.tell(&told));
    }
    // A path stays whole, to be copied.
    lines.push(format!("{}{}", head(&desk.appearance.tell("journal")), open.directory.display()));
    lines
}

/// A value beside its label, in lines as wide as the terminal.
fn labelled(label: &str, value: &str, desk: &Desk) -> Vec<String> {
    wrap(value, desk.appearance.columns, &head(label), &head(""))
}

fn head(label: &str) -> String {
    format!("  {}", console::pad_str(label, 10, console::Alignment::Left, None))
}

/// How long writes have been off. While they are, the newest line says less than the clock; only a simulator's time is
/// not known from here.
fn writes_off(state: &RunState) -> Option<String> {
    let off = |now| state.downtime.seconds(now).map(duration);
    Some(match state.downtime.until {
        Some(_) => format!("were off for {}", off(state.at)?),
        None if has_its_own_time(&state.origin) => {
            format!("off for {} at the newest line, and still off", off(state.at)?)
        }
        None => format!("off for {}, and still off", off(SystemClock.now())?),
    })
}

fn steps(state: &RunState, every: bool, desk: &Desk) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut upcoming = 0;
    for (index, (step, phase)) in state.carried_out().enumerate() {
        let word = word(phase);
        upcoming += u32::from(phase == Phase::Next);
        if every || phase == Phase::Underway || (phase == Phase::Next && upcoming <= 3) {
            lines.extend(step_line(index + 1, step, word, state, desk));
            lines.extend(why_it_waits(step, state, desk).filter(|_| phase == Phase::Underway).unwrap_or_default());
        }
    }
    lines
}

/// How far a step is, in a word that a script may rely on.
const fn word(phase: Phase) -> &'static str {
    match phase {
        Phase::Done(_) => "done",
        Phase::Waived => "skipped",
        Phase::Underway => "underway",
        Phase::Next => "next",
    }
}

fn step_line(number: usize, step: &PlannedStep, word: &str, state: &RunState, desk: &Desk) -> Vec<String> {
    let took = state.steps.get(&step.id).and_then(StepState::took);
    let took = took.map_or_else(String::new, |seconds| format!(" ({})", duration(seconds)));
    let crossing = match step.crossing {
        Some(_) => {
            let nth = state.plan.nth_of_several(&step.id);
            format!("  {}", desk.appearance.tell(&format!("POINT OF NO RETURN{nth}")))
        }
        None => String::new(),
    };
    let word = desk.appearance.tell(word);
    let head = format!("{number:>3}. {} ", console::pad_str(&word, 9, console::Alignment::Left, None));
    wrap(
        &format!("{}{took}{crossing}", desk.appearance.tell(&step.title)),
        desk.appearance.columns,
        &head,
        "               ",
    )
}

/// What a step that is underway waits for, since when, and how long that usually takes.
fn why_it_waits(step: &PlannedStep, state: &RunState, desk: &Desk) -> Option<Vec<String>> {
    let known = state.step(&step.id);
    let since = known.waits_since().or(known.began_at)?;
    let opening = state.opening().filter(|_| step.is_gate());
    let what = if state.asked_about(&step.id).is_some() {
        "a person's answer".to_owned()
    } else if let Some((opening, _)) = opening {
        format!("when writes may go off: `{opening}`")
    } else {
        match known.sight {
            Some((_, Seen::Underway { note, .. })) => note,
            Some((_, Seen::Blocked { why, .. } | Seen::Unclear { why, .. })) => why,
            _ => "its effect to show".to_owned(),
        }
    };
    let since = moment(since, &desk.appearance.zone);
    let text = match step.expect.usual {
        0 => format!("waits for: {what} (since {since})"),
        usual => format!("waits for: {what} (since {since}, usually {})", duration(usual)),
    };
    Some(wrap(&desk.appearance.tell(&text), desk.appearance.columns, "               ", "               "))
}

fn way_back(state: &RunState, desk: &Desk) -> Vec<String> {
    let columns = desk.appearance.columns;
    if state.closed.is_some() {
        return Vec::new();
    }
    let text = match state.crossed.first() {
        Some(crossed) => format!("No way leads back any more: {} Only forward remains.", crossed.lost),
        None if state.turned_back() => "It is on its way back.".to_owned(),
        None => {
            let command = desk.appearance.typed(&format!("hcops abort {}", state.run));
            // Whole on a line of its own, to be copied.
            return vec![
                String::new(),
                desk.appearance.tell("What was done can be undone:").into_owned(),
                format!("  {command}"),
            ];
        }
    };
    let mut lines = vec![String::new()];
    lines.extend(wrap(&desk.appearance.tell(&text), columns, "", ""));
    lines
}

fn tell_json(open: &ReadJournal, state: &RunState, desk: &Desk) {
    let steps: Vec<_> = state
        .carried_out()
        .map(|(step, phase)| {
            let how = if let Phase::Done(how) = &phase { Some(how) } else { None };
            json!({ "id": step.id, "title": step.title, "phase": word(phase), "how": how })
        })
        .collect();
    let summary = listed(open, desk).summary.ok();
    desk.say_json(
        "run",
        json!({
            "standing": summary.as_ref().map(|summary| standing_word(&summary.standing)),
            "stop_requested": summary.as_ref().and_then(|summary| summary.stop_requested.clone()),
            "stopped": state.stopped.as_ref().map(|stopped| json!({ "at": stopped.at, "wish": stopped.wish })),
            "run": open.run, "title": state.plan.title, "app": state.plan.app, "origin": state.origin,
            "opened_at": state.opened_at, "opened_by": state.opened_by, "newest_at": state.at, "digest": state.digest,
            "closed": state.closed, "crossed": !state.crossed.is_empty(), "turned_back": state.turned_back(),
            "downtime_seconds": state.downtime.seconds(state.at), "needs": state.parked.clone().map(|needs| desk.appearance.state_dir.within_needs(needs)), "steps": steps,
            "notes": open.notes,
        }),
    );
}
