use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::app::PREBOOT_OVERLAP;
use super::{Due, World};
use crate::fault::Fault;

/// A release of an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// UUID.
    pub id: String,
    /// Counts from 1.
    pub version: u64,
    /// `Attach DATABASE (@ref:postgresql-curved-40312)`.
    pub description: String,
    /// `pending`, `succeeded` or `failed`.
    pub status: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its status changed.
    pub updated_at: Timestamp,
    /// The attachment that takes effect with it, which is withheld when the release phase fails.
    pub attachment: Option<String>,
    /// The app's config vars with it; today's where it was made before these were kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<BTreeMap<String, String>>,
}

impl Release {
    /// Whether it attaches the name that `before` detached.
    pub(super) fn moves_what_was_detached_by(&self, before: &Self) -> bool {
        let name = |release: &Self, verb: &str| {
            release.description.strip_prefix(verb).and_then(|rest| rest.split(" (").next()).map(str::to_owned)
        };
        let attached = name(self, "Attach ");
        attached.is_some() && attached == name(before, "Detach ")
    }
}

impl World {
    /// Makes a release that takes effect at once.
    pub(crate) fn release(&mut self, app: &str, description: String) {
        self.make_release(app, description, "succeeded", None);
    }

    /// Makes the release of an attachment: with a release phase it is pending until that has ended.
    pub(crate) fn release_attachment(&mut self, app: &str, description: String, attachment: &str) {
        let phase = self.app(app).is_ok_and(super::App::has_release_phase);
        let status = if phase { "pending" } else { "succeeded" };
        let version = self.make_release(app, description, status, Some(attachment.to_owned()));
        if phase {
            self.schedule(self.latency.release_phase, Due::ReleasePhaseEnds { app: app.to_owned(), version });
        }
    }

    fn make_release(&mut self, app: &str, description: String, status: &str, attachment: Option<String>) -> u64 {
        let (id, now, config) = (self.ids.give(), self.settled_at, self.config(app).ok());
        let Ok(app) = self.app_mut(app) else { return 0 };
        let version = app.releases.last().map_or(0, |release| release.version) + 1;
        app.releases.push(Release {
            id,
            version,
            description,
            status: status.to_owned(),
            created_at: now,
            updated_at: now,
            attachment,
            config,
        });
        if app.preboot {
            let app = app.name.clone();
            self.schedule(PREBOOT_OVERLAP, Due::OutgoingDynosStop { app });
        }
        version
    }

    /// Ends a release phase. When it fails the dynos keep the release before, and the attachment's config var is missing from
    /// the app, or stays the old one (Dev Center: Release Phase; the official client warns of the former).
    pub(crate) fn end_release_phase(&mut self, app: &str, version: u64) {
        let name = app;
        let moved = self.app(app).is_ok_and(|app| moves_an_attachment(&app.releases, version));
        let fails = moved && self.behaviour.failing_release_phases > 0;
        self.behaviour.failing_release_phases -= u64::from(fails);
        self.behaviour.meet(Fault::ReleasePhaseFails, fails);
        let now = self.settled_at;
        let Ok(app) = self.app_mut(app) else { return };
        let Some(release) = app.releases.iter_mut().find(|release| release.version == version) else { return };
        if fails { "failed" } else { "succeeded" }.clone_into(&mut release.status);
        release.updated_at = now;
        if app.preboot {
            let app = app.name.clone();
            self.schedule(PREBOOT_OVERLAP, Due::OutgoingDynosStop { app });
        }
        let Ok(app) = self.app_mut(name) else { return };
        let Some(release) = app.releases.iter_mut().find(|release| release.version == version) else { return };
        let withheld = release.attachment.clone().filter(|_| fails);
        if let Some(attachment) = self.attachments.iter_mut().find(|a| withheld.as_ref() == Some(&a.id)) {
            attachment.withheld = true;
        }
    }
}

/// Whether a release attaches a name that the release before it detached.
fn moves_an_attachment(releases: &[Release], version: u64) -> bool {
    let release = |version: u64| releases.iter().find(|release| release.version == version);
    let before = release(version.saturating_sub(1));
    before.zip(release(version)).is_some_and(|(before, release)| release.moves_what_was_detached_by(before))
}
