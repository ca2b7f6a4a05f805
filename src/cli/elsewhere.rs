//! Who is told of a run besides its audience: addresses and commands, from flags and the environment.

use std::sync::Arc;

use jiff::Timestamp;

use super::arguments::Telling;
use super::config;
use super::desk::Desk;
use super::execution::before_this_process;
use super::failure::Failure;
use hcops_engine::Ended;
use hcops_heroku::transport::HttpWire;
use hcops_journal::WriteJournal;
use hcops_model::{Entry, Event, Exit, Fault, Journal, JournalFault, Line, Listener, Plan, RunId, Verdict};
use hcops_notify::{BadRecipient, Herald, Notice, NoticeKind, Recipient, Subject};
use hcops_terminal::clean;

/// The people and programs elsewhere; nobody, where none were named.
pub(super) struct Elsewhere(Option<Named>);

struct Named {
    herald: Herald,
    subject: Subject,
    /// What happened in the run before this process.
    before: Vec<Line>,
}

impl Elsewhere {
    /// Whoever the flags name, else whom the environment or the config file names; of a rehearsal only the former.
    ///
    /// # Errors
    /// When an address is none.
    pub(super) fn new(desk: &Desk, telling: &Telling, open: &WriteJournal, rehearsal: bool) -> Result<Self, Failure> {
        let recipients = recipients(desk, telling, rehearsal)?;
        let lines = open.journal.lines();
        let plan = lines.iter().find_map(|line| match &line.entry {
            Entry::Opened { plan, .. } => Some(plan),
            _ => None,
        });
        let Some(plan) = plan.filter(|_| !recipients.is_empty()) else { return Ok(Self(None)) };
        let herald = Herald::new(recipients, Arc::new(HttpWire::new()?));
        let before = before_this_process(lines).to_vec();
        Ok(Self(Some(Named { herald, subject: subject(desk, open.run, plan, rehearsal), before })))
    }

    /// Tells whoever is named that a run could not be begun, as far as it is known.
    ///
    /// # Errors
    /// When an address is none.
    pub(super) async fn not_begun(
        desk: &Desk,
        telling: &Telling,
        about: (RunId, &Plan, bool),
        fault: &Fault,
        at: Timestamp,
    ) -> Result<(), Failure> {
        let (run, plan, rehearsal) = about;
        let recipients = recipients(desk, telling, rehearsal)?;
        if recipients.is_empty() {
            return Ok(());
        }
        let notice =
            subject(desk, run, plan, rehearsal).notice(NoticeKind::Failed, at, format!("{fault}. {}", fault.remedy));
        let last = Notice { exit: Some(Exit::Failed.code()), ..notice };
        tell_last(desk, Herald::new(recipients, Arc::new(HttpWire::new()?)), Some(last)).await;
        Ok(())
    }

    /// A listener that passes everything on, and tells what matters.
    pub(super) fn beside(&self, listener: Box<dyn Listener>) -> Box<dyn Listener> {
        match &self.0 {
            Some(named) => Box::new(Both(listener, named.herald.ear(named.subject.clone(), &named.before))),
            None => listener,
        }
    }

    /// Tells that the journal cannot be read or written any more, so that the run stands still.
    pub(super) async fn broken_off(self, desk: &Desk, fault: &JournalFault, at: Timestamp) {
        let Some(named) = self.0 else { return };
        let run = named.subject.run;
        let commands = vec![format!("hcops resume {run}"), format!("hcops show {run}")];
        let text = format!("{}. {}", fault.saw, fault.remedy);
        let notice = named.subject.notice(NoticeKind::Failed, at, text);
        let last = Notice { commands: within(&named.subject, commands), exit: Some(fault.exit.code()), ..notice };
        tell_last(desk, named.herald, Some(last)).await;
    }

    /// Tells how the process ends, waits for what is not delivered yet, and says what could not be.
    pub(super) async fn finish(self, desk: &Desk, ended: &Ended, at: Timestamp, writes_off: &str) {
        let Some(named) = self.0 else { return };
        let last = last_words(&named.subject, ended, at, writes_off);
        tell_last(desk, named.herald, last).await;
    }
}

fn subject(desk: &Desk, run: RunId, plan: &Plan, rehearsal: bool) -> Subject {
    Subject::of(run, plan, rehearsal).kept_in(desk.appearance.state_dir.clone())
}

/// Commands that find the run from wherever they are typed.
fn within(subject: &Subject, commands: Vec<String>) -> Vec<String> {
    commands.iter().map(|command| subject.state_dir.within(command).into_owned()).collect()
}

/// Says what could not be delivered.
async fn tell_last(desk: &Desk, herald: Herald, last: Option<Notice>) {
    for complaint in herald.finish(last).await {
        desk.remark(&desk.appearance.tell(&format!("note: {}", clean(&complaint))));
    }
}

/// Reads an address that can be told something, as clap does it.
pub(super) fn address(text: &str) -> Result<String, BadRecipient> {
    Recipient::server(text).map(|_| text.to_owned())
}

struct Both<T>(Box<dyn Listener>, T);

impl<T: Listener> Listener for Both<T> {
    fn hear(&mut self, event: &Event) {
        self.0.hear(event);
        self.1.hear(event);
    }
}

fn recipients(desk: &Desk, telling: &Telling, rehearsal: bool) -> Result<Vec<Recipient>, Failure> {
    let (notify, said) = (&desk.settings.notify, !telling.notify.is_empty());
    let usual = notify.value.iter().flat_map(|addresses| &addresses.0).filter(|_| !rehearsal && !said);
    if desk.settings.notify_is_readable_by_others() && usual.clone().next().is_some() {
        desk.remark(config::REMARK);
    }
    let servers = telling.notify.iter().chain(usual).map(|address| {
        Recipient::server(address).map_err(|bad| {
            Failure::usage(
                format!("nobody can be told at what $HCOPS_NOTIFY says: {bad}"),
                "Who waits for a message that never comes learns nothing of a run that needs them.",
                "An address begins with https://, for Slack's form with slack+https://.",
            )
        })
    });
    let commands = telling.on_event.iter().map(|command| Ok(Recipient::Command(command.clone())));
    servers.chain(commands).collect()
}

/// What is told when the process ends.
fn last_words(subject: &Subject, ended: &Ended, at: Timestamp, writes_off: &str) -> Option<Notice> {
    let run = subject.run;
    let resume = || vec![format!("hcops resume {run}"), format!("hcops show {run}")];
    let (kind, text, commands) = match (ended.verdict, &ended.needs, &ended.fault) {
        (Some(Verdict::Done), ..) if ended.exit == Exit::VerificationFailed => {
            let text = format!("Finished, and not everything was seen as it should be{writes_off}.");
            (NoticeKind::Failed, text, vec![format!("hcops report {run}")])
        }
        (Some(Verdict::Done), ..) => {
            (NoticeKind::Done, format!("Done{writes_off}."), vec![format!("hcops report {run}")])
        }
        (Some(Verdict::Aborted), ..) if ended.exit == Exit::Aborted => {
            let text = format!("Turned back, and what was before is restored{writes_off}.");
            (NoticeKind::Aborted, text, vec![format!("hcops report {run}")])
        }
        (Some(Verdict::Aborted), ..) => {
            let text = "Turned back, but not everything is restored.".to_owned();
            (NoticeKind::Failed, text, vec![format!("hcops report {run}")])
        }
        (Some(Verdict::Failed), _, fault) => {
            let text = fault.as_ref().map_or_else(|| "A look failed.".to_owned(), ToString::to_string);
            (NoticeKind::Failed, text, vec![format!("hcops report {run}")])
        }
        (None, Some(needs), None) => (NoticeKind::Parked, needs.question.text.clone(), needs.all_commands()),
        (None, Some(needs), Some(fault)) => (NoticeKind::Failed, fault.to_string(), needs.all_commands()),
        (None, None, Some(fault)) => (NoticeKind::Failed, fault.to_string(), resume()),
        (None, None, None) => (NoticeKind::Interrupted, "Stopped; nothing is lost.".to_owned(), resume()),
    };
    let step = ended.needs.as_ref().and_then(|needs| needs.question.step.clone()).map(|step| step.to_string());
    let commands = within(subject, commands);
    Some(Notice { step, commands, exit: Some(ended.exit.code()), ..subject.notice(kind, at, text) })
}
