use super::ids;

/// A plan of an add-on service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Service: `heroku-postgresql`.
    pub service: &'static str,
    /// Name within the service: `standard-0`.
    pub name: &'static str,
    /// Price each month, in US cents (docs/heroku/platform.md, "Plans"; only two are confirmed there).
    pub cents: u64,
    /// Size limit of a database, in gigabytes; 0 where it does not apply.
    pub gigabytes: u64,
    /// Connection limit of a database; 0 where it does not apply.
    pub connections: u64,
}

const fn postgres(name: &'static str, cents: u64, gigabytes: u64, connections: u64) -> Plan {
    Plan { service: "heroku-postgresql", name, cents, gigabytes, connections }
}

const fn connect(name: &'static str, cents: u64) -> Plan {
    Plan { service: "herokuconnect", name, cents, gigabytes: 0, connections: 0 }
}

/// The plans that can be ordered.
pub const PLANS: &[Plan] = &[
    postgres("essential-0", 500, 1, 20),
    postgres("essential-1", 900, 10, 20),
    postgres("essential-2", 2_000, 32, 40),
    postgres("standard-0", 5_000, 64, 120),
    postgres("standard-2", 20_000, 256, 400),
    postgres("standard-3", 40_000, 512, 500),
    postgres("standard-4", 75_000, 768, 500),
    postgres("standard-5", 140_000, 1_000, 500),
    postgres("standard-6", 200_000, 1_500, 500),
    postgres("standard-7", 350_000, 2_000, 500),
    postgres("standard-8", 450_000, 3_000, 500),
    postgres("standard-9", 580_000, 4_000, 500),
    postgres("premium-0", 20_000, 64, 120),
    postgres("premium-2", 35_000, 256, 400),
    postgres("premium-3", 75_000, 512, 500),
    postgres("premium-4", 120_000, 768, 500),
    postgres("premium-5", 250_000, 1_000, 500),
    postgres("premium-6", 350_000, 1_500, 500),
    postgres("premium-7", 600_000, 2_000, 500),
    postgres("premium-8", 850_000, 3_000, 500),
    postgres("premium-9", 1_100_000, 4_000, 500),
    postgres("private-0", 30_000, 64, 120),
    postgres("private-2", 60_000, 256, 400),
    postgres("shield-0", 40_000, 64, 120),
    postgres("shield-2", 80_000, 256, 400),
    connect("demo", 0),
    connect("enterprise", 0),
    connect("shield", 0),
];

impl Plan {
    /// The plan of this full name (`heroku-postgresql:standard-0`) or id.
    #[must_use]
    pub fn find(key: &str) -> Option<&'static Self> {
        PLANS.iter().find(|plan| plan.full_name() == key || plan.id() == key)
    }

    /// The plan that an order means: a service without a plan takes its default one (Dev Center: the command that adds Heroku
    /// Connect names none). Which one that is, is chosen here.
    #[must_use]
    pub fn ordered(key: &str) -> Option<&'static Self> {
        Self::find(match key {
            "herokuconnect" => "herokuconnect:demo",
            "heroku-postgresql" => "heroku-postgresql:essential-0",
            named => named,
        })
    }

    /// Whether it is only for apps in a private space.
    #[must_use]
    pub fn is_for_spaces(&self) -> bool {
        self.service == "heroku-postgresql" && (self.name.starts_with("private-") || self.name.starts_with("shield-"))
    }

    /// `heroku-postgresql:standard-0`.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}:{}", self.service, self.name)
    }

    /// UUID.
    #[must_use]
    pub fn id(&self) -> String {
        ids::of(&format!("plan {}", self.full_name()))
    }
}

/// What a plan's name tells about its tier (docs/heroku/platform.md, "Tiers").
pub trait PlanName {
    /// Whether it is an Essential plan, which has no fork, follow, rollback or high availability.
    fn is_essential(&self) -> bool;
    /// Whether it has high availability.
    fn is_highly_available(&self) -> bool;
    /// `Standard 0`, as `heroku pg:info` shows it.
    fn human(&self) -> String;
}

impl PlanName for str {
    fn is_essential(&self) -> bool {
        self.rsplit(':').next().is_some_and(|name| name.starts_with("essential"))
    }

    fn is_highly_available(&self) -> bool {
        let tier = self.rsplit(':').next().unwrap_or(self);
        ["premium", "private", "shield"].iter().any(|prefix| tier.starts_with(prefix))
    }

    fn human(&self) -> String {
        let name = self.rsplit(':').next().unwrap_or(self).replace('-', " ");
        let mut letters = name.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }
}
