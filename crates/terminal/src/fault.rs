use console::measure_text_width;

use super::text::{clean, wrap};
use super::{Appearance, Tone};
use hcops_model::Fault;

/// A fault for people: what we saw, why it matters, the remedy, the exact command, and the request that Heroku's support
/// can look up.
#[must_use]
pub fn fault_lines(fault: &Fault, appearance: &Appearance) -> Vec<String> {
    let page = Page::new(appearance);
    let mut lines = page.labelled("error", &fault.saw, Tone::Danger);
    lines.extend(page.labelled("why", &fault.why, Tone::Normal));
    lines.extend(page.labelled("remedy", &fault.remedy, Tone::Normal));
    if let Some(command) = &fault.command {
        // On one line however long it is: it is there to be copied.
        let label = page.label("run", Tone::Faint);
        lines.push(format!("{label}{}", appearance.dress(Tone::Command, &clean(command))));
    }
    if let Some(mark) = fault.requests.iter().rfind(|mark| mark.database().is_none()) {
        let status = mark.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
        let id = mark.request_id.as_deref().unwrap_or("none");
        let request = format!("{} {} ({status}), request id {id}", mark.method, mark.target);
        lines.extend(page.labelled("request", &request, Tone::Faint));
    }
    lines
}

/// Every label that a fault may have.
const LABELS: [&str; 5] = ["error", "why", "remedy", "run", "request"];

struct Page<'a> {
    appearance: &'a Appearance,
    /// Columns of the longest label and two spaces, so that the sentences stand under each other.
    label: usize,
}

impl<'a> Page<'a> {
    fn new(appearance: &'a Appearance) -> Self {
        let widths = LABELS.iter().map(|label| measure_text_width(&appearance.tell(label)));
        Self { appearance, label: widths.max().unwrap_or(0) + 2 }
    }

    fn labelled(&self, name: &str, text: &str, tone: Tone) -> Vec<String> {
        let width = self.appearance.columns.saturating_sub(self.label).max(30);
        let sentence = wrap(&self.appearance.tell(text), width, "", "").into_iter().filter(|line| !line.is_empty());
        sentence
            .enumerate()
            .map(|(index, line)| {
                let label = if index == 0 { self.label(name, tone) } else { " ".repeat(self.label) };
                format!("{label}{}", self.appearance.dress(tone, &line))
            })
            .collect()
    }

    /// The name set to the right, then two spaces. The padding stays outside the colour.
    fn label(&self, name: &str, tone: Tone) -> String {
        let name = self.appearance.tell(name);
        let padding = " ".repeat((self.label - 2).saturating_sub(measure_text_width(&name)));
        let tone = if tone == Tone::Danger { tone } else { Tone::Faint };
        format!("{padding}{}  ", self.appearance.dress(tone, &name))
    }
}

#[cfg(test)]
mod tests {
    use super::fault_lines;
    use crate::Appearance;
    use hcops_model::{Fault, FaultKind, RequestMark};

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
