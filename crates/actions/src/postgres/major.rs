//! Whether Heroku offers the major version that is to be reached.

use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::Context;
use crate::sight::blocked;
use hcops_heroku::data::{NEWEST, not_offered};
use hcops_model::Seen;

/// Which major versions may be named.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Majors {
    /// Those that this version of hcops knows Heroku to offer.
    #[default]
    Known,
    /// Any: Heroku itself refuses what it does not offer.
    Any,
}

impl Majors {
    pub(super) const fn any() -> Self {
        Self::Any
    }
}

/// The refusal of a major version that Heroku does not offer: to upgrade to, or with `creates` to create a database on.
pub(super) fn refused<T>(context: &Context, major: u32, creates: bool, majors: Majors) -> Option<Seen<T>> {
    let today = TimeZone::UTC.to_datetime(context.clock.now()).date();
    let why = not_offered(major, creates, today).filter(|_| majors == Majors::Known)?;
    let option = if creates { "--to or --version" } else { "--to" };
    Some(blocked(
        format!("Postgres {major} can't be had: {why}."),
        format!(
            "Take Postgres {NEWEST}, the default, or another that is offered ({option}). Should Heroku offer {major} by now \
             (https://devcenter.heroku.com/articles/heroku-postgres-version-support), use a newer hcops, or plan again with \
             --majors any: then Heroku alone judges, which it does only when it is asked for it."
        ),
    ))
}
