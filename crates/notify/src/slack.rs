//! A notice as Slack's incoming webhooks take it ("Sending messages using incoming webhooks", docs.slack.dev).

use serde_json::{Value, json};

use super::{Notice, NoticeKind};

/// The message. What came from elsewhere is escaped, so that nothing in it can address people or make links.
pub(super) fn message(notice: &Notice) -> Value {
    let subject = &notice.subject;
    let rehearsal = if subject.rehearsal { " (rehearsal)" } else { "" };
    let head = format!("{} *{}* {}{rehearsal}", mark(notice.kind), notice.kind.name(), escaped(&subject.title));
    let commands = notice.commands.iter().map(|command| format!("`{}`", escaped(command)));
    let lines = [head, escaped(&notice.text)].into_iter().chain(commands).chain([format!(
        "{} · run {}",
        escaped(&subject.app),
        subject.run
    )]);
    json!({ "text": lines.collect::<Vec<_>>().join("\n") })
}

const fn mark(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Begun => ":arrow_forward:",
        NoticeKind::AtGate => ":hourglass_flowing_sand:",
        NoticeKind::WritesOff => ":no_entry:",
        NoticeKind::WritesOn => ":large_green_circle:",
        NoticeKind::Overdue => ":hourglass_flowing_sand:",
        NoticeKind::Crossed => ":no_entry_sign:",
        NoticeKind::Parked => ":raised_hand:",
        NoticeKind::Failed => ":red_circle:",
        NoticeKind::Interrupted => ":double_vertical_bar:",
        NoticeKind::Aborted => ":leftwards_arrow_with_hook:",
        NoticeKind::Done => ":white_check_mark:",
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
