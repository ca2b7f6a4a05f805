use serde_json::Value;

use super::text::{clean, duration, moment, wrap};
use super::{Appearance, Tone};
use hcops_journal::planned::{PlannedDowntime as _, seconds, usual};
use hcops_model::{Plan, PlannedStep};

/// The plan for people, before anybody approves it: every step with what it will do, why, its usual duration and the way
/// back; the crossing; the attachments with their fate; the notices; the estimate; the digest.
#[must_use]
pub fn plan_lines(plan: &Plan, appearance: &Appearance) -> Vec<String> {
    let mut lines = heading(plan, appearance);
    lines.extend(attachments(plan, appearance));
    lines.extend(notices(plan, appearance));
    lines.extend(steps(plan, appearance));
    lines.extend(attestations(plan, appearance));
    lines.extend(footing(plan, appearance));
    lines
}

pub(super) fn estimated_total(plan: &Plan) -> u64 {
    seconds(&plan.rounds(), usual)
}

fn heading(plan: &Plan, appearance: &Appearance) -> Vec<String> {
    let columns = appearance.columns;
    let mut lines: Vec<String> = wrap(&appearance.tell(&plan.title), columns, "", "")
        .iter()
        .map(|line| appearance.dress(Tone::Heading, line))
        .collect();
    let (procedure, method, app) = (&plan.procedure, &plan.method, &plan.app);
    let target = match &plan.resource {
        Some(resource) => format!("{procedure} by {method}, app {app}, connection {resource}"),
        None => format!("{procedure} by {method}, app {app}"),
    };
    lines.extend(wrap(&appearance.tell(&target), columns, "", "  "));
    for (name, value) in &plan.inputs {
        lines.extend(wrap(&format!("{name} = {}", told(value)), columns, "  ", "    "));
    }
    lines
}

/// A value as people write it: a text without its quotes. What came from a file is not spread out.
fn told(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(_) => format!("a document of {} bytes", value.to_string().len()),
        other => other.to_string(),
    }
}

/// What becomes of each attachment, where the plan moves any; a way back leaves them all alone.
fn attachments(plan: &Plan, appearance: &Appearance) -> Vec<String> {
    let moves = |step: &PlannedStep| {
        let action = step.action.as_str();
        step.omitted.is_none() && matches!(action, "postgres.promote" | "postgres.move-attachment" | "connect.repoint")
    };
    let is_way_back = plan.steps.iter().any(|step| step.id.as_str().starts_with("undo:"));
    if is_way_back || !plan.steps.iter().any(moves) {
        return Vec::new();
    }
    let Some(attachments) = plan.facts["attachments"].as_array().filter(|list| !list.is_empty()) else {
        return Vec::new();
    };
    let mut lines = section("Attachments of the old database", appearance);
    for attachment in attachments {
        let part = |name: &str| attachment[name].as_str().unwrap_or("?");
        let text = format!("{}::{} is {}. {}", part("app"), part("name"), part("fate"), part("because"));
        lines.extend(wrap(&appearance.tell(&text), appearance.columns, "  - ", "    "));
    }
    lines
}

fn notices(plan: &Plan, appearance: &Appearance) -> Vec<String> {
    if plan.notices.is_empty() {
        return Vec::new();
    }
    let mut lines = section("Before you approve", appearance);
    for notice in &plan.notices {
        lines.extend(wrap(&appearance.tell(notice), appearance.columns, "  - ", "    "));
    }
    lines
}

fn steps(plan: &Plan, appearance: &Appearance) -> Vec<String> {
    let mut lines = section("Steps", appearance);
    let carried_out = plan.steps.iter().filter(|step| step.omitted.is_none());
    for (index, step) in carried_out.enumerate() {
        lines.extend(step_lines(index + 1, step, plan, appearance));
    }
    let left_out: Vec<&PlannedStep> = plan.steps.iter().filter(|step| step.omitted.is_some()).collect();
    if !left_out.is_empty() {
        lines.extend(section("Left out of this run", appearance));
        for step in left_out {
            let because = step.omitted.as_deref().unwrap_or_default();
            let (title, because) = (appearance.tell(&step.title), appearance.tell(because));
            let left_out = format!("{}: {title} ({because})", step.id);
            lines.extend(wrap(&left_out, appearance.columns, "  - ", "    "));
        }
    }
    lines
}

fn step_lines(number: usize, step: &PlannedStep, plan: &Plan, appearance: &Appearance) -> Vec<String> {
    let (columns, rest) = (appearance.columns, " ".repeat(5));
    let mut lines = Vec::new();
    if let Some(crossing) = &step.crossing {
        let mark = format!("---- POINT OF NO RETURN{}: {} ----", plan.nth_of_several(&step.id), clean(&crossing.name));
        lines.push(appearance.dress(Tone::Danger, &appearance.tell(&mark)));
    }
    let usual = if step.expect.usual == 0 { String::new() } else { format!("  [{}]", duration(step.expect.usual)) };
    let side = step
        .group
        .as_deref()
        .map_or_else(String::new, |group| format!("  ({})", appearance.tell(&format!("group {group}"))));
    lines.extend(wrap(
        &format!("{}{usual}{side}", appearance.tell(&step.title)),
        columns,
        &format!("{number:>3}. "),
        &rest,
    ));
    let labelled = |label: &str| format!("{rest}{} ", appearance.tell(label));
    lines.extend(wrap(&does(step, plan, appearance), columns, &rest, &rest));
    lines.extend(wrap(&appearance.tell(&step.why), columns, &labelled("why:"), &rest));
    lines.extend(way_back(step, appearance, &rest));
    if !step.holds.is_empty() {
        lines.extend(wrap(&step.holds.join(", "), columns, &labelled("only while:"), &rest));
    }
    lines
}

fn does(step: &PlannedStep, plan: &Plan, appearance: &Appearance) -> String {
    let kind = if step.preflight {
        appearance.tell("checked before and during the run:")
    } else if step.effect.changes_the_world() {
        appearance.tell("changes:")
    } else {
        appearance.tell("only looks:")
    };
    let parameters: Vec<String> = step
        .with
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(_, value)| is_for_readers(value, step.effect.changes_the_world()))
        .map(|(name, value)| {
            format!("{name}={}", if is_a_document(value, plan) { told(value) } else { in_short(value) })
        })
        .collect();
    format!("{kind} {} {}", step.action, parameters.join(" ")).trim_end().to_owned()
}

/// Whether a reader needs a parameter. An id, an address of an API, and what is empty say nothing to people; what a step that
/// only looks compares with is told by its title and the facts. What a step changes is told whole, because it is approved. The
/// JSON has everything.
fn is_for_readers(value: &Value, changes: bool) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => uuid::Uuid::try_parse(text).is_err() && !text.starts_with("http"),
        Value::Array(items) => !items.is_empty() && (changes || !items.iter().any(Value::is_object)),
        Value::Object(_) => changes,
        Value::Bool(_) | Value::Number(_) => true,
    }
}

/// Whether it is what came from a file: what that would change is told among the notices.
fn is_a_document(value: &Value, plan: &Plan) -> bool {
    value.is_object() && plan.inputs.values().any(|input| input == value)
}

/// A parameter on one line. What is approved must be seen, so lists and tables are told whole; sentences are told by
/// their number, because they are shown below as what is attested.
fn in_short(value: &Value) -> String {
    match value {
        Value::Array(items) if items.iter().any(|item| item.as_str().is_some_and(|text| text.contains(' '))) => {
            if items.len() == 1 { "[1 statement]".to_owned() } else { format!("[{} statements]", items.len()) }
        }
        Value::Array(items) => format!("[{}]", items.iter().map(in_short).collect::<Vec<_>>().join(", ")),
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(_, value)| !value.is_null());
            fields.map(|(name, value)| format!("{name} {}", in_short(value))).collect::<Vec<_>>().join(" ")
        }
        other => told(other),
    }
}

fn way_back(step: &PlannedStep, appearance: &Appearance, rest: &str) -> Vec<String> {
    let columns = appearance.columns;
    let labelled = |label: &str| format!("{rest}{} ", appearance.tell(label));
    if let Some(crossing) = &step.crossing {
        return wrap(&appearance.tell(&crossing.lost), columns, &labelled("no way back:"), rest);
    }
    if !step.effect.changes_the_world() {
        return Vec::new();
    }
    let way_back = appearance.tell(&step.way_back);
    let text = match (&step.undo, &step.undone_by) {
        (Some(undo), _) => format!("{way_back} ({} {})", appearance.tell("abort:"), appearance.tell(&undo.title)),
        (None, Some(other)) => format!("{way_back} ({})", appearance.tell(&format!("abort: with {other}"))),
        (None, None) => way_back.into_owned(),
    };
    wrap(&text, columns, &labelled("way back:"), rest)
}

/// What the approver vouches for: an approval by digest answers these questions too.
fn attestations(plan: &Plan, appearance: &Appearance) -> Vec<String> {
    let statements: Vec<&str> = plan.attested().collect();
    if statements.is_empty() {
        return Vec::new();
    }
    let mut lines = section("By approving this plan with --approve you attest", appearance);
    for statement in statements {
        lines.extend(wrap(&appearance.tell(statement), appearance.columns, "  - ", "    "));
    }
    lines
}

fn footing(plan: &Plan, appearance: &Appearance) -> Vec<String> {
    let mut lines = vec![String::new()];
    lines.extend(overview(plan, appearance));
    let mut say = |text: &str| lines.extend(wrap(&appearance.tell(text), appearance.columns, "", "  "));
    say(&format!("Usually takes {}.", duration(estimated_total(plan))));
    if let Some(seconds) = plan.usual_downtime() {
        say(&format!("Writes are off for about {} of it.", duration(seconds)));
    }
    if !plan.sources.is_empty() {
        say(&format!("Sources: {}", plan.sources.join(", ")));
    }
    say(&format!("Made {} by hcops {}.", moment(plan.made_at, &appearance.zone), plan.tool));
    lines.push(digest(plan, appearance));
    lines
}

/// Whole where it fits on a line; else its beginning, which an approval may name as well.
fn digest(plan: &Plan, appearance: &Appearance) -> String {
    let digest = plan.digest().to_string();
    let label = appearance.tell("Digest:");
    let room = appearance.columns.saturating_sub(console::measure_text_width(&label) + 1);
    let shown = if digest.len() > room { digest.get(..32).unwrap_or(&digest) } else { &digest };
    format!("{label} {}", appearance.dress(Tone::Command, shown))
}

/// The plan in a sentence, at its end, where a small terminal still shows it.
fn overview(plan: &Plan, appearance: &Appearance) -> Vec<String> {
    let carried_out: Vec<&PlannedStep> = plan.steps.iter().filter(|step| step.omitted.is_none()).collect();
    let count = carried_out.len();
    let numbered = carried_out.iter().enumerate();
    let crossings: Vec<_> = numbered.filter_map(|(index, step)| Some((index + 1, step.crossing.as_ref()?))).collect();
    let sentences = match crossings.as_slice() {
        [(first, _), .., (last, _)] => {
            let asks: Vec<String> =
                crossings.iter().map(|(number, crossing)| format!("step {number} ({})", crossing.name)).collect();
            vec![
                format!("{count} steps."),
                format!(
                    "There are {} points of no return, and each asks for its name: {}.",
                    asks.len(),
                    asks.join(", ")
                ),
                format!("Until the first, step {first}, `hcops abort` restores what was before."),
                format!("From there on the run only goes forward, also where it is left before step {last}."),
            ]
        }
        [(number, crossing)] => vec![
            if count == 1 { "1 step.".to_owned() } else { format!("{count} steps.") },
            format!("Step {number} is the point of no return: it asks for the name {}.", crossing.name),
            "Until then `hcops abort` restores what was before.".to_owned(),
        ],
        [] if count == 1 => vec!["1 step, and no point of no return.".to_owned()],
        [] => vec![format!("{count} steps, and no point of no return.")],
    };
    wrap(&appearance.tell(&sentences.join(" ")), appearance.columns, "", "")
}

fn section(title: &str, appearance: &Appearance) -> Vec<String> {
    vec![String::new(), appearance.dress(Tone::Heading, &appearance.tell(title))]
}

#[cfg(test)]
mod tests {
    use super::plan_lines;
    use crate::Appearance;
    use crate::board::samples::{plan, step};
    use hcops_journal::planned::PlannedDowntime as _;

    #[test]
    fn the_plan_says_all_that_an_approver_must_know() {
        let mut plan = plan();
        plan.steps[1].action = "postgres.promote".into();
        insta::assert_snapshot!(plan_lines(&plan, &Appearance::plain()).join("\n"), @r"
        Upgrade postgresql-curved-12345 from 16 to 17 through a follower
        version-upgrade by follower, app acme-crm, connection
          herokuconnect-swiftly-54348
          to = 17

        Attachments of the old database
          - acme-crm::DATABASE is promoted. It is the app's own database.
          - acme-jobs::DATABASE is moved. It uses the same database.

        Before you approve
          - Two databases are paid for until the old leader is removed.

        Steps
          1. Switch maintenance on for acme-crm  [30s]
             changes: app.maintenance app=acme-crm on=true
             why: Nothing may write while the database is replaced.
             way back: Maintenance is switched off again. (abort: Switch maintenance off
             for acme-crm)
        ---- POINT OF NO RETURN: acme-crm-pg-1f2e3d ----
          2. Make acme-crm-pg-1f2e3d the database of acme-crm  [30s]
             changes: postgres.promote app=acme-crm on=true
             why: Nothing may write while the database is replaced.
             no way back: The old leader no longer receives writes.
             only while: connection-paused
          3. Switch maintenance off for acme-crm  [30s]
             changes: app.maintenance app=acme-crm on=true
             why: Nothing may write while the database is replaced.
             way back: Maintenance is switched off again.

        Left out of this run
          - repoint: Repoint the connection (the connection uses DATABASE_URL)

        3 steps. Step 2 is the point of no return: it asks for the name
        acme-crm-pg-1f2e3d. Until then `hcops abort` restores what was before.
        Usually takes 1m 30s.
        Writes are off for about 1m 30s of it.
        Sources: upgrading-heroku-postgres-databases
        Made 2026-11-22 01:00:00 UTC by hcops 0.1.0.
        Digest: c3d1e90467f77903a7957140908b8121e4ffe1756ce4dc27cd60ea81ea2edd1b
        ");
    }

    #[test]
    fn a_plan_tells_people_nothing_that_only_the_machinery_needs() {
        let mut plan = plan();
        plan.steps[0].with = serde_json::json!({
            "app": "acme-crm",
            "connection": "dd384214-7c44-5a64-ad1a-55c9a0fbfc66",
            "region_url": "https://connect-us.heroku.com",
            "followers": [],
            "names": ["a", "b"],
            "by_sql": { "app": "acme-crm", "compare": "none" },
            "attachments": [{ "app": "acme-crm", "name": "DATABASE" }],
        });
        let mut whole = plan.clone();
        plan.steps[0].effect = hcops_model::Effect::ReadOnly;
        let told = |plan: &hcops_model::Plan| plan_lines(plan, &Appearance::plain()).join("\n");
        let looks = told(&plan);
        assert!(looks.contains("only looks: app.maintenance app=acme-crm names=[a, b]\n"), "{looks}");
        whole.steps[0].with["sizes"] = serde_json::json!({ "web": 2 });
        let changes = told(&whole).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(changes.contains("sizes=web 2") && changes.contains("name DATABASE"), "{changes}");
        assert!(!changes.contains("dd384214") && !changes.contains("connect-us.heroku.com"), "{changes}");
    }

    #[test]
    fn only_what_can_be_read_already_is_attested_by_an_approval() {
        let mut plan = plan();
        plan.steps[0].with = serde_json::json!({ "statements": ["Nothing else writes.", "It is ${steps.a.answer}."] });
        let told = plan_lines(&plan, &Appearance::plain()).join("\n");
        let (_, listed) = told.split_once("By approving this plan with --approve you attest").unwrap();
        assert!(listed.contains("  - Nothing else writes.") && !listed.contains("${steps"), "{listed}");
    }

    #[test]
    fn a_group_takes_as_long_as_its_longest_member() {
        let mut plan = plan();
        let mut beside = step("scale-down@acme-crm", "Scale down");
        plan.steps[0].group = Some("silence".into());
        beside.group = Some("silence".into());
        beside.expect.usual = 50;
        plan.steps.insert(1, beside);
        assert_eq!(plan.usual_downtime(), Some(50 + 30 + 30));
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for line in plan_lines(&plan(), &Appearance::plain()) {
            assert!(line.len() <= 80, "{line}");
        }
    }
}
