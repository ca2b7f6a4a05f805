use indicatif::HumanBytes;

use super::text::duration;
use super::{Board, Tone};
use hcops_model::{Entry, Part, Progress, Seen, Settlement, StepId, Verdict, output_in_words};

/// One thing to tell about a run, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tale {
    /// The step, where it is about one.
    pub(super) step: Option<StepId>,
    /// What it means.
    pub(super) tone: Tone,
    /// The sentence.
    pub(super) text: String,
    /// Lines that belong to it: remedies, commands, facts.
    pub(super) more: Vec<String>,
    /// Whether it is about a wait and may be told less often.
    pub(super) waiting: bool,
}

impl Tale {
    fn new(step: Option<&StepId>, tone: Tone, text: impl Into<String>) -> Self {
        Self { step: step.cloned(), tone, text: text.into(), more: Vec::new(), waiting: false }
    }

    fn with(mut self, more: impl IntoIterator<Item = String>) -> Self {
        self.more.extend(more);
        self
    }

    const fn about_a_wait(mut self) -> Self {
        self.waiting = true;
        self
    }
}

/// What a fact of the journal tells people; nothing for those that only the machinery needs.
pub(super) fn of_fact(entry: &Entry, board: &Board) -> Option<Tale> {
    use Tone::{Danger, Faint, Good, Heading, Normal, Warning};
    Some(match entry {
        Entry::Opened { run, by, plan, digest, origin, .. } => {
            Tale::new(None, Heading, format!("run {run} opened by {by}: {}", plan.title))
                .with([format!("plan {}, against {origin}", digest.short())])
        }
        Entry::Leased { .. } => return None,
        Entry::Asked { question } => Tale::new(question.step.as_ref(), Warning, format!("asks: {}", question.text)),
        Entry::Confirmed { step: None, by, how, .. } => {
            Tale::new(None, Normal, format!("plan approved by {by} ({how})"))
        }
        Entry::Confirmed { step, by, how, given, .. } => {
            Tale::new(step.as_ref(), Warning, format!("crossing confirmed by {by} ({how}): {given}"))
        }
        Entry::Intended { intent } => Tale::new(Some(&intent.step), Normal, doing(&intent.will, board, &intent.step)),
        Entry::Received { step, receipt } => {
            Tale::new(Some(step), Faint, format!("the server answered: {}", receipt.said))
        }
        Entry::Answered { question, answer, by, how, .. } => {
            Tale::new(None, Normal, format!("{by} answered {question} ({how}): {answer}"))
        }
        Entry::Faulted { step, acting, fault } => {
            let what = if *acting { "the act failed" } else { "the look failed" };
            let told = Tale::new(Some(step), Danger, format!("{what}: {}", fault.saw)).with([fault.remedy.clone()]);
            let refused = *acting && board.still_leads_back_before(step);
            let not_crossed = "It did not take place: the point of no return is not behind the run.".to_owned();
            if refused { told.with([not_crossed]) } else { told }
        }
        Entry::Observed { step, hold, sight, .. } => return of_sight(step, hold.as_deref(), sight),
        Entry::Settled { step, how, output, .. } => {
            Tale::new(Some(step), Good, done(*how, board, step)).with(observed(step, *how, output, board))
        }
        Entry::Waived { step, by, reason } => {
            Tale::new(Some(step), Warning, format!("skipped by {by}, because: {reason}"))
        }
        Entry::Crossed { step, name, lost } => {
            Tale::new(Some(step), Danger, format!("POINT OF NO RETURN{} passed with {name}", nth(board, step)))
                .with([lost.clone()])
        }
        Entry::Parked { needs } => Tale::new(needs.question.step.as_ref(), Warning, "parked: a person must answer"),
        Entry::Stopped { wish } => Tale::new(None, Warning, format!("stopped. {}", wish.told())),
        Entry::Resumed { by, .. } => Tale::new(None, Heading, format!("taken up again by {by}")),
        Entry::Aborted { by, plan, digest } => {
            Tale::new(None, Warning, format!("turned back by {by}: {} (plan {})", plan.title, digest.short()))
        }
        Entry::Closed { verdict: Verdict::Done } if board.left_out_by_persons() > 0 => {
            Tale::new(None, Warning, closed("done, except for what a person left out or attested", board))
        }
        Entry::Closed { verdict: Verdict::Done } => Tale::new(None, Good, closed("done", board)),
        Entry::Closed { verdict: Verdict::Aborted } => {
            Tale::new(None, Good, closed("aborted, and what was before is restored", board))
        }
        Entry::Closed { verdict: Verdict::Failed } => Tale::new(None, Warning, closed("over: a look failed", board)),
    })
}

/// What progress tells people; nothing where the renderers have a form of their own for it.
pub(super) fn of_progress(progress: &Progress) -> Option<Tale> {
    Some(match progress {
        Progress::Waiting { step, note, part, waited, usual, limit, overdue } => {
            let (waited, usual) = (duration(*waited), duration(*usual));
            let note = with_part(note, part.as_ref());
            if *overdue {
                let text = format!("waiting: {note}; waited {waited}, usually {usual}, longer than usual");
                let asked = format!("a person is asked after {}", duration(*limit));
                Tale::new(Some(step), Tone::Warning, text).with([asked]).about_a_wait()
            } else {
                let text = format!("waiting: {note}; waited {waited}, usually {usual}");
                Tale::new(Some(step), Tone::Faint, text).about_a_wait()
            }
        }
        Progress::Retrying { step, fault, after } => {
            let text = format!("will be tried again in {}: {}", duration(*after), fault.saw);
            Tale::new(Some(step), Tone::Warning, text)
        }
        Progress::Stopping { note } => Tale::new(None, Tone::Warning, format!("stopping: {note}")),
        Progress::Suspended { suspended: true, process } => {
            Tale::new(None, Tone::Warning, format!("process {process} is suspended; it still holds the run"))
        }
        Progress::Suspended { process, .. } => Tale::new(None, Tone::Normal, format!("process {process} goes on")),
        Progress::PlanShown { .. } | Progress::StepStarted { .. } | Progress::Needs { .. } | Progress::Left { .. } => {
            return None;
        }
    })
}

fn of_sight(step: &StepId, hold: Option<&str>, sight: &Seen<serde_json::Value>) -> Option<Tale> {
    let said = |text: String| match hold {
        Some(hold) => format!("condition {hold}: {text}"),
        None => text,
    };
    Some(match sight {
        Seen::Satisfied { .. } | Seen::Ready { .. } => return None,
        Seen::Underway { note, part, .. } => {
            let text = said(format!("waiting: {}", with_part(note, part.as_ref())));
            Tale::new(Some(step), Tone::Faint, text).about_a_wait()
        }
        Seen::Blocked { why, remedy } => {
            Tale::new(Some(step), Tone::Danger, said(format!("blocked: {why}"))).with([remedy.clone()])
        }
        Seen::Unclear { why, .. } => {
            Tale::new(Some(step), Tone::Warning, said(format!("cannot be told from here: {why}")))
        }
    })
}

/// A wait's sentence with how far it is; bytes as people read them.
fn with_part(note: &str, part: Option<&Part>) -> String {
    match part {
        None => note.to_owned(),
        Some(Part { done, of, unit }) if unit == "bytes" => {
            format!("{note} ({} of {})", HumanBytes(*done), HumanBytes(*of))
        }
        Some(Part { done, of, unit }) => format!("{note} ({done}/{of} {unit})"),
    }
}

fn doing(will: &[String], board: &Board, step: &StepId) -> String {
    if will.is_empty() { format!("does: {}", board.title(step)) } else { format!("does: {}", will.join("; ")) }
}

fn done(how: Settlement, board: &Board, step: &StepId) -> String {
    let how = match how {
        Settlement::AlreadyTrue if !board.changes_the_world(step) => "done: seen to be so",
        Settlement::AlreadyTrue => "done: it was so already",
        Settlement::Acted => "done, and seen to be done",
        Settlement::Attested => "done: a person attests it",
        Settlement::Adopted => "done: found in the world after an interruption",
    };
    match board.took(step) {
        Some(seconds) if seconds > 0 => format!("{how} (after {})", duration(seconds)),
        _ => how.to_owned(),
    }
}

/// What a look showed, in numbers or in its own sentence: that a look is over says nothing. What an act did was told
/// before it was done, what a person attests was just asked, and a check beforehand matters only when it fails.
pub(super) fn observed(step: &StepId, how: Settlement, output: &serde_json::Value, board: &Board) -> Option<String> {
    let is_news = how != Settlement::Attested && !board.changes_the_world(step) && !board.is_preflight(step);
    if is_news { output_in_words(output) } else { None }
}

fn closed(verdict: &str, board: &Board) -> String {
    match board.heard().and_then(|now| board.writes_off(now)) {
        Some((seconds, _)) => format!("{verdict}; writes were off for {}", duration(seconds)),
        None => verdict.to_owned(),
    }
}

fn nth(board: &Board, step: &StepId) -> String {
    board.plan().map_or_else(String::new, |plan| plan.nth_of_several(step))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{observed, of_fact};
    use crate::Board;
    use crate::board::samples::{fact, opened, plan, step};
    use hcops_model::{BY_THE_PLAN, Effect, Entry, Settlement, Verdict};

    #[test]
    fn numbers_are_told_of_looks_and_neither_of_acts_nor_of_checks_beforehand_nor_of_attestations() {
        let look = |id: &str| hcops_model::PlannedStep { effect: Effect::ReadOnly, ..step(id, "Look") };
        let mut with_looks = plan();
        with_looks.steps = vec![look("look"), look("check"), step("act", "Act")];
        with_looks.steps[1].preflight = true;
        let mut board = Board::default();
        board.hear(&opened(with_looks));
        let told = |id: &str, how| observed(&id.into(), how, &json!({ "shown": "0 commits" }), &board);
        assert_eq!(told("look", Settlement::AlreadyTrue).as_deref(), Some("0 commits"));
        assert_eq!(told("look", Settlement::Attested), None);
        assert_eq!(told("check", Settlement::AlreadyTrue), None);
        assert_eq!(told("act", Settlement::Acted), None);
    }

    #[test]
    fn a_run_with_a_step_that_somebody_left_out_is_not_told_as_done_without_a_word() {
        let end = Entry::Closed { verdict: Verdict::Done };
        let told = |by: &str| {
            let waived = Entry::Waived { step: "look".into(), by: by.to_owned(), reason: "I saw it".to_owned() };
            let mut board = Board::default();
            board.hear(&opened(plan()));
            board.hear(&fact(0, waived));
            of_fact(&end, &board).unwrap().text
        };
        assert_eq!(told(BY_THE_PLAN), "done");
        assert_eq!(told("ann@example.com"), "done, except for what a person left out or attested");
    }
}
