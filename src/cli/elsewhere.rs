//! Who is told of a run besides its audience: addresses and commands, from flags and the environment.

use std::sync::Arc;

use jiff::Timestamp;

use super::arguments::Telling;
use super::config;
use super::desk::Desk;
use super::failure::Failure;
use crate::engine::Ended;
use crate::engine::journal::WriteJournal;
use crate::herald::{BadRecipient, Herald, Notice, NoticeKind, Recipient, Subject};
use crate::heroku::transport::HttpWire;
use crate::model::{Entry, Event, Exit, Journal, Listener, Plan, Verdict};
use crate::screen::clean;

/// The people and programs elsewhere; nobody, where none were named.
pub(super) struct Elsewhere(Option<Named>);

struct Named {
    herald: Herald,
    subject: Subject,
    plan: Plan,
}

impl Elsewhere {
    /// Whoever the flags name, else whom the environment or the config file names; of a rehearsal only the former.
    ///
    /// # Errors
    /// When an address is none.
    pub(super) fn new(desk: &Desk, telling: &Telling, open: &WriteJournal, rehearsal: bool) -> Result<Self, Failure> {
        let recipients = recipients(desk, telling, rehearsal)?;
        let plan = open.journal.lines().iter().find_map(|line| match &line.entry {
            Entry::Opened { plan, .. } => Some(Plan::clone(plan)),
            _ => None,
        });
        let Some(plan) = plan.filter(|_| !recipients.is_empty()) else { return Ok(Self(None)) };
        let herald = Herald::new(recipients, Arc::new(HttpWire::new()?));
        Ok(Self(Some(Named { herald, subject: Subject::of(open.run, &plan, rehearsal), plan })))
    }

    /// A listener that passes everything on, and tells what matters.
    pub(super) fn beside(&self, listener: Box<dyn Listener>) -> Box<dyn Listener> {
        match &self.0 {
            Some(named) => Box::new(Both(listener, named.herald.ear(named.subject.clone(), &named.plan))),
            None => listener,
        }
    }

    /// Tells how the process ends, waits for what is not delivered yet, and says what could not be.
    pub(super) async fn finish(self, desk: &Desk, ended: &Ended, at: Timestamp, writes_off: &str) {
        let Some(named) = self.0 else { return };
        let last = last_words(&named.subject, ended, at, writes_off);
        for complaint in named.herald.finish(last).await {
            desk.remark(&desk.appearance.tell(&format!("note: {}", clean(&complaint))));
        }
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
        (None, Some(needs), None) => (NoticeKind::Parked, needs.question.text.clone(), needs.commands.clone()),
        (None, Some(needs), Some(fault)) => (NoticeKind::Failed, fault.to_string(), needs.commands.clone()),
        (None, None, Some(fault)) => (NoticeKind::Failed, fault.to_string(), resume()),
        (None, None, None) => (NoticeKind::Interrupted, "Stopped; nothing is lost.".to_owned(), resume()),
    };
    let step = ended.needs.as_ref().and_then(|needs| needs.question.step.clone()).map(|step| step.to_string());
    Some(Notice { step, commands, exit: Some(ended.exit.code()), ..subject.notice(kind, at, text) })
}
