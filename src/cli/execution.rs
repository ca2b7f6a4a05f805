//! Carrying out: a journal, the actions, whoever answers and whoever listens, put together for the engine.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;

use super::arguments::{AnswersBeforehand, Conduct, Form};
use super::audience::Audience;
use super::checkups::unfinished;
use super::clock::SystemClock;
use super::desk::Desk;
use super::elsewhere::Elsewhere;
use super::failure::{Failure, is_unseen};
use super::in_the_way::{self, InTheWay};
use super::reach::Reach;
use super::run_choice::TakeOver;
use super::scene::RunScene;
use super::{interrupt, rehearsal, trace};
use hcops_engine::abort::turn_back;
use hcops_engine::newest::NewestProgress;
use hcops_engine::{Drive, Ended, Stop, drive};
use hcops_journal::lease::Holder;
use hcops_journal::run_state::is_denial;
use hcops_journal::stop_request::{Letterbox, StopRequest};
use hcops_journal::{Listing, Opening, StoreFault, WriteJournal};
use hcops_model::{
    Clock as _, Entry, Exit, Journal, JournalFault, Line, Person as _, Plan, Question, QuestionKind, Reply, RunId,
    Verdict,
};
use hcops_terminal::{Stage, Terminal, duration, fault_lines};

/// Which way a run is driven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// To the end of its plan.
    Onward,
    /// Back to what was before.
    Back,
}

/// Opens a run of this plan, unless another one is in its way; `beside` are the runs that the operator said may go on at
/// the same time.
///
/// # Errors
/// When another run is in the way, or the journal cannot be written.
pub(super) fn open(
    desk: &Desk,
    reach: &Reach,
    run: RunId,
    plan: Plan,
    beside: &[RunId],
) -> Result<WriteJournal, Failure> {
    let store = desk.store();
    // Looked for and written down in one go, so that of two runs that begin at once one sees the other.
    let beginning = store.beginning().map_err(|fault| not_begun(fault, desk))?;
    let others = in_the_way::let_pass(desk, reach, &plan, beside)?;
    note_unfinished(&plan.app, &reach.origin, &others, desk)?;
    let said = others.iter().flat_map(|other| other.said(&reach.by)).collect();
    let opening = Opening { run, tool: env!("CARGO_PKG_VERSION").to_owned(), plan, origin: reach.origin.clone() };
    let open = store
        .create_with(opening, said, holder(desk, reach), reach.clock.now())
        .map_err(|fault| not_begun(fault, desk))?;
    drop(beginning);
    Ok(open)
}

/// What cannot be written down from the first is not begun.
fn not_begun(fault: StoreFault, desk: &Desk) -> Failure {
    let mut failure = Failure::from(fault);
    failure.fault.remedy =
        "Nothing was begun and nothing was changed. Free space there, or see to its permissions, or name \
                            another place with --state-dir; then begin again."
            .to_owned();
    failure.with_command(format!("df -h {}", desk.settings.journal.value.display()))
}

/// One line, however many there are: a note is no list. Those that only look are left out: they are in nobody's way.
fn note_unfinished(app: &str, origin: &str, named: &[InTheWay], desk: &Desk) -> Result<(), Failure> {
    let is_news = |listing: &Listing| {
        let changes = listing.summary.as_ref().is_ok_and(|summary| !summary.only_looks);
        changes && named.iter().all(|other| other.run != listing.run)
    };
    let unfinished: Vec<Listing> = unfinished(app, origin, desk)?.into_iter().filter(is_news).collect();
    let note = match unfinished.as_slice() {
        [] => return Ok(()),
        [one] => {
            let command = desk.appearance.typed(&format!("hcops show {}", one.run));
            format!("note: a run of {app} is not finished: {command}")
        }
        several => {
            let command = desk.appearance.typed("hcops runs --unfinished");
            format!("note: {} runs of {app} are not finished: {command}", several.len())
        }
    };
    desk.remark(&desk.appearance.tell(&note));
    Ok(())
}

/// Takes a run that was opened before.
///
/// # Errors
/// When there is no such run, another process holds it, or its journal cannot be read.
pub(super) async fn take(
    desk: &Desk,
    reach: &Reach,
    name: &str,
    take_over: &TakeOver,
) -> Result<WriteJournal, Failure> {
    let open = |why: Option<&str>| desk.store().open_write_with(name, holder(desk, reach), why, reach.clock.now());
    let open = match open(take_over.take_over.as_deref()) {
        Err(StoreFault::Copied { saw, remedy }) => match why_taken_over(desk, reach, &saw).await {
            Some(why) => open(Some(&why)),
            None => Err(StoreFault::Copied { saw, remedy }),
        },
        other => other,
    };
    let open = open.map_err(|fault| held_by_another(fault, name))?;
    for note in &open.notes {
        desk.remark(&desk.appearance.tell(&format!("note: {note}")));
    }
    Ok(open)
}

/// Why a copy is to be gone on with, in the words of whoever sits at the terminal.
async fn why_taken_over(desk: &Desk, reach: &Reach, saw: &str) -> Option<String> {
    if !desk.interactive {
        return None;
    }
    let text = "Only one of the two may be gone on with. Why does nobody go on with the other one?".to_owned();
    let sort =
        QuestionKind::Attest { statements: vec!["No process works on the other one, and none will.".to_owned()] };
    let question = Question {
        id: "take-over".to_owned(),
        step: None,
        sort,
        text,
        shown: vec![saw.to_owned()],
        picture: None,
        in_words: true,
    };
    let (printer, appearance) = (desk.printer.clone(), desk.appearance_now());
    let mut person = Terminal::new(reach.by.clone(), printer, appearance, Stage::absent());
    match person.ask(&question).await {
        Reply::Said { answer, .. } if !is_denial(&answer) && !answer.trim().is_empty() => Some(answer),
        _ => None,
    }
}

/// Whoever wants to take a run that is being driven wants it to stop there first.
pub(super) fn held_by_another(fault: StoreFault, name: &str) -> Failure {
    let command = match &fault {
        StoreFault::LeasedElsewhere { .. } => Some(format!("hcops stop {name}")),
        StoreFault::Copied { .. } => Some(format!("hcops show {name}")),
        _ => None,
    };
    let failure = Failure::from(fault);
    match command {
        Some(command) => failure.with_command(command),
        None => failure,
    }
}

fn holder(desk: &Desk, reach: &Reach) -> Holder {
    Holder::this_process(reach.by.clone(), desk.environment.machine(), reach.clock.now())
}

/// Drives a run until it is over, needs a person, is blocked or stopped; then says how it ended.
///
/// # Errors
/// When the journal cannot be written, or no way leads back.
pub(super) async fn carry_out(
    desk: &Desk,
    reach: &Reach,
    mut open: WriteJournal,
    conduct: &Conduct,
    direction: Direction,
) -> Result<Exit, Failure> {
    trace::to_run(open.journal.directory(), desk);
    let told = Elsewhere::new(desk, &conduct.telling, &open, reach.rehearsal.is_some())?;
    let beforehand = with_earlier_approval(&conduct.answers, open.journal.lines());
    let stop = Stop::new();
    let mut audience = Audience::new(desk, reach.clock.clone(), before_this_process(open.journal.lines()));
    let door = Door::open(&open, &stop);
    let scene = RunScene::new(desk, audience.stage.clone(), open.run, reach.clock.clone(), door.newest.clone());
    interrupt::listen_at(&stop, &desk.printer, Arc::new(scene));
    audience.listener = door.newest.ear(told.beside(audience.listener));
    let listed = listed_statements(open.journal.lines());
    let mut person = audience.person(desk, reach, &beforehand, listed);
    let parts = Drive {
        journal: &mut open.journal,
        actions: &*reach.actions,
        clock: &*reach.clock,
        person: &mut person,
        listener: &mut *audience.listener,
        stop: &stop,
        run: open.run,
    };
    let driven = match direction {
        Direction::Onward => drive(parts).await.map(Ok),
        Direction::Back => turn_back(parts).await,
    };
    drop(audience);
    drop(door);
    let ended = match driven {
        Ok(ended) => as_a_look(ended?),
        Err(fault) => {
            told.broken_off(desk, &fault, reach.clock.now()).await;
            return Err(unwritten(fault, open.run));
        }
    };
    told.finish(desk, &ended, reach.clock.now(), &writes_off(&open)).await;
    tell_end(desk, &ended, &open);
    match &reach.rehearsal {
        Some(simulator) => rehearsal::concluded(desk, simulator, &ended),
        None => Ok(ended.exit),
    }
}

/// What only looks, and could not see, says so by the same exit code as every other look.
fn as_a_look(mut ended: Ended) -> Ended {
    let unseen = ended.fault.as_ref().is_some_and(is_unseen);
    if unseen && (ended.verdict, ended.exit) == (Some(Verdict::Failed), Exit::Failed) {
        ended.exit = Exit::NotSeen;
    }
    ended
}

/// Nothing is done that is not in the journal: once it can be written again, the run is gone on with.
fn unwritten(fault: JournalFault, run: RunId) -> Failure {
    Failure::from(fault).with_command(format!("hcops resume {run}"))
}

/// Where other processes see what this one waits for, and ask it to stop. Closed when dropped.
struct Door {
    directory: PathBuf,
    newest: NewestProgress,
    keeper: JoinHandle<()>,
}

/// How often a request is looked for while the run waits.
const LOOK: Duration = Duration::from_secs(1);

impl Door {
    fn open(open: &WriteJournal, stop: &Stop) -> Self {
        let directory = open.journal.directory().to_owned();
        let fence = |line: &Line| if let Entry::Leased { fence, .. } = line.entry { Some(fence) } else { None };
        let fence = open.journal.lines().iter().rev().find_map(fence).unwrap_or(0);
        stop.fit(Letterbox::open(&directory, fence));
        let newest = NewestProgress::beside(&directory, Arc::new(SystemClock));
        let (told, wish) = (newest.clone(), stop.clone());
        let keeper = tokio::spawn(async move {
            loop {
                SystemClock.sleep(LOOK).await;
                wish.look_into_letterbox();
                told.flush();
            }
        });
        Self { directory, newest, keeper }
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.keeper.abort();
        self.newest.remove();
        StopRequest::remove_from(&self.directory);
    }
}

/// What the journal held before this process took the run; the engine tells the rest.
pub(super) fn before_this_process(lines: &[Line]) -> &[Line] {
    let newest_lease = lines.iter().rposition(|line| matches!(line.entry, Entry::Leased { .. }));
    match newest_lease {
        Some(index) if lines[..index].iter().any(|line| matches!(line.entry, Entry::Leased { .. })) => &lines[..index],
        _ => &[],
    }
}

/// A plan that was approved by its digest was approved with the statements that it lists, in whichever process.
fn with_earlier_approval(beforehand: &AnswersBeforehand, lines: &[Line]) -> AnswersBeforehand {
    let by_digest = |line: &Line| match &line.entry {
        Entry::Confirmed { step: None, how, given, .. } if how == "--approve" || how == "answer" => Some(given.clone()),
        _ => None,
    };
    let mut beforehand = beforehand.clone();
    beforehand.approve = beforehand.approve.or_else(|| lines.iter().rev().find_map(by_digest));
    beforehand
}

/// What the approved plans list to be attested.
fn listed_statements(lines: &[Line]) -> BTreeSet<String> {
    let plans = lines.iter().filter_map(|line| match &line.entry {
        Entry::Opened { plan, .. } | Entry::Aborted { plan, .. } => Some(plan),
        _ => None,
    });
    plans.flat_map(|plan| plan.attested()).map(str::to_owned).collect()
}

/// The last words. With JSON the last event has said it all.
fn tell_end(desk: &Desk, ended: &Ended, open: &WriteJournal) {
    if let Some(fault) = &ended.fault {
        desk.printer.note("");
        desk.printer.note_lines(&fault_lines(fault, &desk.appearance_now()));
    }
    if desk.form == Form::Json {
        return;
    }
    let run = open.run;
    let words = match (ended.verdict, ended.exit) {
        (Some(Verdict::Done), Exit::VerificationFailed) => {
            "Finished, and not everything was seen as it should be.".to_owned()
        }
        (Some(Verdict::Done), _) => format!("Done{}.", writes_off(open)),
        (Some(Verdict::Aborted), Exit::Aborted) => {
            format!("Aborted, and what was before is restored{}.", writes_off(open))
        }
        (Some(Verdict::Failed), exit) => {
            format!("Over: a look failed, and nothing was changed (exit {}).", exit.code())
        }
        (Some(Verdict::Aborted), _) => "Aborted, but not everything is restored.".to_owned(),
        (None, exit) => {
            let short = desk.appearance.runs.short(run);
            let unfinished = format!("Run {short} is not finished (exit {}).", exit.code());
            return desk.say(&[String::new(), desk.appearance.tell(&unfinished).into_owned()]);
        }
    };
    let report = desk.appearance.typed(&format!("hcops report {run}"));
    let told = |text: &str| desk.appearance.tell(text).into_owned();
    desk.say(&[String::new(), told(&words), told(&format!("Report: {report}"))]);
}

fn writes_off(open: &WriteJournal) -> String {
    let state = hcops_journal::RunState::fold(open.journal.lines());
    let seconds = state.ok().and_then(|state| state.downtime.seconds(state.at));
    seconds.map_or_else(String::new, |seconds| format!("; writes were off for {}", duration(seconds)))
}

/// Refuses to go on with a run somewhere else than where it began.
///
/// # Errors
/// When the run's origin is not the one that is configured now.
pub(super) fn same_origin(opened: &str, now: &str) -> Result<(), Failure> {
    if opened == now {
        return Ok(());
    }
    Err(Failure::usage(
        format!("the run was opened against {opened}, and HEROKU_HOST now leads to {now}"),
        "The journal's facts are about the first place; acting on them in another could do harm.",
        "Set HEROKU_HOST as it was when the run was opened.",
    ))
}
