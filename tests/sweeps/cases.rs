//! Which runbook is swept in which world. No servers are behind it, so that nothing is looked at by SQL.

use hcops_simulator::Drift;

use crate::beforehand::{self, Beforehand};

/// A runbook, the scenario that it is swept in, and its inputs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case {
    /// File name below `runbooks/`.
    pub runbook: &'static str,
    /// Name of the simulator's scenario.
    pub scenario: &'static str,
    /// The app.
    pub app: &'static str,
    /// Inputs by name.
    pub inputs: &'static [(&'static str, &'static str)],
    /// What another operator may do in the drift sweep, and to whom. A case without any is not met by faults either: the
    /// crash and abort sweeps alone cover its own steps.
    pub drifts: &'static [(Drift, Option<&'static str>)],
    /// What has happened before.
    pub beforehand: Beforehand,
    /// Whether answers leave out whatever is optional in them.
    pub without_optional_keys: bool,
    /// Crashes meet one of so many places. More than 1 where another case has the same steps: then the places differ by
    /// what this world or runbook brings in, and five is prime to the kinds of places that take turns.
    pub each: usize,
    /// The same of faults.
    pub each_fault: usize,
    /// Whether every look of a wait is met, and not only its first two and its last one: in between nothing passes but
    /// time.
    pub every_look: bool,
}

impl Case {
    pub(crate) const fn of(runbook: &'static str, scenario: &'static str) -> Self {
        Self {
            runbook,
            scenario,
            app: "acme-crm",
            inputs: &[],
            drifts: &[],
            beforehand: beforehand::nothing,
            without_optional_keys: false,
            each: 1,
            each_fault: 1,
            every_look: false,
        }
    }

    pub(crate) const fn with(self, inputs: &'static [(&'static str, &'static str)]) -> Self {
        Self { inputs, ..self }
    }

    const fn after(self, beforehand: Beforehand) -> Self {
        Self { beforehand, ..self }
    }

    const fn drifting(self, drifts: &'static [(Drift, Option<&'static str>)]) -> Self {
        Self { drifts, ..self }
    }

    const fn at_every_fifth_place(self) -> Self {
        Self { each: 5, ..self }.faulted_at_every_fifth_place()
    }

    const fn faulted_at_every_fifth_place(self) -> Self {
        Self { each_fault: 5, ..self }
    }

    pub(crate) const fn lacking_optional_keys(self) -> Self {
        Self { without_optional_keys: true, ..self }
    }

    /// Its name in a report.
    pub(crate) fn name(&self) -> String {
        let inputs =
            self.inputs.iter().map(|(name, value)| format!(" {name}={}", value.lines().next().unwrap_or_default()));
        let without = if self.without_optional_keys { " without optional keys" } else { "" };
        format!("{} in {}{}{without}", self.runbook, self.scenario, inputs.collect::<String>())
    }

    /// The cases that faults and drifts meet.
    pub(crate) fn met_by_everything() -> impl Iterator<Item = Self> {
        chosen().filter(|case| !case.drifts.is_empty())
    }
}

/// The cases whose runbook's name begins with `HCOPS_SWEEP`, met at every place; every case when that is not set.
pub(crate) fn chosen() -> impl Iterator<Item = Case> {
    beginning_as_chosen(ALL)
}

/// The same of those where Heroku behaves in another way.
pub(crate) fn otherwise() -> impl Iterator<Item = Case> {
    beginning_as_chosen(OTHERWISE)
}

#[expect(clippy::disallowed_methods, reason = "the developer's choice comes in here")]
fn beginning_as_chosen(cases: &'static [Case]) -> impl Iterator<Item = Case> {
    let beginning = std::env::var("HCOPS_SWEEP");
    let (by_name, beginning) = (beginning.is_ok(), beginning.unwrap_or_default());
    let all = cases.iter().copied().filter(move |case| case.runbook.starts_with(&beginning));
    all.map(move |case| if by_name { Case { each: 1, each_fault: 1, every_look: true, ..case } } else { case })
}

/// Whether every case was chosen.
pub(crate) fn are_all() -> bool {
    chosen().count() == ALL.len()
}

/// Every case.
pub(crate) const ALL: &[Case] = &[
    Case::of("version-upgrade-follower.toml", "standard").with(&[("to", "17"), ("compare", "none")]).drifting(&[
        (Drift::MaintenanceOff, Some("acme-crm")),
        (Drift::MaintenanceOff, Some("acme-jobs")),
        (Drift::ScaleUp, Some("acme-crm")),
        (Drift::ScaleUp, Some("acme-jobs")),
        (Drift::OneOffDyno, Some("acme-crm")),
        (Drift::NewApp, None),
        (Drift::NewProcess, Some("acme-jobs")),
        (Drift::RenameProcess, Some("acme-crm")),
        (Drift::ResumeConnection, None),
        (Drift::OutsideWriter, None),
        (Drift::Unfollow, None),
        (Drift::Detach, None),
        (Drift::Repoint, None),
        (Drift::DestroyFollower, None),
        (Drift::DeleteMapping, None),
    ]),
    Case::of("version-upgrade-follower.toml", "credentials")
        .with(&[("to", "17"), ("compare", "none")])
        .at_every_fifth_place(),
    Case::of("version-upgrade-follower.toml", "custom-url")
        .with(&[("to", "17"), ("compare", "none"), ("switch", "attach")])
        .at_every_fifth_place(),
    Case::of("version-upgrade-follower.toml", "custom-url")
        .with(&[("to", "17"), ("compare", "none"), ("switch", "repoint")])
        .at_every_fifth_place(),
    Case::of("version-upgrade-in-place.toml", "standard").with(&[("to", "17"), ("compare", "none")]).drifting(&[
        (Drift::MaintenanceOff, Some("acme-crm")),
        (Drift::ScaleUp, Some("acme-jobs")),
        (Drift::OneOffDyno, Some("acme-crm")),
        (Drift::ResumeConnection, None),
        (Drift::CancelUpgrade, None),
        (Drift::Detach, None),
    ]),
    Case::of("version-upgrade-in-place.toml", "essential")
        .with(&[("to", "17"), ("compare", "none")])
        .at_every_fifth_place(),
    Case::of("plan-change-upgrade.toml", "standard")
        .with(&[("plan", "heroku-postgresql:standard-2")])
        .drifting(&[(Drift::PauseConnection, None), (Drift::Detach, None)]),
    Case::of("connect-maintenance-ride-out.toml", "announced-maintenance").drifting(&[(Drift::PauseConnection, None)]),
    Case::of("sync-pause-pause.toml", "standard")
        .with(&[("reason", "Salesforce is down"), ("compare", "none")])
        .drifting(&[(Drift::PauseConnection, None), (Drift::ResumeConnection, None)]),
    Case::of("sync-resume-resume.toml", "paused").with(&[("compare", "none")]).drifting(&[
        (Drift::PauseConnection, None),
        (Drift::ResumeConnection, None),
        (Drift::Detach, None),
    ]),
    Case::of("essential-copy-copy.toml", "essential")
        .with(&[("to_plan", "heroku-postgresql:standard-0"), ("compare", "none")]),
    Case::of("version-upgrade-copy.toml", "standard")
        .with(&[("to", "17"), ("compare", "none")])
        .faulted_at_every_fifth_place()
        .drifting(&[
            (Drift::MaintenanceOff, Some("acme-jobs")),
            (Drift::ScaleUp, Some("acme-crm")),
            (Drift::OneOffDyno, Some("acme-crm")),
            (Drift::ResumeConnection, None),
            (Drift::Detach, None),
            (Drift::Repoint, None),
        ]),
    Case::of("version-upgrade-copy.toml", "essential")
        .with(&[("to", "17"), ("compare", "none")])
        .at_every_fifth_place(),
    Case::of("plan-change-follower.toml", "standard")
        .with(&[("plan", "heroku-postgresql:standard-2"), ("compare", "none")])
        .at_every_fifth_place()
        .drifting(&[
            (Drift::ScaleUp, Some("acme-crm")),
            (Drift::OneOffDyno, Some("acme-jobs")),
            (Drift::ResumeConnection, None),
            (Drift::OutsideWriter, None),
            (Drift::Unfollow, None),
            (Drift::Detach, None),
            (Drift::DestroyFollower, None),
        ]),
    Case::of("operations/app-formation.toml", "standard").with(&[
        ("type", "worker"),
        ("quantity", "5"),
        ("size", "Standard-2X"),
    ]),
    Case::of("operations/app-maintenance-on.toml", "standard"),
    Case::of("operations/app-maintenance-off.toml", "standard").after(beforehand::in_maintenance),
    Case::of("operations/app-scale-down.toml", "standard"),
    Case::of("operations/connect-authorize.toml", "standard"),
    Case::of("operations/connect-errors.toml", "standard"),
    Case::of("operations/connect-export.toml", "standard"),
    Case::of("operations/connect-import.toml", "standard").with(&[("file", CONFIGURATION)]),
    Case::of("operations/connect-pause.toml", "standard"),
    Case::of("operations/connect-reload.toml", "standard").with(&[("mappings", "User,Account")]),
    Case::of("operations/connect-repoint.toml", "standard")
        .with(&[("db_key", "FRESH_URL"), ("database", beforehand::FRESH)])
        .after(beforehand::paused_with_a_copy),
    Case::of("operations/connect-resume.toml", "paused"),
    Case::of("operations/connect-state.toml", "standard"),
    Case::of("operations/connect-validate.toml", "standard"),
    Case::of("operations/postgres-copy.toml", "standard")
        .with(&[("source", "postgresql-flat-11007"), ("target", beforehand::FRESH)])
        .after(beforehand::empty_database),
    Case::of("operations/postgres-follow.toml", "standard").with(&[("follower_name", "other-pg")]),
    Case::of("operations/postgres-info.toml", "standard"),
    Case::of("operations/postgres-promote.toml", "standard")
        .with(&[("database", beforehand::FRESH)])
        .after(beforehand::paused_with_a_copy),
    Case::of("operations/postgres-unfollow.toml", "standard")
        .with(&[("database", beforehand::FRESH)])
        .after(beforehand::follower),
    Case::of("operations/postgres-upgrade.toml", "standard")
        .with(&[("database", beforehand::FRESH), ("to", "17")])
        .after(beforehand::follower),
    Case::of("operations/postgres-wait.toml", "standard"),
    Case::of("connection-recreate-import.toml", "standard").with(&[("compare", "none")]),
    Case::of("field-change-simple.toml", "field-changed").with(&[
        ("object", "Order__c"),
        ("field", "Status__c"),
        ("compare", "none"),
    ]),
    Case::of("field-change-complex.toml", "field-changed").with(&[
        ("object", "Order__c"),
        ("field", "Amount__c"),
        ("compare", "none"),
    ]),
    Case::of("rollback-recovery-reload.toml", "standard").with(ROLLBACK),
];

/// The same where Heroku behaves in another way: met by crashes alone.
const OTHERWISE: &[Case] = &[
    Case::of("version-upgrade-follower.toml", "standard")
        .with(&[("to", "17"), ("compare", "none")])
        .lacking_optional_keys()
        .at_every_fifth_place(),
    Case::of("version-upgrade-in-place.toml", "essential")
        .with(&[("to", "17"), ("compare", "none")])
        .lacking_optional_keys()
        .at_every_fifth_place(),
    Case::of("essential-copy-copy.toml", "essential")
        .with(&[("to_plan", "heroku-postgresql:standard-0"), ("compare", "none")])
        .lacking_optional_keys()
        .at_every_fifth_place(),
    Case::of("rollback-recovery-reload.toml", "standard")
        .with(ROLLBACK)
        .after(beforehand::reloads_wait)
        .at_every_fifth_place(),
    Case::of("rollback-recovery-reload.toml", "standard")
        .with(ROLLBACK)
        .after(beforehand::reloads_are_dropped)
        .at_every_fifth_place(),
    Case::of("connection-recreate-import.toml", "standard")
        .with(&[("compare", "none")])
        .after(beforehand::schemas_are_refused)
        .at_every_fifth_place(),
];

/// What is met by releases that fail at each place: in a world with a release phase, with either conduct of Heroku's after
/// one has failed.
pub(crate) fn releasing() -> impl Iterator<Item = Case> {
    let in_world = |beforehand| {
        Case::of("version-upgrade-follower.toml", "release-phase")
            .with(&[("to", "17"), ("compare", "none")])
            .after(beforehand)
    };
    let all = [in_world(beforehand::nothing as Beforehand), in_world(beforehand::variables_that_stay)];
    all.into_iter().filter(|case| chosen().any(|other| other.runbook == case.runbook))
}

const ROLLBACK: &[(&str, &str)] = &[("moment", "2026-11-21T23:00:00Z"), ("at_once", "2"), ("compare", "none")];

/// A configuration in which one mapping has one field more and another one fewer than in the scenario.
const CONFIGURATION: &str = r#"{"version": 1, "mappings": [
    {"object_name": "User", "config": {"access": "read_only", "fields": {"Id": {}, "Email": {}, "Name": {}, "Phone": {}, "SystemModstamp": {}}}},
    {"object_name": "Lead", "config": {"access": "read_only", "fields": {"Id": {}, "SystemModstamp": {}}}}
]}"#;

/// The cases of runbooks that are not met by everything.
pub(crate) fn further() -> impl Iterator<Item = Case> {
    let is_met = |runbook: &str| ALL.iter().any(|other| other.runbook == runbook && !other.drifts.is_empty());
    chosen().filter(move |case| !is_met(case.runbook))
}
