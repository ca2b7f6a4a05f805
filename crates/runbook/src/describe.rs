use std::fmt::Write as _;

use hcops_model::GATE;

use super::book::{Condition, InputKind, Runbook, Step, Subject, Test};
use super::duration;
use super::nearest::listed;

/// A Markdown page on a runbook: what it is for, what the operator says, each step with its reason, its duration and its
/// way back, the point of no return, and where all this comes from. References are shown as they are written.
#[must_use]
pub fn describe(book: &Runbook) -> String {
    let mut page = format!("# {}\n\n", book.title.value);
    line(&mut page, format_args!("`{}`, method `{}`.", book.procedure.value, book.method.value));
    if let Some(tiers) = &book.tiers {
        line(&mut page, format_args!("For databases of tier {}.", listed(tiers.value.iter().map(String::as_str))));
    }
    if let Some(summary) = &book.summary {
        line(&mut page, format_args!("\n{}", summary.trim()));
    }
    if let Some(offer) = &book.offer {
        line(&mut page, format_args!("\n- Writes are off for {}.", offer.downtime));
        line(&mut page, format_args!("- Way back afterwards: {}.", offer.way_back));
        line(&mut page, format_args!("- Cost: {}.", offer.cost));
    }
    inputs(&mut page, book);
    line(&mut page, format_args!("\n## Steps"));
    for (index, item) in book.steps.iter().enumerate() {
        step(&mut page, index + 1, item);
    }
    holds(&mut page, book);
    line(&mut page, format_args!("\n## Sources\n"));
    for source in &book.sources {
        line(&mut page, format_args!("- {source}"));
    }
    page
}

fn line(page: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string can't fail.
    let _ = writeln!(page, "{text}");
}

fn inputs(page: &mut String, book: &Runbook) {
    if book.inputs.is_empty() {
        return;
    }
    line(page, format_args!("\n## Inputs\n"));
    for input in &book.inputs {
        let choices = match &input.kind {
            InputKind::Choice(choices) => format!(" ({})", listed(choices.iter().map(String::as_str))),
            _ => String::new(),
        };
        let default = match (&input.default, input.optional) {
            (Some(default), _) => {
                format!(" Default: `{}`.", default.value.as_str().unwrap_or(&default.value.to_string()))
            }
            (None, true) => " May be left out.".to_owned(),
            (None, false) => " Needed.".to_owned(),
        };
        let help = input.help.trim_end_matches('.');
        line(page, format_args!("- `{}`{choices}: {help}.{default}", input.flag()));
    }
}

fn step(page: &mut String, number: usize, step: &Step) {
    line(page, format_args!("\n### {number}. {}\n", step.title.value));
    line(page, format_args!("{}\n", step.why.value.trim()));
    line(page, format_args!("- Step `{}`, action `{}`{}", step.id.value, step.call.action.value, circumstances(step)));
    how_long(page, step);
    if !step.when.is_empty() {
        let conditions: Vec<String> = step.when.iter().map(condition).collect();
        line(page, format_args!("- Only when {}.", conditions.join(" and ")));
    }
    if !step.holds.is_empty() {
        let holds = listed(step.holds.iter().map(|hold| hold.value.as_str()));
        line(page, format_args!("- Right before it must hold: {holds}."));
    }
    if let Some(crossing) = &step.crossing {
        line(
            page,
            format_args!(
                "- **Point of no return**: {} The name to type is `{}`.",
                crossing.lost.value.trim(),
                crossing.name.value
            ),
        );
    }
    way_back(page, step);
}

fn how_long(page: &mut String, step: &Step) {
    if step.call.action.value == GATE {
        line(page, format_args!("- Waits until the operator lets the downtime begin."));
        return;
    }
    let expect = step.expect.value;
    let (usual, limit) = (duration::display(expect.usual), duration::display(expect.limit));
    let grows = match expect.per_gigabyte {
        0 => String::new(),
        seconds => format!(" and about {} for each gigabyte", duration::display(seconds)),
    };
    line(page, format_args!("- Usually {usual}{grows}; a person is asked after {limit}."));
}

fn circumstances(step: &Step) -> String {
    let mut parts = Vec::new();
    if let Some(repeat) = &step.for_each {
        let only: Vec<String> = repeat.only.iter().map(condition).collect();
        let only = if only.is_empty() { String::new() } else { format!(" where {}", only.join(" and ")) };
        let named = repeat.named.as_ref().map_or_else(String::new, |input| format!(" that `{}` names", input.value));
        parts.push(format!("for each of `{}`{named}{only}", repeat.fact.value));
    }
    if let Some(group) = &step.group {
        parts.push(format!("side by side with the group `{}`", group.value));
    }
    if step.preflight {
        parts.push("checked by `hcops plan` already".to_owned());
    }
    if step.may_skip {
        parts.push("may be skipped with a reason".to_owned());
    }
    parts.iter().map(|part| format!("; {part}")).collect::<String>() + "."
}

fn way_back(page: &mut String, step: &Step) {
    if let Some(text) = &step.way_back {
        line(page, format_args!("- Way back: {}", text.value.trim()));
    }
    if let Some(undo) = &step.undo {
        line(page, format_args!("- `hcops abort` undoes it with `{}`.", undo.call.action.value));
    }
    if let Some(target) = &step.undone_by {
        line(page, format_args!("- `hcops abort` undoes it together with `{}`.", target.value));
    }
}

fn condition(condition: &Condition) -> String {
    let subject = match &condition.subject {
        Subject::Fact(path) | Subject::Item(path) => format!("`{path}`"),
        Subject::Answer(step) => format!("the answer to `{step}`"),
        Subject::Input(name) => format!("`--{}`", name.replace('_', "-")),
    };
    match &condition.test {
        Test::Is(value) => format!("{subject} is `{value}`"),
        Test::IsNot(value) => format!("{subject} is not `{value}`"),
        Test::OneOf(values) => {
            let values: Vec<String> = values.iter().map(ToString::to_string).collect();
            format!("{subject} is one of {}", listed(values.iter().map(String::as_str)))
        }
        Test::Exists(true) => format!("{subject} is there"),
        Test::Exists(false) => format!("{subject} is not there"),
    }
}

fn holds(page: &mut String, book: &Runbook) {
    if book.holds.is_empty() {
        return;
    }
    line(page, format_args!("\n## Standing conditions\n"));
    for hold in &book.holds {
        let only: Vec<String> = hold.when.iter().map(condition).collect();
        let only = if only.is_empty() { String::new() } else { format!(" Only when {}.", only.join(" and ")) };
        line(page, format_args!("- `{}` (`{}`): {}{only}", hold.name.value, hold.call.action.value, hold.why.trim()));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::example;
    use super::describe;

    #[test]
    fn a_page_says_what_why_how_long_and_what_leads_back() {
        let page = describe(&example());
        let from = page.find("### 10.").expect("the crossing");
        let to = page.find("### 11.").expect("the step behind it");
        insta::assert_snapshot!(&page[..page.find("### 1.").expect("the first step")], @r"
        # Upgrade Postgres ${database.version} to ${inputs.to} through a follower

        `version-upgrade`, method `follower`.
        For databases of tier `standard`, `premium`, `private`, `shield`.

        For databases that can have followers.

        ## Inputs

        - `--to`: Postgres major version to end on. Needed.
        - `--follower-name`: Name of the new database. Default: `${follower_name}`.
        - `--plan`: Plan of the new database. May be left out.
        - `--switch` (`attach`, `repoint`): How a connection with a database setting of its own is switched. Default: `attach`.

        ## Steps
        ");
        insta::assert_snapshot!(&page[from..to], @r#"
        ### 10. Promote ${inputs.follower_name}

        From here on the app and Connect use the new database.

        - Step `promote`, action `postgres.promote`.
        - Usually 30s; a person is asked after 15m.
        - Only when `connection.db_key` is `"DATABASE_URL"` and `--switch` is one of `"attach"`, `"repoint"`.
        - Right before it must hold: `connection-paused`, `apps-silent`.
        - **Point of no return**: The old leader ${database.name} no longer receives writes. The name to type is `${inputs.follower_name}`.
        - Way back: None: what is written from here on is in the new database only.
        "#);
        insta::assert_snapshot!(&page[page.find("## Standing").expect("the holds")..], @r"
        ## Standing conditions

        - `connection-paused` (`connect.paused`): Connect must not write while the database is replaced.
        - `apps-silent` (`app.silent`): What is written to the old database now is lost.

        ## Sources

        - heroku-connect-maintenance-operations
        - upgrading-heroku-postgres-databases
        ");
    }
}
