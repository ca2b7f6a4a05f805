//! What an account says in words, the same on every kind of page.

use jiff::Timestamp;

use super::account::{Account, StepAccount, StepEnd};
use hcops_model::{Settlement, Verdict};

/// How the run ended, in a sentence without its full stop.
pub(super) fn ending(account: &Account) -> String {
    match (account.verdict, &account.parked) {
        (Some(Verdict::Done), _) if account.steps.iter().any(StepAccount::is_attested_against_sight) => {
            "finished, but something else was seen than a person attested".to_owned()
        }
        (Some(Verdict::Done), _) if account.steps.iter().any(StepAccount::is_skipped) => {
            "done, except for what a person left out".to_owned()
        }
        (Some(Verdict::Done), _) => "done, and seen to be done".to_owned(),
        (Some(Verdict::Aborted), _) if account.steps.iter().any(StepAccount::is_skipped) => {
            "turned back; what was skipped is not restored".to_owned()
        }
        (Some(Verdict::Aborted), _) => "turned back, and what was before is restored".to_owned(),
        (Some(Verdict::Failed), _) => "a look failed; nothing was changed".to_owned(),
        (None, Some(needs)) => format!("not ended: it waits for a person. {}", needs.question.text),
        (None, None) => "not ended: it can be resumed".to_owned(),
    }
}

/// When and by whom it was turned back; empty when it was not.
pub(super) fn turned_back(account: &Account) -> String {
    account.turned_back.as_ref().map_or_else(String::new, |turn| format!("{} by {}", moment(turn.at), turn.by))
}

/// How long writes were off.
pub(super) fn downtime(account: &Account) -> String {
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

/// How much of its time the run stood still for a person, or because no process was at work; empty where it never did.
pub(super) fn waited(account: &Account) -> String {
    let parts = [
        (account.spent.person, "of it waiting for a person"),
        (account.spent.undriven, "of it with no process at work"),
    ];
    let told =
        parts.iter().filter(|(seconds, _)| *seconds > 0).map(|(seconds, what)| format!("{} {what}", span(*seconds)));
    told.collect::<Vec<_>>().join(", ")
}

/// That a clock went back, where one did.
pub(super) fn set_back(account: &Account) -> Option<String> {
    let told: Vec<String> = account
        .set_back
        .iter()
        .map(|back| format!("it went back to {} by {}", moment(back.at), span(back.seconds)))
        .collect();
    let rest = "from there on times are told later than the journal has them by as much";
    (!told.is_empty()).then(|| format!("{}; {rest}", told.join(", ")))
}

/// What is said of a run that is over where nothing is listed as left.
pub(super) const NOTHING_LEFT: &str = "No step says that anything is left to do.";

/// How a step ended.
pub(super) fn end(step: &StepAccount) -> String {
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
        StepEnd::Skipped { by, reason, .. } => format!("skipped by {by}: {reason}"),
    }
}

/// A moment, to the second.
pub(super) fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// A duration of whole seconds.
pub(super) fn span(seconds: u64) -> String {
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

/// A moment's time of day, in UTC.
pub(super) fn time_of_day(at: Timestamp) -> String {
    at.strftime("%H:%M:%S").to_string()
}
