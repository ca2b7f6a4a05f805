//! Announced maintenance that a procedure could run into.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use hcops_heroku::Clients;
use hcops_heroku::status::{Areas, CurrentStatus, Incident, TrustMaintenance};
use hcops_model::Fault;

/// An announced maintenance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Title.
    pub title: String,
    /// Begin, where it is told in a form that can be read.
    pub starts: Option<Timestamp>,
    /// End, where it is told in a form that can be read.
    pub ends: Option<Timestamp>,
    /// What was written about it: on Heroku's status site begin and end are only in this prose.
    pub text: Option<String>,
    /// `trust` for Salesforce Trust's planned maintenances, `status` for Heroku's status site.
    pub source: String,
    /// Where it is felt; empty where that is everywhere, or not told in words that are known.
    #[serde(default)]
    pub areas: Areas,
    /// Whether no procedure could meet it: it is about the command-line client or the dashboard alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub harmless: bool,
    /// When it was announced, where that is told.
    #[serde(default)]
    pub announced: Option<Timestamp>,
}

impl Window {
    /// Whether it may concern something in this region; without a region, or with one that is not known, it does.
    #[must_use]
    pub fn may_touch(&self, region: Option<&str>) -> bool {
        !self.harmless && region.is_none_or(|region| self.areas.may_touch(region))
    }
}

/// An incident that goes on at Heroku.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ongoing {
    /// Title.
    pub title: String,
    /// Whether it touches Connect or the databases.
    pub concerns_data: bool,
    /// Where it is felt.
    pub areas: Areas,
}

/// What the status sites say, as far as they answer.
pub struct Announced {
    /// Maintenances that are not over; nothing when neither site answered.
    pub windows: Option<Vec<Window>>,
    /// Titles of incidents that go on.
    pub incidents: Vec<String>,
    /// The same incidents, with what they touch.
    pub ongoing: Vec<Ongoing>,
    /// What could not be read.
    pub missing: Vec<String>,
}

/// Asks both sites; the one has structured times, the other what was written for people
/// (docs/heroku/status.md, "Heroku Status" and "Salesforce Trust").
pub async fn announcements(clients: &Clients, now: Timestamp) -> Announced {
    let (planned, current) = tokio::join!(clients.status.planned_maintenances(now), clients.status.current());
    gather(planned, current, now)
}

fn gather(
    planned: Result<Vec<TrustMaintenance>, Fault>,
    current: Result<CurrentStatus, Fault>,
    now: Timestamp,
) -> Announced {
    let mut missing = Vec::new();
    let nothing_answered = planned.is_err() && current.is_err();
    if let Err(fault) = &planned {
        missing.push(format!("The times of planned maintenances could not be read ({fault})."));
    }
    if let Err(fault) = &current {
        missing.push(format!("Heroku's status site could not be read ({fault})."));
    }
    let current = current.unwrap_or_default();
    let structured = planned.unwrap_or_default().into_iter().filter(|one| !one.is_over()).map(|one| Window {
        starts: one.starts(),
        ends: one.may_end(now),
        areas: one.areas(),
        harmless: !one.concerns_procedures(),
        title: one.name,
        text: None,
        source: "trust".to_owned(),
        announced: None,
    });
    let scheduled = current.scheduled.into_iter().filter(|one| !one.is_over());
    let prose = scheduled.map(|one| {
        let told = one.window(now);
        let (starts, ends) = (told.map(|told| told.starts), told.and_then(|told| told.ends));
        let announced = one.created_at.as_ref().and_then(|moment| moment.at);
        let (text, areas) = (Some(one.prose()), one.areas());
        Window { text, areas, announced, harmless: false, title: one.title, starts, ends, source: "status".to_owned() }
    });
    let windows = structured.chain(prose).collect();
    let open: Vec<Ongoing> = current.incidents.into_iter().filter(|one| !one.is_over()).map(ongoing).collect();
    Announced {
        windows: (!nothing_answered).then_some(windows),
        incidents: open.iter().map(|one| one.title.clone()).collect(),
        ongoing: open,
        missing,
    }
}

fn ongoing(incident: Incident) -> Ongoing {
    Ongoing { concerns_data: incident.concerns_data(), areas: incident.areas(), title: incident.title }
}
