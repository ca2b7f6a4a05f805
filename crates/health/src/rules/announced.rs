//! What Heroku has announced (docs/heroku/procedures.md, "Connect maintenance"; docs/heroku/status.md,
//! "Notices about Connect").

use jiff::SignedDuration;

use crate::advice::{span, utc};
use crate::{Case, Finding, Grade, Rule};
use hcops_survey::Window;

pub(super) const WINDOWS: Rule = Rule {
    id: "maintenance-announced",
    looks_at: "whether Heroku has announced maintenance for this part of the world",
    why: "While Connect is offline nothing is synced and nothing can be paused, resumed or configured; it cannot be moved by \
          customers.",
    source: "Dev Center: Heroku Connect Maintenance Operations; status.heroku.com",
};

pub(super) const INCIDENTS: Rule = Rule {
    id: "incident",
    looks_at: "whether an incident goes on at Heroku",
    why: "What looks broken may be Heroku's, and what is begun during an incident may end half-way.",
    source: "status.heroku.com",
};

/// Heroku's own figure for Connect (docs/heroku/procedures.md, "Connect maintenance"), where a notice names no end.
const USUAL_LENGTH: SignedDuration = SignedDuration::from_mins(45);

/// Notices come up to three weeks ahead, and stale ones stay on the site for months (docs/heroku/status.md,
/// "Heroku Status" and "Notices about Connect").
const STALE: SignedDuration = SignedDuration::from_hours(30 * 24);

pub(super) fn judge(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let app = &case.checkup.app;
    if let Some(windows) = &case.notices.windows {
        let before = findings.len();
        findings.extend(windows.iter().filter(|window| concerns(case, window)).filter_map(|window| of(case, window)));
        if findings.len() == before {
            findings.push(WINDOWS.well(app, "no maintenance is announced that is still to come"));
        }
    }
    let here = |region: &Option<String>, areas: &hcops_heroku::status::Areas| {
        region.as_deref().is_none_or(|region| areas.may_touch(region))
    };
    for incident in case.notices.incidents.iter().filter(|incident| here(&case.checkup.region, &incident.areas)) {
        let grade = if incident.concerns_data { Grade::Attention } else { Grade::Note };
        findings.push(
            INCIDENTS
                .found(grade, app, format!("an incident goes on at Heroku: {}", incident.title))
                .remedy("Begin no maintenance until it is over: https://status.heroku.com")
                .command("heroku status"),
        );
    }
}

/// Whether a window may concern the app or one of its connections, which may live elsewhere.
fn concerns(case: &Case<'_>, window: &Window) -> bool {
    let regions = case.checkup.connections.iter().map(|connection| connection.region.as_deref());
    regions.chain([case.checkup.region.as_deref()]).any(|region| window.may_touch(region))
}

fn of(case: &Case<'_>, window: &Window) -> Option<Finding> {
    let app = &case.checkup.app;
    let Some(starts) = window.starts else { return Some(without_times(case, window)) };
    let ends = window.ends.unwrap_or(starts + USUAL_LENGTH);
    if ends <= case.now() {
        return None;
    }
    let left = starts.duration_since(case.now());
    let when = if left.is_negative() { "it goes on now".to_owned() } else { format!("in {}", span(left)) };
    let grade = if case.is_soon(starts) { Grade::Attention } else { Grade::Note };
    let saw = format!("Heroku has announced \"{}\" from {} to {}, {when}", window.title, utc(starts), utc(ends));
    Some(WINDOWS.found(grade, app, saw).remedy("Keep your own maintenance away from it.").command(command(case)))
}

fn without_times(case: &Case<'_>, window: &Window) -> Finding {
    let text = window.text.as_deref().unwrap_or(&window.title);
    let is_stale = window.announced.is_some_and(|at| case.now().duration_since(at) > STALE);
    let grade = if is_stale { Grade::Note } else { Grade::Attention };
    WINDOWS
        .found(grade, &case.checkup.app, format!("Heroku has announced, without times that a program can read: {text}"))
        .remedy("Read it, and judge for yourself when that is.")
        .command(command(case))
}

fn command(case: &Case<'_>) -> String {
    format!("hcops windows -a {}", case.checkup.app)
}
