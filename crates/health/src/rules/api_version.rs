//! How long Salesforce has the version of its API that a connection uses (docs/heroku/connect.md, "API version").

use crate::{Case, Finding, Grade, Rule};
use hcops_heroku::connect::{NEWEST_SALESFORCE_API, SUMMER_27, SUMMER_28, SalesforceApi, salesforce_api};
use hcops_heroku::data::AS_OF;
use hcops_survey::checkup::ConnectionCheckup;

pub(super) const RULE: Rule = Rule {
    id: "salesforce-api-version",
    looks_at: "whether Salesforce keeps the version of its API that the connection uses",
    why: "Salesforce refuses calls with a version that it has removed. A connection keeps its version until somebody changes \
          it, and that takes a pause, and perhaps fields that have to be mapped anew.",
    source: "Salesforce Help 005321531 and 000354473; the Connect plugin of the heroku command, pull request 291",
};

pub(super) fn judge(case: &Case<'_>, findings: &mut Vec<Finding>) {
    findings.extend(case.checkup.connections.iter().filter_map(|connection| of(case, connection)));
}

/// Nothing is claimed where no version is shown, or none that can be read.
fn of(case: &Case<'_>, connection: &ConnectionCheckup) -> Option<Finding> {
    let name = &connection.name;
    let version = connection.connection.sf_info.as_ref()?.api_version.as_deref()?;
    let saw = format!("{name} uses version {version} of the Salesforce API");
    let (grade, saw) = match salesforce_api(version)? {
        SalesforceApi::NoEndKnown => {
            return Some(RULE.well(name, format!("{saw}; no end of it was announced as of {AS_OF}")));
        }
        SalesforceApi::Retired { with } => (
            Grade::Broken,
            format!("{saw}, which Salesforce retired with its {with} release: it refuses calls with it"),
        ),
        SalesforceApi::Ending => ending(case, &saw),
    };
    Some(change(case, connection, RULE.found(grade, name, saw)))
}

fn ending(case: &Case<'_>, saw: &str) -> (Grade, String) {
    let soon = i64::from(case.days_until(SUMMER_27)) <= i64::from(case.horizon.days);
    let now = if case.days_until(SUMMER_28) <= 0 { ": it may be gone any day now" } else { "" };
    (
        if soon { Grade::Attention } else { Grade::Note },
        format!(
            "{saw}, which Salesforce deprecates with its Summer '27 release, from May 2027 on, and removes with Summer '28, from \
             May 2028 on{now}"
        ),
    )
}

fn change(case: &Case<'_>, connection: &ConnectionCheckup, finding: Finding) -> Finding {
    let (app, on) = (&case.checkup.app, case.on(Some(connection)));
    finding
        .remedy(format!(
            "See what a newer version would change: the command below shows it and changes nothing. Then pause sync (`hcops run \
             sync-pause {on}`), give the same command with `--confirm {app}`, and resume sync (`hcops run sync-resume {on}`): \
             Connect changes the version only of a connection that is PAUSED, and it stays PAUSED. A mapping that the command \
             says needs action has its fields taken out and put in again first."
        ))
        .command(format!("heroku connect:manage-sf-api-version {on} --target-version {NEWEST_SALESFORCE_API}"))
}
