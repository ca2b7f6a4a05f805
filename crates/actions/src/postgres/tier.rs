use hcops_heroku::data::is_advanced;

/// What a plan's name says about followers (docs/heroku/platform.md, "Tiers").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tier {
    /// Standard, Premium, Private, Shield: can be followed.
    WithFollowers,
    /// Essential, and the plans that it replaced: cannot.
    Essential,
    /// Advanced: has another API.
    Advanced,
    /// A name that is not known.
    Unknown,
}

impl Tier {
    /// The tier of `heroku-postgresql:standard-0`, or of `standard-0`.
    pub(super) fn of_plan(plan: &str) -> Self {
        let level = plan.rsplit(':').next().unwrap_or(plan);
        let starts = |names: &[&str]| names.iter().any(|name| level.starts_with(name));
        if starts(&["standard", "premium", "private", "shield"]) {
            Self::WithFollowers
        } else if starts(&["essential", "mini", "basic", "dev", "hobby"]) {
            Self::Essential
        } else if is_advanced(plan) {
            Self::Advanced
        } else {
            Self::Unknown
        }
    }
}
