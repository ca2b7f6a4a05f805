//! Looks at apps for `status` and `doctor`: what Heroku shows, what this machine's journals know, and the judgement of both.

use std::time::Duration;

use super::app_name;
use super::arguments::{AppsChoice, LookChoice, Threshold};
use super::desk::Desk;
use super::failure::Failure;
use super::in_the_way;
use super::pauses::{self, Whose};
use super::reach::Reach;
use hcops_health::{Case, FailOn, Finding, Grade, Horizon, KeptPause, Local, OpenRun, UnreadableRun, Verdict, judge};
use hcops_journal::Listing;
use hcops_journal::claims::Claims;
use hcops_model::Fault;
use hcops_survey::Target;
use hcops_survey::checkup::{Checkup, Depth, Notices, checkup};

/// Everything about the apps that were looked at.
pub(super) struct Checkups {
    /// What the status sites say.
    pub(super) notices: Notices,
    /// Each app, in the order in which they were named.
    pub(super) apps: Vec<Looked>,
}

/// One app.
pub(super) enum Looked {
    /// It was seen, wholly or in part.
    Seen(Box<AppHealth>),
    /// It could not be looked at at all.
    Unseen {
        /// Its name as it was given.
        app: String,
        /// Why.
        fault: Fault,
    },
}

/// What was seen of an app, and what that means.
pub(super) struct AppHealth {
    pub(super) checkup: Checkup,
    pub(super) local: Local,
    /// The gravest first.
    pub(super) findings: Vec<Finding>,
}

impl AppHealth {
    /// The worst of it.
    pub(super) fn verdict(&self) -> Verdict {
        Verdict::of(&self.findings, &self.checkup.unseen)
    }
}

impl Looked {
    pub(super) fn verdict(&self) -> Verdict {
        match self {
            Self::Seen(health) => health.verdict(),
            Self::Unseen { .. } => Verdict::UNSEEN,
        }
    }

    pub(super) fn app(&self) -> &str {
        match self {
            Self::Seen(health) => &health.checkup.app,
            Self::Unseen { app, .. } => app,
        }
    }
}

impl Checkups {
    /// The worst of all apps.
    pub(super) fn verdict(&self) -> Verdict {
        let nothing = Verdict { grade: Grade::Ok, incomplete: false };
        self.apps.iter().map(Looked::verdict).fold(nothing, Verdict::and)
    }
}

/// Looks at every app that is meant, one after the other, so that the token's rate budget is left to others too.
///
/// # Errors
/// When no app is named, or the only one that is named cannot be found or read. Of several, one that cannot be read is
/// told and counts as not seen.
pub(super) async fn look(apps: &AppsChoice, how: &LookChoice, desk: &Desk) -> Result<(Reach, Checkups), Failure> {
    let names = app_name::all_chosen(apps, desk)?;
    desk.patiently("looking at the app", async {
        let reach = Reach::to_look(desk).await?;
        let found = look_at(&reach, &names, apps, how, desk).await?;
        Ok((reach, found))
    })
    .await
}

/// How long the status sites are waited for: the app itself matters more.
const NOTICES: Duration = Duration::from_secs(6);

async fn look_at(
    reach: &Reach,
    names: &[String],
    apps: &AppsChoice,
    how: &LookChoice,
    desk: &Desk,
) -> Result<Checkups, Failure> {
    let notices = Notices::read(&reach.clients.within(NOTICES).for_brief_looks(), &*reach.clock).await;
    let depth = if how.sql { Depth::Sql } else { Depth::Api };
    let horizon = Horizon { days: how.days, hours: how.hours };
    let mut looked = Vec::with_capacity(names.len());
    for app in names {
        let target = Target { app: app.clone(), resource: apps.resource.clone() };
        looked.push(match checkup(&reach.clients, &*reach.clock, &target, depth, &notices).await {
            Ok(checkup) => Looked::Seen(Box::new(judged(checkup, &notices, horizon, reach, desk)?)),
            Err(fault) if names.len() == 1 => return Err(fault.into()),
            Err(fault) => Looked::Unseen { app: app.clone(), fault },
        });
    }
    Ok(Checkups { notices, apps: looked })
}

fn judged(
    checkup: Checkup,
    notices: &Notices,
    horizon: Horizon,
    reach: &Reach,
    desk: &Desk,
) -> Result<AppHealth, Failure> {
    let local = local(&checkup, &reach.origin, desk)?;
    let findings = judge(&Case { checkup: &checkup, notices, local: &local, horizon });
    Ok(AppHealth { checkup, local, findings })
}

/// What decides the exit code: from attention on, where nothing was said.
pub(super) const fn fail_on(choice: Option<Threshold>) -> FailOn {
    match choice {
        Some(Threshold::Note) => FailOn::From(Grade::Note),
        None | Some(Threshold::Attention) => FailOn::From(Grade::Attention),
        Some(Threshold::Broken) => FailOn::From(Grade::Broken),
        Some(Threshold::Never) => FailOn::Never,
    }
}

/// What the journals of this machine know of the app.
fn local(checkup: &Checkup, origin: &str, desk: &Desk) -> Result<Local, Failure> {
    let open_runs = unfinished(&checkup.app, origin, desk)?.iter().filter_map(open_run).collect();
    let mut local = Local { open_runs, unreadable: unreadable(&checkup.app, origin, desk)?, ..Local::default() };
    for connection in checkup.connections.iter().filter(|connection| connection.is_paused()) {
        let id = &connection.connection.id;
        let whose = Whose { app: &checkup.app, connection: id, origin };
        if let Some(pause) = pauses::newest(whose, desk)? {
            let (run, by, reason) = (pause.run.to_string(), pause.by, pause.reason);
            let kept = KeptPause { run, by, at: pause.at, reason, unfinished: pause.unfinished };
            local.pauses.insert(id.clone(), kept);
        }
    }
    Ok(local)
}

/// The runs of this machine that are about the app at this origin and not finished: a rehearsal with an app of the same
/// name is about another world.
///
/// # Errors
/// When the directory of the runs cannot be listed.
pub(super) fn unfinished(app: &str, origin: &str, desk: &Desk) -> Result<Vec<Listing>, Failure> {
    let about_it = |listing: &Listing| {
        listing
            .summary
            .as_ref()
            .is_ok_and(|summary| summary.app == app && summary.origin == origin && summary.standing.is_unfinished())
    };
    Ok(desk.store().list()?.into_iter().filter(about_it).collect())
}

/// The runs that cannot be read, may be going on, and may be about the app.
fn unreadable(app: &str, origin: &str, desk: &Desk) -> Result<Vec<UnreadableRun>, Failure> {
    let claims = Claims::of_app(app);
    let told = |listing: Listing| {
        let broken = listing.summary.as_ref().err()?;
        if !in_the_way::may_hold(&listing, broken, Some((&claims, origin))) {
            return None;
        }
        let (remedy, command) = in_the_way::repair(&listing, broken, desk);
        Some(UnreadableRun {
            run: listing.run.to_string(),
            saw: in_the_way::not_read(&listing, broken),
            remedy,
            command,
        })
    };
    Ok(desk.store().list()?.into_iter().filter_map(told).collect())
}

fn open_run(listing: &Listing) -> Option<OpenRun> {
    let summary = listing.summary.as_ref().ok().filter(|summary| !summary.only_looks)?;
    Some(OpenRun {
        run: listing.run.to_string(),
        procedure: summary.procedure.clone(),
        method: summary.method.clone(),
        by: summary.opened_by.clone(),
        opened_at: summary.opened_at,
    })
}
