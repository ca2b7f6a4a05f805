use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Areas, Status, anonymous};
use crate::lenient::{self, Moment};
use crate::transport::{Call, address};
use hcops_model::Fault;

/// A planned maintenance of Salesforce Trust, with its times (docs/heroku/status.md, "Salesforce Trust").
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TrustMaintenance {
    /// Id.
    #[serde(deserialize_with = "lenient::text")]
    pub id: String,
    /// Title.
    #[serde(default, deserialize_with = "lenient::spoken_text")]
    pub name: String,
    /// Planned begin.
    #[serde(default)]
    pub planned_start_time: Option<Moment>,
    /// Planned end.
    #[serde(default)]
    pub planned_end_time: Option<Moment>,
    /// Regions: `Heroku North America` and others.
    #[serde(default, deserialize_with = "lenient::list")]
    pub instance_keys: Vec<String>,
    /// Services: `HerokuData`, `Data` and others. None names Connect, which falls under Data.
    #[serde(default, deserialize_with = "lenient::list")]
    pub service_keys: Vec<String>,
    /// How it stands, raw: `Scheduled`, `In Progress`, `Completed`, `Canceled`.
    #[serde(default)]
    pub message: Option<MaintenanceMessage>,
    /// What happened to it.
    #[serde(default, rename = "MaintenanceEvents", deserialize_with = "lenient::list")]
    pub events: Vec<MaintenanceEvent>,
    /// Begin and end of each effect.
    #[serde(default, rename = "MaintenanceImpacts", deserialize_with = "lenient::list")]
    pub impacts: Vec<MaintenanceImpact>,
}

impl TrustMaintenance {
    /// When it begins: the earliest effect, else the planned begin.
    #[must_use]
    pub fn starts(&self) -> Option<Timestamp> {
        let effects = self.impacts.iter().filter_map(|impact| impact.start_time.as_ref()?.at).min();
        effects.or_else(|| self.planned_start_time.as_ref()?.at)
    }

    /// When it ends: the latest effect, else the planned end.
    #[must_use]
    pub fn ends(&self) -> Option<Timestamp> {
        let effects = self.impacts.iter().filter_map(|impact| impact.end_time.as_ref()?.at).max();
        effects.or_else(|| self.planned_end_time.as_ref()?.at)
    }

    /// Where it is felt, by its instances.
    #[must_use]
    pub fn areas(&self) -> Areas {
        Areas::of_names(self.instance_keys.iter().map(String::as_str))
    }

    /// Whether it is over before its time or as planned, or will not be.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.words().any(is_over)
    }

    /// When it may end, seen from `now`: one that goes on beyond its planned end has no end yet.
    #[must_use]
    pub fn may_end(&self, now: Timestamp) -> Option<Timestamp> {
        let ends = self.ends()?;
        if ends <= now && self.words().any(goes_on) { now.checked_add(UNTIL_FURTHER_NOTICE).ok() } else { Some(ends) }
    }

    /// What is said about how it stands: the state, and the newest event.
    fn words(&self) -> impl Iterator<Item = &str> {
        let at = |event: &&MaintenanceEvent| event.created_at.as_ref().and_then(|moment| moment.at);
        let newest = self.events.iter().max_by_key(at).and_then(|event| event.kind.as_deref());
        let status = self.message.as_ref().and_then(|message| message.event_status.as_deref());
        status.into_iter().chain(newest)
    }

    /// Whether a procedure could meet it: apps are scaled and configured, databases copied, sync paused in every one. Only
    /// what is nothing but the command-line client or the dashboard is passed over.
    #[must_use]
    pub fn concerns_procedures(&self) -> bool {
        self.service_keys.is_empty()
            || self.service_keys.iter().any(|key| !["CLI", "Dashboard"].contains(&key.as_str()))
    }

    /// Whether it touches the databases, and so Connect; also when it does not say what it touches.
    #[must_use]
    pub fn concerns_data(&self) -> bool {
        self.service_keys.is_empty()
            || self.service_keys.iter().any(|key| key.contains("Data") || key.contains("Connect"))
    }
}

/// How a maintenance stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MaintenanceMessage {
    /// Raw.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub event_status: Option<String>,
}

/// What happened to a maintenance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MaintenanceEvent {
    /// Raw.
    #[serde(default, rename = "type", deserialize_with = "lenient::maybe_text")]
    pub kind: Option<String>,
    /// When.
    #[serde(default)]
    pub created_at: Option<Moment>,
}

/// What goes on without an end that is told is expected to go on for so long from now.
pub(super) const UNTIL_FURTHER_NOTICE: SignedDuration = SignedDuration::from_hours(24);

/// Letters only, in lower case: `In Progress`, `in_progress` and `inProgress` are one word.
fn bare(word: &str) -> String {
    word.chars().filter(|letter| letter.is_alphabetic()).flat_map(char::to_lowercase).collect()
}

/// Whether a word for how something stands says that it is over, or will not be.
pub(super) fn is_over(word: &str) -> bool {
    matches!(
        bare(word).as_str(),
        "resolved" | "completed" | "complete" | "cancelled" | "canceled" | "closed" | "finished" | "done" | "ended"
    )
}

/// Whether such a word says that it goes on.
pub(super) fn goes_on(word: &str) -> bool {
    matches!(
        bare(word).as_str(),
        "inprogress"
            | "started"
            | "ongoing"
            | "running"
            | "active"
            | "verifying"
            | "monitoring"
            | "extended"
            | "delayed"
    )
}

/// When a maintenance is felt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MaintenanceImpact {
    /// Begin.
    #[serde(default)]
    pub start_time: Option<Moment>,
    /// End.
    #[serde(default)]
    pub end_time: Option<Moment>,
    /// How bad, raw.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub severity: Option<String>,
}

/// A list from now on would leave out what goes on.
const LOOK_BACK: SignedDuration = SignedDuration::from_hours(24);

/// Entries of one answer, and how many answers are asked for.
const PAGE: usize = 10;
const PAGES: usize = 10;

impl Status {
    /// Planned maintenances of Heroku, those included that began within the last day: a hundred at most.
    ///
    /// # Errors
    /// As every look.
    pub async fn planned_maintenances(&self, now: Timestamp) -> Result<Vec<TrustMaintenance>, Fault> {
        let mut all: Vec<TrustMaintenance> = Vec::new();
        for page in 0..PAGES {
            let found = self.planned_from(now, page * PAGE).await?;
            let (is_last, known) = (found.len() < PAGE, all.len());
            for one in found {
                if all.iter().all(|other| other.id != one.id) {
                    all.push(one);
                }
            }
            // A server that knows no offset gives the same again.
            if is_last || all.len() == known {
                break;
            }
        }
        Ok(all)
    }

    async fn planned_from(&self, now: Timestamp, offset: usize) -> Result<Vec<TrustMaintenance>, Fault> {
        let mut url = address(&self.trust, &["maintenances"])?;
        url.query_pairs_mut()
            .append_pair("startTime", &now.checked_sub(LOOK_BACK).unwrap_or(now).to_string())
            .append_pair("limit", &PAGE.to_string())
            .append_pair("offset", &offset.to_string())
            .append_pair("product", "Heroku")
            .append_pair("locale", "en");
        self.transport.read(anonymous(Call::get(url))).await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::{JumpingClock, ScriptedWire, clients, json_answer};

    fn page(ids: std::ops::Range<u32>) -> Value {
        ids.map(|id| json!({ "id": id.to_string(), "name": format!("Maintenance {id}") })).collect()
    }

    #[tokio::test]
    async fn every_page_is_read_and_a_server_that_repeats_itself_ends_it() {
        let read = async |pages: &[Value]| {
            let wire = ScriptedWire::new(pages.iter().map(|page| Ok(json_answer(200, page))));
            let status = clients(&wire, &JumpingClock::new()).status;
            let found = status.planned_maintenances("2026-11-22T01:00:00Z".parse().unwrap()).await.unwrap();
            (found.len(), wire.sent().len())
        };
        assert_eq!(read(&[page(0..3)]).await, (3, 1));
        assert_eq!(read(&[page(0..10), page(10..20), page(20..21)]).await, (21, 3));
        assert_eq!(read(&[page(0..10), page(0..10)]).await, (10, 2));
    }
}
