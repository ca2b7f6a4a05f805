use std::fmt::Write as _;

use jiff::tz::TimeZone;

use super::plan::{attested, estimated_downtime, estimated_total};
use super::text::{clean, duration, moment};
use crate::model::{Plan, PlannedStep};

/// The plan as a Markdown page, for a comment that people approve it in: what it is, what to know before, each step with
/// its usual duration and the way back, what an approval attests, and the command that carries out exactly this plan.
/// `checked` is what the checks beforehand found.
#[must_use]
pub fn plan_page(plan: &Plan, checked: &[String], command: &str) -> String {
    let mut page = format!("# {}\n\n", escaped(&plan.title));
    page.push_str(&overview(plan));
    page.push_str(&list("Before you approve", plan.notices.iter().map(String::as_str)));
    page.push_str(&list("Checked", checked.iter().map(String::as_str)));
    page.push_str(&steps(plan));
    page.push_str(&list("By approving it you attest", attested(plan)));
    let _ = write!(page, "\n## To carry out exactly this plan\n\n```sh\n{}\n```\n", clean(command));
    page
}

fn overview(plan: &Plan) -> String {
    let off =
        estimated_downtime(plan).map_or_else(|| "never".to_owned(), |seconds| format!("about {}", duration(seconds)));
    let rows = [
        ("App", plan.app.clone()),
        ("Connection", plan.resource.clone().unwrap_or_default()),
        ("Procedure", format!("{} by {}", plan.procedure, plan.method)),
        ("Usually takes", duration(estimated_total(plan))),
        ("Writes are off", off),
        ("Point of no return", crossings(plan)),
        ("Digest", format!("`{}`", plan.digest())),
        ("Made", format!("{} by hcops {}", moment(plan.made_at, &TimeZone::UTC), plan.tool)),
    ];
    let mut table = "| | |\n|---|---|\n".to_owned();
    for (name, value) in rows.into_iter().filter(|(_, value)| !value.is_empty()) {
        let value = if name == "Digest" { value } else { escaped(&value) };
        let _ = writeln!(table, "| {name} | {value} |");
    }
    table
}

fn crossings(plan: &Plan) -> String {
    let names: Vec<String> = carried_out(plan)
        .enumerate()
        .filter_map(|(index, step)| Some(format!("step {}: {}", index + 1, step.crossing.as_ref()?.name)))
        .collect();
    if names.is_empty() { "none".to_owned() } else { names.join("; ") }
}

fn steps(plan: &Plan) -> String {
    let mut table = "\n## Steps\n\n| | step | usually | way back |\n|--:|---|--:|---|\n".to_owned();
    for (index, step) in carried_out(plan).enumerate() {
        let mark = if step.crossing.is_some() { "**Point of no return.** " } else { "" };
        let usual = if step.expect.usual == 0 { String::new() } else { duration(step.expect.usual) };
        let (title, back) = (escaped(&step.title), escaped(way_back(step)));
        let _ = writeln!(table, "| {} | {mark}{title} | {usual} | {back} |", index + 1);
    }
    table
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

fn list<'a>(heading: &str, items: impl IntoIterator<Item = &'a str>) -> String {
    let items: String = items.into_iter().fold(String::new(), |text, item| text + "- " + &escaped(item) + "\n");
    if items.is_empty() { items } else { format!("\n## {heading}\n\n{items}") }
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
