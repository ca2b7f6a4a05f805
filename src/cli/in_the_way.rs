//! One run at a time for each database, connection and app: the runs that are in the way of a new one, and the operator's
//! word that it may go on beside them.

use std::path::Path;

use clap::Args;

use super::desk::Desk;
use super::failure::Failure;
use super::reach::Reach;
use super::rehearsal;
use super::run_choice::named_run;
use super::run_list::standing;
use hcops_journal::claims::Claims;
use hcops_journal::{Listing, Remains, RunSummary, Standing, Unreadable};
use hcops_model::state_dir::shell_quoted;
use hcops_model::{Entry, Exit, Fault, FaultKind, Plan, Question, QuestionKind, RunId};
use hcops_terminal::{clean, moment};

/// The operator's word that a run may begin beside another one.
#[derive(Args, Clone, Default)]
pub(super) struct Beside {
    /// Begin although this run is not finished and has the same database, connection or app; recorded as your word. Not
    /// while that run has turned writes off
    #[arg(long, value_name = "RUN", help_heading = "Other runs")]
    beside: Vec<String>,
}

impl Beside {
    /// The runs that are meant.
    ///
    /// # Errors
    /// When a name fits none or several.
    pub(super) fn runs(&self, desk: &Desk) -> Result<Vec<RunId>, Failure> {
        self.beside.iter().map(|name| named_run(name, desk)).collect()
    }
}

/// A run that is in the way, and may stay there by the operator's word.
pub(super) struct InTheWay {
    /// The run.
    pub(super) run: RunId,
    /// What it is and shares, in one sentence.
    saw: String,
}

impl InTheWay {
    /// The operator's word for the journal.
    pub(super) fn said(&self, by: &str) -> [Entry; 2] {
        let id = format!("beside:{}", self.run);
        let text = "Is this run begun although another one is in its way?".to_owned();
        let sort = QuestionKind::Attest { statements: vec!["Both may go on at the same time.".to_owned()] };
        let question = Question {
            id: id.clone(),
            step: None,
            sort,
            text,
            shown: vec![self.saw.clone()],
            picture: None,
            in_words: false,
        };
        let how = format!("--beside {}", self.run);
        [
            Entry::Asked { question },
            Entry::Answered { question: id, answer: "yes".to_owned(), by: by.to_owned(), how, picture: None },
        ]
    }
}

/// The runs in the way of this plan that may stay there, since the operator said so.
///
/// # Errors
/// With exit 13 where a run that is not finished has the same database, connection or app and nobody said that this one
/// may begin beside it, or it must not; with exit 12 where a run cannot be read and could be such a one.
pub(super) fn let_pass(desk: &Desk, reach: &Reach, plan: &Plan, beside: &[RunId]) -> Result<Vec<InTheWay>, Failure> {
    let claims = Claims::of_plan(plan);
    // A rehearsal's world is its own.
    if claims.is_empty() || reach.rehearsal.is_some() {
        return Ok(Vec::new());
    }
    let (readable, unreadable): (Vec<Listing>, Vec<Listing>) =
        desk.store().list()?.into_iter().partition(|listing| listing.summary.is_ok());
    let mut passed = Vec::new();
    for listing in readable.iter().chain(&unreadable) {
        let found = match &listing.summary {
            Ok(summary) => known(listing.run, summary, &claims, &reach.origin, beside, desk)?,
            Err(broken) => unknown(listing, broken, &claims, &reach.origin, beside, desk)?,
        };
        passed.extend(found);
    }
    Ok(passed)
}

fn known(
    run: RunId,
    other: &RunSummary,
    claims: &Claims,
    origin: &str,
    beside: &[RunId],
    desk: &Desk,
) -> Result<Option<InTheWay>, Failure> {
    let shared = other.claims.shared_with(claims);
    if !other.standing.is_unfinished() || other.origin != origin || shared.is_empty() {
        return Ok(None);
    }
    let saw = saw(run, other, &shared, desk);
    let never = never_beside(other, claims);
    if never.is_none() && beside.contains(&run) {
        return Ok(Some(InTheWay { run, saw }));
    }
    let (remedy, command) = way_out(run, other);
    let word = never.unwrap_or_else(|| format!("Where both may go on at the same time, say so: --beside {run}."));
    let fault = Fault::new(FaultKind::Refused, saw, TOGETHER, format!("{remedy} {word}"));
    Err(Failure::new(Exit::LeasedElsewhere, fault).with_command(command))
}

const TOGETHER: &str = "Of two runs that change the same things each takes what the other does for its own: one would end \
                        the other's silence, switch to its database or destroy it. Nothing was done.";

/// What the other run is, where it stands, who had it last, and what both change.
fn saw(run: RunId, other: &RunSummary, shared: &[String], desk: &Desk) -> String {
    let (procedure, method, app) = (clean(&other.procedure), clean(&other.method), clean(&other.app));
    let stands = standing(other, &desk.appearance);
    let stands = stands.trim_end_matches('.');
    let at = |since| moment(since, &desk.appearance.zone);
    let who = match (&other.standing, &other.lease) {
        (Standing::Running(holder), _) => format!(", since {}", at(holder.since)),
        (_, None) => String::new(),
        (_, Some(lease)) => {
            format!("; {} had it last, on {}, since {}", clean(&lease.by), clean(&lease.holder), at(lease.at))
        }
    };
    let step = other.step.as_ref().map_or_else(String::new, |step| format!("; its next step: {}", clean(step)));
    let shared = clean(&listed(shared));
    format!(
        "run {run} ({procedure} by {method} of {app}) is not finished and changes the same things, {shared}. It is \
         {stands}{who}{step}"
    )
}

/// Why not even the operator's word lets another run begin.
fn never_beside(other: &RunSummary, claims: &Claims) -> Option<String> {
    if let Some(name) = other.claims.made_by_both(claims) {
        return Some(format!(
            "Both would make the database {name}, and the way back of one would destroy it for the other: where both may \
             go on, choose another name for this one."
        ));
    }
    (other.writes_off && other.claims.share_a_database(claims)).then(|| {
        "It has turned writes off for this database, and rests on nobody else's touching it: no --beside while that lasts."
            .to_owned()
    })
}

/// What to do about a run that is in the way, and the command.
fn way_out(run: RunId, other: &RunSummary) -> (String, String) {
    let (resume, abort) = (format!("hcops resume {run}"), format!("hcops abort {run}"));
    match &other.standing {
        Standing::Running(_) => {
            (format!("Wait until it is over, or have it stop first: `hcops stop {run}`."), format!("hcops watch {run}"))
        }
        _ if !other.has_acted => {
            (format!("It has changed nothing: put it away (`{abort}`), or go on with it (`{resume}`)."), abort)
        }
        _ if other.has_crossed => {
            ("Finish it first: it is past a point of no return, and can't be turned back.".to_owned(), resume)
        }
        _ => (format!("Finish it (`{resume}`) or turn it back (`{abort}`) first."), format!("hcops show {run}")),
    }
}

fn unknown(
    listing: &Listing,
    broken: &Unreadable,
    claims: &Claims,
    origin: &str,
    beside: &[RunId],
    desk: &Desk,
) -> Result<Option<InTheWay>, Failure> {
    if !may_hold(listing, broken, Some((claims, origin))) {
        return Ok(None);
    }
    let run = listing.run;
    let saw = format!("{}, and it may be a run that changes the same things", not_read(listing, broken));
    if beside.contains(&run) {
        return Ok(Some(InTheWay { run, saw }));
    }
    let (remedy, command) = repair(listing, broken, desk);
    let word = format!("Where you know that it is over, or has nothing to do with this, say so: --beside {run}.");
    let fault = Fault::new(FaultKind::Unreadable, saw, UNKNOWN, format!("{remedy} {word}"));
    Err(Failure::new(Exit::Unclear, fault).with_command(command))
}

const UNKNOWN: &str = "A run that cannot be read is not known to be over: it may have paused sync or turned writes off, and \
                       rest on that. Nothing was done.";

/// Whether a run that cannot be read may be going on, and may change some of these things of this account; of any, where
/// none are named.
pub(super) fn may_hold(listing: &Listing, broken: &Unreadable, claimed: Option<(&Claims, &str)>) -> bool {
    match &broken.remains {
        Remains::NeverBegan | Remains::Over => false,
        Remains::Unknown { .. } if rehearsal::has_world(&listing.directory) => false,
        Remains::Unknown { opened: Some(opened), .. } => {
            let claimed = claimed.is_none_or(|(claims, origin)| {
                opened.origin == origin && !opened.claims.shared_with(claims).is_empty()
            });
            !rehearsal::is_one(&opened.origin) && !opened.claims.is_empty() && claimed
        }
        Remains::Unknown { opened: None, .. } => true,
    }
}

/// That a run cannot be read, and what is known of it, in one sentence.
pub(super) fn not_read(listing: &Listing, broken: &Unreadable) -> String {
    let about = match &broken.remains {
        Remains::Unknown { opened: Some(opened), .. } => {
            format!(" ({} by {} of {})", clean(&opened.procedure), clean(&opened.method), clean(&opened.app))
        }
        _ => String::new(),
    };
    format!("the journal of run {}{about} cannot be read: {}", listing.run, clean(&broken.fault.saw))
}

/// What makes such a run readable or puts it away, and the command.
pub(super) fn repair(listing: &Listing, broken: &Unreadable, desk: &Desk) -> (String, String) {
    let directory = quoted(&listing.directory);
    match &broken.remains {
        Remains::Unknown { forbidden: true, .. } => (
            "Another account of this machine owns it, as after `sudo`: make it yours.".to_owned(),
            format!("sudo chown -R {} {directory}", desk.environment.user()),
        ),
        _ => (
            format!(
                "{} When what it did is known to be over, put it away with the command below: nothing reads it there.",
                broken.fault.remedy
            ),
            format!("mv {directory} {}", quoted(&put_away(&listing.directory))),
        ),
    }
}

/// Beside the folder of the runs, under the run's own name.
fn put_away(directory: &Path) -> std::path::PathBuf {
    let name = directory.file_name().unwrap_or_default().to_string_lossy();
    let runs = directory.parent().unwrap_or(directory);
    runs.with_file_name(format!("put-away-{name}"))
}

fn quoted(path: &Path) -> String {
    shell_quoted(&path.display().to_string())
}

fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
