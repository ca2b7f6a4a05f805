use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::prose::{Says, Told, says};
use super::trust::{UNTIL_FURTHER_NOTICE, goes_on, is_over};
use super::{Areas, Status, anonymous};
use crate::lenient::{self, Moment};
use crate::transport::{Call, address};
use hcops_model::Fault;

/// What the status site says now.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CurrentStatus {
    /// Apps, Data and Tools.
    #[serde(default, deserialize_with = "lenient::list")]
    pub status: Vec<SystemStatus>,
    /// What goes on.
    #[serde(default, deserialize_with = "lenient::list")]
    pub incidents: Vec<Incident>,
    /// What is announced. Stale entries stay in it (docs/heroku/status.md, "Heroku Status").
    #[serde(default, deserialize_with = "lenient::list")]
    pub scheduled: Vec<Incident>,
}

/// One system's colour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemStatus {
    /// `Apps`, `Data` or `Tools`, raw.
    #[serde(default, alias = "name", deserialize_with = "lenient::spoken_text")]
    pub system: String,
    /// `green`, `yellow` or `red`, raw.
    #[serde(default, deserialize_with = "lenient::spoken_text")]
    pub status: String,
}

/// An incident or an announced maintenance. `resolved` is known to be wrong at times, so only `state` is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// Id.
    #[serde(deserialize_with = "lenient::text")]
    pub id: String,
    /// Title.
    #[serde(default, deserialize_with = "lenient::spoken_text")]
    pub title: String,
    /// Raw: `upcoming`, `resolved`.
    #[serde(default, deserialize_with = "lenient::spoken_text")]
    pub state: String,
    /// When it was announced.
    #[serde(default)]
    pub created_at: Option<Moment>,
    /// When it was last written about.
    #[serde(default)]
    pub updated_at: Option<Moment>,
    /// Its page.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub full_url: Option<String>,
    /// The systems that it touches.
    #[serde(default, deserialize_with = "lenient::list")]
    pub systems: Vec<SystemStatus>,
    /// Large regions: `NA`, `EMEA`, `APAC`.
    #[serde(default, deserialize_with = "lenient::list")]
    pub tags: Vec<String>,
    /// What was written, newest first. Start and end of a maintenance are only in this prose.
    #[serde(default, deserialize_with = "lenient::list")]
    pub updates: Vec<IncidentUpdate>,
}

impl Incident {
    /// Whether its state or its newest text says that it is over, or will not be: entries stay `upcoming` for months after
    /// a text said that they are complete (docs/heroku/status.md, "Heroku Status").
    #[must_use]
    pub fn is_over(&self) -> bool {
        let newest = self.updates.first();
        is_over(&self.state) || newest.is_some_and(|update| is_over(&update.update_type) || says_over(&update.contents))
    }

    /// Title and everything that was written, newest first.
    #[must_use]
    pub fn prose(&self) -> String {
        let texts = self.updates.iter().map(|update| update.contents.as_str());
        std::iter::once(self.title.as_str())
            .chain(texts)
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(" — ")
    }

    /// Begin and end, by its newest text that speaks of time; else by its title. Nothing where that text is not understood,
    /// whatever older ones say. One that goes on beyond its end has no end yet. `now` stands in for a missing time of
    /// announcement.
    #[must_use]
    pub fn window(&self, now: Timestamp) -> Option<Told> {
        let announced = self.created_at.as_ref().and_then(|moment| moment.at).unwrap_or(now);
        let texts = self.updates.iter().map(|update| update.contents.as_str()).chain([self.title.as_str()]);
        let said = texts.map(|text| says(text, announced)).find(|said| *said != Says::Nothing);
        let Some(Says::Window(told)) = said else { return None };
        let going_on = goes_on(&self.state) || self.updates.first().is_some_and(|update| goes_on(&update.update_type));
        let ends = match told.ends {
            Some(ends) if going_on && ends <= now => now.checked_add(UNTIL_FURTHER_NOTICE).ok(),
            None if going_on && told.starts <= now => now.checked_add(UNTIL_FURTHER_NOTICE).ok(),
            ends => ends,
        };
        Some(Told { ends, ..told })
    }

    /// Where it is felt, by its tags and the lists of regions in its title and texts.
    #[must_use]
    pub fn areas(&self) -> Areas {
        let texts = self.updates.iter().map(|update| update.contents.as_str());
        Areas::of_notice(&self.tags, texts.chain([self.title.as_str()]))
    }

    /// Whether it touches Connect or the databases, by its systems or its words. No notice since 2023 names Connect in
    /// its title, so the text is read too (docs/heroku/status.md, "Notices about Connect").
    #[must_use]
    pub fn concerns_data(&self) -> bool {
        let prose = self.prose().to_lowercase();
        self.systems.iter().any(|system| system.system == "Data")
            || ["connect", "postgres", "database", "heroku data"].iter().any(|word| prose.contains(word))
    }
}

/// Whether a text says of the whole maintenance that it is over, without a word of what is to come.
fn says_over(text: &str) -> bool {
    let text = text.to_lowercase();
    let over =
        ["has been completed", "is now complete", "has been cancelled", "has been canceled", "have been completed"];
    let open =
        ["if ", "once ", "when ", "after ", "until ", "reschedul", "postpon", "new date", "new time", "part", "phase"];
    over.iter().any(|words| text.contains(words)) && !open.iter().any(|words| text.contains(words))
}

/// One text about an incident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IncidentUpdate {
    /// Raw: `scheduled`, `issue`, `update`, `resolved`.
    #[serde(default, deserialize_with = "lenient::spoken_text")]
    pub update_type: String,
    /// Text.
    #[serde(default, deserialize_with = "lenient::spoken_text")]
    pub contents: String,
    /// When it was written.
    #[serde(default)]
    pub created_at: Option<Moment>,
}

impl Status {
    /// What the status site says now.
    ///
    /// # Errors
    /// As every look.
    pub async fn current(&self) -> Result<CurrentStatus, Fault> {
        let url = address(&self.origin, &["api", "v4", "current-status"])?;
        self.transport.read(anonymous(Call::get(url))).await
    }

    /// The newest incidents, maintenance included, newest first.
    ///
    /// # Errors
    /// As every look.
    pub async fn incidents(&self, newest: u32) -> Result<Vec<Incident>, Fault> {
        let mut url = address(&self.origin, &["api", "v4", "incidents"])?;
        url.set_query(Some(&format!("limit={newest}")));
        self.transport.read(anonymous(Call::get(url))).await
    }
}
