use super::text::{clean, wrap};
use super::{Appearance, Tone};
use crate::model::Fault;

/// A fault for people: what we saw, why it matters, the remedy, the exact command, and the request that Heroku's support
/// can look up.
#[must_use]
pub fn fault_lines(fault: &Fault, appearance: &Appearance) -> Vec<String> {
    let mut lines = labelled("error", &fault.saw, appearance, Tone::Danger);
    lines.extend(labelled("why", &fault.why, appearance, Tone::Normal));
    lines.extend(labelled("remedy", &fault.remedy, appearance, Tone::Normal));
    if let Some(command) = &fault.command {
        // On one line however long it is: it is there to be copied.
        let label = label("run", appearance, Tone::Faint);
        lines.push(format!("{label}{}", appearance.dress(Tone::Command, &clean(command))));
    }
    if let Some(mark) = fault.requests.last() {
        let status = mark.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
        let id = mark.request_id.as_deref().unwrap_or("none");
        let request = format!("{} {} ({status}), request id {id}", mark.method, mark.target);
        lines.extend(labelled("request", &request, appearance, Tone::Faint));
    }
    lines
}

/// Room for the longest label and two spaces, so that the sentences stand under each other.
const LABEL: usize = 9;

fn labelled(name: &str, text: &str, appearance: &Appearance, tone: Tone) -> Vec<String> {
    let width = appearance.columns.saturating_sub(LABEL).max(30);
    let sentence = wrap(text, width, "", "").into_iter().filter(|line| !line.is_empty());
    sentence
        .enumerate()
        .map(|(index, line)| {
            let label = if index == 0 { label(name, appearance, tone) } else { " ".repeat(LABEL) };
            format!("{label}{}", appearance.dress(tone, &line))
        })
        .collect()
}

/// The name set to the right, then two spaces. The padding stays outside the colour.
fn label(name: &str, appearance: &Appearance, tone: Tone) -> String {
    let padding = " ".repeat((LABEL - 2).saturating_sub(name.len()));
    let tone = if tone == Tone::Danger { tone } else { Tone::Faint };
    format!("{padding}{}  ", appearance.dress(tone, name))
}

#[cfg(test)]
mod tests {
    use super::fault_lines;
    use crate::model::{Fault, FaultKind, RequestMark};
    use crate::screen::Appearance;

    #[test]
    fn every_part_stands_on_its_own_line() {
        let mut fault = Fault::new(
            FaultKind::NotFound,
            "there is no app acme-crm, or this token cannot see it",
            "Everything else is looked up through the app, so nothing could be surveyed and nothing was changed.",
            "Check the name and the account.",
        )
        .with_command("heroku apps --all");
        fault.requests.push(RequestMark {
            method: "GET".into(),
            target: "api.heroku.com/apps/acme-crm".into(),
            status: Some(404),
            request_id: Some("abc".into()),
        });
        insta::assert_snapshot!(fault_lines(&fault, &Appearance::plain()).join("\n"), @r"
          error  there is no app acme-crm, or this token cannot see it
            why  Everything else is looked up through the app, so nothing could be
                 surveyed and nothing was changed.
         remedy  Check the name and the account.
            run  heroku apps --all
        request  GET api.heroku.com/apps/acme-crm (404), request id abc
        ");
    }
}
