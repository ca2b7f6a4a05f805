//! The apps that have the databases (docs/heroku/procedures.md, "Upgrade by follower" and "Maintenance mode").

use crate::{Case, Finding, Grade, Rule};
use hcops_survey::checkup::AppCheckup;
use hcops_text::counted;

pub(super) const MAINTENANCE_MODE: Rule = Rule {
    id: "maintenance-mode",
    looks_at: "whether an app is in maintenance mode without a run",
    why: "In maintenance mode users see a page that says so. After a procedure that ended half-way nobody may have ended it.",
    source: "Dev Center: Heroku Connect Maintenance Operations",
};

pub(super) const FORMATION: Rule = Rule {
    id: "formation-zero",
    looks_at: "whether an app runs nothing although it is not in maintenance mode",
    why: "An app whose every process type is at 0 does nothing, and shows no maintenance page either.",
    source: "Dev Center: Heroku Connect Maintenance Operations",
};

pub(super) const RELEASE: Rule = Rule {
    id: "release-failed",
    looks_at: "whether an app's newest release succeeded",
    why: "Every attachment makes a release. If its release phase fails, the app stays without the new config vars, and even \
          without DATABASE_URL; the official command still ends with 0.",
    source: "the heroku command, pg:promote",
};

pub(super) fn judge(case: &Case<'_>, findings: &mut Vec<Finding>) {
    for app in &case.checkup.apps {
        findings.push(maintenance(case, app));
        findings.extend(formation(app));
        findings.extend(release(app));
    }
}

fn maintenance(case: &Case<'_>, app: &AppCheckup) -> Finding {
    let name = &app.facts.name;
    if !app.facts.maintenance {
        return MAINTENANCE_MODE.well(name, format!("{name} is not in maintenance mode"));
    }
    if let Some(run) = case.open_run(None) {
        return MAINTENANCE_MODE
            .found(Grade::Note, name, format!("{name} is in maintenance mode, and run {} is not finished", run.run))
            .remedy("Go on with the run, or turn it back: it ends what it began.")
            .command(format!("hcops show {}", run.run));
    }
    MAINTENANCE_MODE
        .found(Grade::Attention, name, format!("{name} is in maintenance mode, and no run of this machine is about it"))
        .remedy("If nobody else works on it, end it.")
        .command(format!("hcops app maintenance-off -a {name}"))
}

fn formation(app: &AppCheckup) -> Option<Finding> {
    let (name, formation) = (&app.facts.name, &app.facts.formation);
    if formation.is_empty() {
        return None;
    }
    let dynos: u32 = formation.iter().map(|process| process.quantity).sum();
    if dynos > 0 || app.facts.maintenance {
        return Some(FORMATION.well(name, format!("{name} has {}", counted(dynos, "dyno"))));
    }
    let types: Vec<&str> = formation.iter().map(|process| process.process_type.as_str()).collect();
    Some(
        FORMATION
            .found(Grade::Attention, name, format!("every process type of {name} is at 0 ({})", types.join(", ")))
            .remedy(
                "Scale it up as it was before, if that was not meant. `hcops report` of the last run tells how it was.",
            )
            .command(format!("heroku ps -a {name}")),
    )
}

fn release(app: &AppCheckup) -> Option<Finding> {
    let (name, release) = (&app.facts.name, app.newest_release.as_ref()?);
    let saw = format!("release v{} of {name} is {}: {}", release.version, release.status, release.description);
    let grade = match release.status.as_str() {
        "succeeded" | "expired" => return Some(RELEASE.well(name, saw)),
        "pending" => Grade::Note,
        _ => Grade::Attention,
    };
    Some(
        RELEASE
            .found(grade, name, saw)
            .remedy("See why in its output, correct that, then release again.")
            .command(format!("heroku releases:output v{} -a {name}", release.version)),
    )
}
