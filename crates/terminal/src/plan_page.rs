use std::fmt::Write as _;

use jiff::tz::TimeZone;

use super::Appearance;
use super::plan::estimated_total;
use super::text::{clean, duration, moment};
use hcops_journal::planned::PlannedDowntime as _;
use hcops_model::{Plan, PlannedStep};

/// The plan as a Markdown page, for a comment that people approve it in: what it is, what to know before, each step with
/// its usual duration and the way back, what an approval attests, and the command that carries out exactly this plan.
/// `checked` is what the checks beforehand found. It is told in the language of whoever has it made.
#[must_use]
pub fn plan_page(plan: &Plan, checked: &[String], command: &str, appearance: &Appearance) -> String {
    let page = Page { plan, appearance };
    let mut text = format!("# {}\n\n", page.told(&plan.title));
    text.push_str(&page.overview());
    text.push_str(&page.section("Before you approve", plan.notices.iter().map(String::as_str)));
    text.push_str(&page.section("Checked", checked.iter().map(String::as_str)));
    text.push_str(&page.steps());
    text.push_str(&page.section("By approving it you attest", plan.attested()));
    let heading = appearance.tell("To carry out exactly this plan");
    let _ = write!(text, "\n## {heading}\n\n```sh\n{}\n```\n", clean(command));
    text
}

struct Page<'a> {
    plan: &'a Plan,
    appearance: &'a Appearance,
}

impl Page<'_> {
    fn told(&self, text: &str) -> String {
        escaped(&self.appearance.tell(text))
    }

    fn overview(&self) -> String {
        let plan = self.plan;
        let off =
            plan.usual_downtime().map_or_else(|| "never".to_owned(), |seconds| format!("about {}", duration(seconds)));
        let made = format!("{} by hcops {}", moment(plan.made_at, &TimeZone::UTC), plan.tool);
        let rows = [
            self.row("App", &plan.app),
            self.row("Connection", plan.resource.as_deref().unwrap_or_default()),
            self.row("Procedure", &format!("{} by {}", plan.procedure, plan.method)),
            self.row("Usually takes", &duration(estimated_total(plan))),
            self.row("Writes are off", &off),
            self.row("Point of no return", &self.crossings()),
            format!("| {} | `{}` |\n", self.told("Digest"), plan.digest()),
            self.row("Made", &made),
        ];
        format!("| | |\n|---|---|\n{}", rows.concat())
    }

    fn row(&self, name: &str, value: &str) -> String {
        if value.is_empty() { String::new() } else { format!("| {} | {} |\n", self.told(name), self.told(value)) }
    }

    fn crossings(&self) -> String {
        let names: Vec<String> = carried_out(self.plan)
            .enumerate()
            .filter_map(|(index, step)| Some(format!("step {}: {}", index + 1, step.crossing.as_ref()?.name)))
            .collect();
        if names.is_empty() { "none".to_owned() } else { names.join("; ") }
    }

    fn steps(&self) -> String {
        let [heading, step, usually, back] =
            [self.told("Steps"), self.told("step"), self.told("usually"), self.told("way back")];
        let mut table = format!("\n## {heading}\n\n| | {step} | {usually} | {back} |\n|--:|---|--:|---|\n");
        for (index, step) in carried_out(self.plan).enumerate() {
            let mark = match step.crossing {
                Some(_) => {
                    let nth = self.plan.nth_of_several(&step.id);
                    format!("**{}** ", self.told(&format!("Point of no return{nth}.")))
                }
                None => String::new(),
            };
            let usual = if step.expect.usual == 0 { String::new() } else { duration(step.expect.usual) };
            let (title, back) = (self.told(&step.title), self.told(way_back(step)));
            let _ = writeln!(table, "| {} | {mark}{title} | {usual} | {back} |", index + 1);
        }
        table
    }

    fn section<'t>(&self, heading: &str, items: impl IntoIterator<Item = &'t str>) -> String {
        let items: String = items.into_iter().fold(String::new(), |text, item| text + "- " + &self.told(item) + "\n");
        if items.is_empty() { items } else { format!("\n## {}\n\n{items}", self.told(heading)) }
    }
}

fn way_back(step: &PlannedStep) -> &str {
    match &step.crossing {
        Some(crossing) => &crossing.lost,
        None if step.effect.changes_the_world() => &step.way_back,
        None => "only looks",
    }
}

fn carried_out(plan: &Plan) -> impl Iterator<Item = &PlannedStep> {
    plan.steps.iter().filter(|step| step.omitted.is_none())
}

/// Text that stays text in Markdown: no table cell, tag, link, mention or emphasis comes out of it.
fn escaped(text: &str) -> String {
    clean(text).chars().fold(String::new(), |mut safe, character| {
        if "\\`*_|[]<>#@~".contains(character) {
            safe.push('\\');
        }
        safe.push(character);
        safe
    })
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_came_from_elsewhere_stays_text() {
        assert_eq!(escaped("a|b <script> [x](y) @ops\n# no"), r"a\|b \<script\> \[x\](y) \@ops \# no");
    }
}
