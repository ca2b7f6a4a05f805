use hcops_heroku::connect::ConnectionState;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray, VariantNames};

use super::{FaultRule, When, drift};
use crate::world::{ExistingSchema, Window, World, after};

/// Everything that `hcops rehearse --fault` can let go wrong. Help and docs say of each what its comment says.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Display,
    EnumMessage,
    EnumString,
    IntoStaticStr,
    VariantArray,
    VariantNames,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", parse_err_ty = String, parse_err_fn = no_such_fault)]
pub enum Fault {
    /// The request is refused with 429.
    TooManyRequests,
    /// The request fails with 500, or the status given (500 to 599).
    ServerError,
    /// The answer is HTML instead of JSON.
    Html,
    /// It is done, but no answer comes in time.
    TimeoutAfterEffect,
    /// The connection breaks, and nothing was done.
    CutBeforeEffect,
    /// The connection breaks after it was done.
    CutAfterEffect,
    /// A change is accepted and never made.
    AcceptedNeverDone,
    /// What a change begins stays half-way for good.
    StuckState,
    /// Reads show the world as it was some seconds ago (30, or as given).
    ApiLag,
    /// Another operator changes something: drift:KIND or drift:KIND=TARGET.
    Drift,
    /// The release phase of the next attachment that is moved fails.
    ReleasePhaseFails,
    /// The next copies end with warnings (3, or as many as given).
    CopyWithWarnings,
    /// The next copies fail.
    CopyFails,
    /// The next version upgrade fails in its fourth step.
    UpgradeFails,
    /// Followers stop catching up.
    FollowerStalls,
    /// Followers say that they have caught up, but the servers behind them replay nothing (only with servers).
    ReplayDisagrees,
    /// Heroku Connect answers 503 for 45 minutes, or the seconds given.
    ConnectMaintenance,
    /// Connect refuses a schema that exists when a connection is set up (schema-refused:import: when it imports).
    SchemaRefused,
    /// The connection shows a state nobody has heard of (QUIESCING, or the word given).
    UnknownConnectionState,
    /// Nobody is at a browser: no Salesforce login, nothing set by hand.
    AbsentPerson,
    /// The token expires.
    Unauthorized,
    /// The answer is the given status, headers and body.
    #[default]
    Answer,
}

/// What a fault is, beside its name and its summary.
#[derive(Debug)]
pub struct FaultSpec {
    /// What may be written behind its name.
    pub takes: Takes,
    /// Which requests the sweeps meet with it.
    pub sweep: Sweep,
    pub(super) effect: Effect,
    /// Where it strikes unless a rule says otherwise.
    pub(super) when: When,
    /// Whether it strikes again and again unless a rule says otherwise.
    pub(super) lasting: bool,
    /// What is missing where the world was changed and nothing met it. Without it the change itself is all there is.
    pub(super) unmet: Option<&'static str>,
}

/// What may be written behind the name of a fault.
#[derive(Debug, Clone, Copy)]
pub enum Takes {
    /// Nothing.
    Nothing,
    /// `=N`, from 1 on.
    Number {
        /// What is counted.
        of: &'static str,
        /// What is meant where nothing is written.
        usual: u64,
    },
    /// `=STATUS`, from 500 to 599.
    Status,
    /// `:KIND`, one of these.
    Kind(&'static [&'static str]),
    /// `:WORD`, a state that Heroku Connect is not known to have.
    UnknownState,
    /// `:KIND=TARGET`, one of [`super::Drift`].
    Drift,
}

/// Which requests the sweeps meet with a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sweep {
    /// Each one.
    EveryRequest,
    /// Each one that asks for a change. At a read it would be another fault, or nothing at all.
    EveryChange,
    /// None, because of this.
    Elsewhere(&'static str),
}

/// What a fault does.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Effect {
    /// The answer is replaced by the one that the rule holds.
    Answer,
    /// The answer is the refusal of a rate limit.
    RateLimit,
    /// The answer is a server's error.
    ServerError,
    /// The answer is a web page.
    Html,
    /// The connection breaks without an answer.
    Cut,
    /// No answer comes within the client's bound.
    Timeout,
    /// The answer is a success, but nothing was done.
    NeverDone,
    /// It is begun and never ends.
    Stuck,
    /// Reads show the world as it was.
    Lag,
    /// Something else in the world changes.
    World(fn(&mut World, &FaultRule)),
    /// The same where it may be impossible, or may change nothing: then one sentence says so.
    Attempt(fn(&mut World, &FaultRule) -> Result<(), String>),
}

/// What stands behind `schema-refused:`.
#[derive(Debug, Clone, Copy, EnumString, VariantNames)]
#[strum(serialize_all = "kebab-case")]
enum RefusedAt {
    Import,
}

/// Length of Connect's own maintenance: up to 45 minutes (docs/heroku/procedures.md, "Connect maintenance").
const CONNECT_MAINTENANCE: u64 = 45 * 60;
const NO_COPY: &str = "no copy came to its end";
const COPIES: Sweep = Sweep::Elsewhere("is met by the procedures that copy");

impl Fault {
    /// All of them.
    pub const ALL: &'static [Self] = <Self as VariantArray>::VARIANTS;

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// One sentence about what it does.
    #[must_use]
    pub fn summary(self) -> &'static str {
        self.get_documentation().unwrap_or_default()
    }

    /// What it takes and what it does.
    #[must_use]
    pub fn spec(self) -> FaultSpec {
        match self {
            Self::TooManyRequests => before(Effect::RateLimit),
            Self::ServerError => before(Effect::ServerError).taking(Takes::Status),
            Self::Html => before(Effect::Html),
            Self::TimeoutAfterEffect => after_effect(Effect::Timeout),
            Self::CutBeforeEffect => before(Effect::Cut),
            Self::CutAfterEffect => after_effect(Effect::Cut).swept(Sweep::EveryChange),
            Self::AcceptedNeverDone => after_effect(Effect::NeverDone).swept(Sweep::EveryChange),
            Self::StuckState => after_effect(Effect::Stuck),
            Self::ApiLag => before(Effect::Lag).lasting().counting("seconds", 30),
            Self::Drift => after_effect(Effect::Attempt(drift::act))
                .taking(Takes::Drift)
                .swept(Sweep::Elsewhere("has a sweep of its own")),
            Self::ReleasePhaseFails => {
                world(|world, rule| world.behaviour.failing_release_phases += rule.times.unwrap_or(1))
                    .unmet("no release phase of an attachment that is moved was run")
            }
            Self::CopyWithWarnings => world(|world, rule| world.behaviour.copy_warnings = rule.number())
                .counting("warnings", 3)
                .unmet(NO_COPY)
                .swept(COPIES),
            Self::CopyFails => world(|world, _| world.behaviour.copies_fail = true).unmet(NO_COPY).swept(COPIES),
            Self::UpgradeFails => world(|world, rule| world.behaviour.failing_upgrades += rule.times.unwrap_or(1))
                .unmet("no version upgrade came as far as its fourth step"),
            Self::FollowerStalls => world(|world, _| world.databases.iter_mut().for_each(|one| one.stalled = true))
                .unmet("there was no follower that had anything to catch up with"),
            Self::ReplayDisagrees => world(|world, _| world.behaviour.replay_disagrees = true)
                .unmet("no real server took part that follows another one and has caught up")
                .swept(Sweep::Elsewhere("shows itself only where servers are behind the world")),
            Self::ConnectMaintenance => world(begin_connect_maintenance)
                .counting("seconds", CONNECT_MAINTENANCE)
                .unmet("nothing was asked of Heroku Connect in that time"),
            Self::SchemaRefused => before(Effect::Attempt(refuse_schema))
                .taking(Takes::Kind(RefusedAt::VARIANTS))
                .unmet("no connection was set up with a schema that exists")
                .swept(Sweep::Elsewhere("is met by the procedure that sets a connection up")),
            Self::UnknownConnectionState => before(Effect::Attempt(show_unknown_state)).taking(Takes::UnknownState),
            Self::AbsentPerson => {
                world(|world, _| world.behaviour.absent_person = true).unmet("nobody was sent to a browser")
            }
            Self::Unauthorized => {
                world(|world, _| world.account.expired = true).unmet("nothing was asked with that token")
            }
            Self::Answer => before(Effect::Answer).lasting().swept(Sweep::Elsewhere("is what the others are made of")),
        }
    }
}

fn no_such_fault(name: &str) -> String {
    format!("there is no fault {name:?}; there are: {}", <Fault as VariantNames>::VARIANTS.join(", "))
}

const fn before(effect: Effect) -> FaultSpec {
    let (takes, sweep) = (Takes::Nothing, Sweep::EveryRequest);
    FaultSpec { takes, sweep, effect, when: When::Before, lasting: false, unmet: None }
}

const fn after_effect(effect: Effect) -> FaultSpec {
    FaultSpec { when: When::After, ..before(effect) }
}

const fn world(change: fn(&mut World, &FaultRule)) -> FaultSpec {
    before(Effect::World(change))
}

impl FaultSpec {
    const fn taking(self, takes: Takes) -> Self {
        Self { takes, ..self }
    }

    const fn counting(self, of: &'static str, usual: u64) -> Self {
        self.taking(Takes::Number { of, usual })
    }

    const fn swept(self, sweep: Sweep) -> Self {
        Self { sweep, ..self }
    }

    const fn lasting(self) -> Self {
        Self { lasting: true, ..self }
    }

    const fn unmet(self, missing: &'static str) -> Self {
        Self { unmet: Some(missing), ..self }
    }
}

fn begin_connect_maintenance(world: &mut World, rule: &FaultRule) {
    let from = world.settled_at;
    world.behaviour.connect_maintenance = Some(Window { from, until: after(from, rule.number()) });
}

fn refuse_schema(world: &mut World, rule: &FaultRule) -> Result<(), String> {
    world.behaviour.existing_schema = match rule.kind_of()? {
        None => ExistingSchema::Refused,
        Some(RefusedAt::Import) => ExistingSchema::RefusedAtImport,
    };
    Ok(())
}

fn show_unknown_state(world: &mut World, rule: &FaultRule) -> Result<(), String> {
    let ids: Vec<String> = world.connections.iter().map(|connection| connection.id.clone()).collect();
    if ids.is_empty() {
        return Err("there is no connection".to_owned());
    }
    for id in ids {
        world.cancel(&id);
        world.set_state(&id, rule.kind.as_deref().unwrap_or("QUIESCING"));
    }
    Ok(())
}

/// Whether a word can be a state that nobody has heard of.
///
/// # Errors
/// One sentence that lists the states that are known.
pub(super) fn check_unknown_state(word: &str) -> Result<(), String> {
    let known = ConnectionState::KNOWN;
    if !word.is_empty() && !known.contains(&word) {
        return Ok(());
    }
    Err(format!("{word:?} can't stand for an unknown state; use any word except: {}", known.join(", ")))
}
