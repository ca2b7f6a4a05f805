use super::text::{clean, duration, wrap};
use super::{Appearance, Tone};
use hcops_model::{Needs, Question, QuestionKind, Way, WayKind, WritesOff};

/// What a parked run needs from a person: the question, the facts to judge by, and the exact commands that answer it.
#[must_use]
pub fn needs_lines(needs: &Needs, appearance: &Appearance) -> Vec<String> {
    let mut lines = needs.writes_off.as_ref().map_or_else(Vec::new, |off| writes_off_lines(off, appearance));
    lines.push(appearance.dress(Tone::Warning, &appearance.tell("This run needs a person.")));
    lines.extend(question_lines(&needs.question, appearance));
    if !needs.later.is_empty() {
        let heading = "Asked as well before writes go off, so that nobody is needed while they are:";
        lines.extend([String::new(), appearance.tell(heading).into_owned()]);
        let texts = needs
            .later
            .iter()
            .flat_map(|later| wrap(&appearance.tell(&later.text), appearance.columns, "  - ", "    "));
        lines.extend(texts);
    }
    let in_trouble = matches!(needs.question.sort, QuestionKind::Trouble { .. });
    // What helps best stands first, where that is no answer.
    let first = usize::from(in_trouble && needs.ways.first().is_some_and(|way| way.kind != WayKind::Resume));
    let (best, others) = needs.ways.split_at(first);
    best.iter().for_each(|way| lines.extend(way_lines(way, in_trouble, appearance)));
    if !needs.commands.is_empty() {
        let heading = if needs.commands.len() == 1 { "To answer:" } else { "To answer, one of:" };
        lines.extend([String::new(), appearance.tell(heading).into_owned()]);
        lines.extend(needs.commands.iter().map(|command| command_line(command, appearance)));
    }
    others.iter().for_each(|way| lines.extend(way_lines(way, in_trouble, appearance)));
    lines
}

/// What whoever is woken has to know first: for how long writes have been off, and what brings them back.
pub(super) fn writes_off_lines(off: &WritesOff, appearance: &Appearance) -> Vec<String> {
    let told = format!("Writes are off, for {} so far. This brings them back:", duration(off.seconds));
    let told = appearance.dress(Tone::Danger, &appearance.tell(&told));
    vec![told, command_line(&off.command, appearance), String::new()]
}

fn command_line(command: &str, appearance: &Appearance) -> String {
    format!("  {}", appearance.dress(Tone::Command, &clean(command)))
}

/// Where a way leads that is no answer, and its command.
fn way_lines(way: &Way, in_trouble: bool, appearance: &Appearance) -> [String; 3] {
    let heading = match way.kind {
        WayKind::ByHand => "What helps, by hand:",
        WayKind::RealApp => "What would help the real app; this is a rehearsal, so don't type it now:",
        WayKind::Resume if in_trouble => "To go on without an answer (it looks again first):",
        WayKind::Resume => "To go on with the run instead:",
        WayKind::Abort => "To turn back, and restore what was before:",
    };
    let line = match way.kind {
        WayKind::RealApp => format!("  {} {}", appearance.tell("real app:"), clean(&way.command)),
        _ => command_line(&way.command, appearance),
    };
    [String::new(), appearance.tell(heading).into_owned(), line]
}

/// A question with its facts, without the way to answer it.
pub(super) fn question_lines(question: &Question, appearance: &Appearance) -> Vec<String> {
    let columns = appearance.columns;
    let mut lines = wrap(&appearance.tell(&question.text), columns, "", "");
    match &question.sort {
        QuestionKind::Cross { name, lost, .. } => {
            lines.push(appearance.dress(Tone::Danger, &appearance.tell("POINT OF NO RETURN")));
            lines.extend(wrap(&appearance.tell(&format!("What becomes impossible: {lost}")), columns, "  ", "  "));
            lines.extend(wrap(&appearance.tell(&format!("Confirmed by the name: {name}")), columns, "  ", "  "));
        }
        QuestionKind::Attest { statements } => {
            for statement in statements {
                lines.extend(wrap(&appearance.tell(statement), columns, "  - ", "    "));
            }
        }
        QuestionKind::Decide { choices } => {
            for choice in choices {
                let means = appearance.tell(&choice.means);
                lines.extend(wrap(&format!("{}: {means}", choice.answer), columns, "  - ", "    "));
            }
        }
        QuestionKind::Approve { digest } => {
            lines.push(format!("  {}", appearance.tell(&format!("plan digest {digest}"))))
        }
        QuestionKind::WhatHappened | QuestionKind::Trouble { .. } | QuestionKind::Gate { .. } => {}
    }
    for fact in facts(question) {
        lines.extend(wrap(&appearance.tell(fact), columns, "  | ", "  | "));
    }
    lines
}

/// The facts to judge by, without those that the question itself says.
pub(super) fn facts(question: &Question) -> impl Iterator<Item = &String> {
    let said = match &question.sort {
        QuestionKind::Cross { lost, .. } => Some(lost),
        QuestionKind::Approve { digest } => Some(digest),
        QuestionKind::Attest { .. }
        | QuestionKind::Decide { .. }
        | QuestionKind::Gate { .. }
        | QuestionKind::WhatHappened
        | QuestionKind::Trouble { .. } => None,
    };
    question.shown.iter().filter(move |fact| said.is_none_or(|said| !fact.contains(said.as_str())))
}

#[cfg(test)]
mod tests {
    use super::needs_lines;
    use crate::Appearance;
    use hcops_model::{Needs, Question, QuestionKind, Way, WayKind};

    #[test]
    fn a_crossing_says_what_is_lost_and_how_to_answer() {
        let needs = Needs {
            question: Question {
                id: "promote".into(),
                step: Some("promote".into()),
                sort: QuestionKind::Cross {
                    name: "acme-crm-pg-1f2e3d".into(),
                    lost: "The old leader no longer receives writes.".into(),
                    ahead: false,
                },
                text: "Make the new database the one that the app uses?".into(),
                shown: vec![
                    "Becomes impossible: The old leader no longer receives writes.".into(),
                    "acme-crm-pg-1f2e3d is 0 commits behind".into(),
                ],
                picture: None,
                in_words: false,
            },
            commands: vec!["hcops answer 0192 promote acme-crm-pg-1f2e3d".into()],
            ways: vec![Way { kind: WayKind::Abort, command: "hcops abort 0192".into() }],
            later: Vec::new(),
            writes_off: None,
            exit: 10,
        };
        insta::assert_snapshot!(needs_lines(&needs, &Appearance::plain()).join("\n"), @r"
        This run needs a person.
        Make the new database the one that the app uses?
        POINT OF NO RETURN
          What becomes impossible: The old leader no longer receives writes.
          Confirmed by the name: acme-crm-pg-1f2e3d
          | acme-crm-pg-1f2e3d is 0 commits behind

        To answer:
          hcops answer 0192 promote acme-crm-pg-1f2e3d

        To turn back, and restore what was before:
          hcops abort 0192
        ");
    }
}
