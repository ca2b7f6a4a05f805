use super::When;
use super::inflict;
use super::rule::FaultRule;
use crate::world::World;

/// A sort of fault, with what `hcops rehearse --fault` says about it.
#[derive(Debug, Clone, Copy)]
pub struct NamedFault {
    /// The name.
    pub name: &'static str,
    /// What it does.
    pub kind: FaultKind,
    /// Where it strikes unless a rule says otherwise.
    pub when: When,
    /// Whether it strikes again and again unless a rule says otherwise.
    pub lasting: bool,
    /// What may be written behind its name.
    pub takes: Takes,
    /// One sentence.
    pub summary: &'static str,
}

/// What may be written behind the name of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Nothing.
    Nothing,
    /// `=N`, with what is counted.
    Number(&'static str),
    /// `:KIND`, one of these.
    Kind(&'static [&'static str]),
    /// `:WORD`, any word.
    Word,
    /// `:KIND=TARGET`, one of [`super::DRIFTS`].
    Drift,
}

/// What a fault does.
#[derive(Debug, Clone, Copy)]
pub enum FaultKind {
    /// The answer is replaced by another status and body.
    Answer,
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
    World(Change),
}

/// A change of the world.
#[derive(Debug, Clone, Copy)]
pub struct Change {
    /// Makes it; one sentence when it is impossible or would change nothing.
    pub(crate) make: fn(&mut World, &FaultRule) -> Result<(), String>,
    /// What is missing where the change was made and nobody met it. Without it the change itself is all there is.
    pub(crate) unmet: Option<&'static str>,
}

const fn on_request(name: &'static str, kind: FaultKind, when: When, summary: &'static str) -> NamedFault {
    NamedFault { name, kind, when, lasting: false, takes: Takes::Nothing, summary }
}

const fn on_world(
    name: &'static str,
    make: fn(&mut World, &FaultRule) -> Result<(), String>,
    unmet: &'static str,
    summary: &'static str,
) -> NamedFault {
    let kind = FaultKind::World(Change { make, unmet: Some(unmet) });
    on_request(name, kind, When::Before, summary)
}

/// All faults by name.
pub const FAULTS: &[NamedFault] = &[
    on_request("too-many-requests", FaultKind::Answer, When::Before, "The request is refused with 429."),
    on_request("server-error", FaultKind::Answer, When::Before, "The request fails with 500, or the status given."),
    on_request("html", FaultKind::Html, When::Before, "The answer is HTML instead of JSON."),
    on_request("timeout-after-effect", FaultKind::Timeout, When::After, "It is done, but no answer comes in time."),
    on_request("cut-before-effect", FaultKind::Cut, When::Before, "The connection breaks, and nothing was done."),
    on_request("cut-after-effect", FaultKind::Cut, When::After, "The connection breaks after it was done."),
    on_request("accepted-never-done", FaultKind::NeverDone, When::After, "A change is accepted and never made."),
    on_request("stuck-state", FaultKind::Stuck, When::After, "What a change begins stays half-way for good."),
    NamedFault {
        name: "api-lag",
        kind: FaultKind::Lag,
        when: When::Before,
        lasting: true,
        takes: Takes::Number("seconds"),
        summary: "Reads show the world as it was some seconds ago (30, or as given).",
    },
    NamedFault {
        takes: Takes::Drift,
        ..on_request(
            "drift",
            FaultKind::World(Change { make: super::drift::drift, unmet: None }),
            When::After,
            "Another operator changes something: drift:KIND or drift:KIND=TARGET.",
        )
    },
    on_world(
        "release-phase-fails",
        inflict::release_phase_fails,
        "no release phase of an attachment that is moved was run",
        "The release phase of the next attachment that is moved fails.",
    ),
    NamedFault {
        takes: Takes::Number("warnings"),
        ..on_world(
            "copy-with-warnings",
            inflict::copy_with_warnings,
            NO_COPY,
            "The next copies end with warnings (3, or as many as given).",
        )
    },
    on_world("copy-fails", inflict::copy_fails, NO_COPY, "The next copies fail."),
    on_world(
        "upgrade-fails",
        inflict::upgrade_fails,
        "no version upgrade came as far as its fourth step",
        "The next version upgrade fails in its fourth step.",
    ),
    on_world(
        "follower-stalls",
        inflict::follower_stalls,
        "there was no follower that had anything to catch up with",
        "Followers stop catching up.",
    ),
    on_world(
        "replay-disagrees",
        inflict::replay_disagrees,
        "no real server took part that follows another one and has caught up",
        "Followers say that they have caught up, but the servers behind them replay nothing (only with servers).",
    ),
    NamedFault {
        takes: Takes::Number("seconds"),
        ..on_world(
            "connect-maintenance",
            inflict::connect_maintenance,
            "nothing was asked of Heroku Connect in that time",
            "Heroku Connect answers 503 for 45 minutes, or the seconds given.",
        )
    },
    NamedFault {
        takes: Takes::Kind(&["import"]),
        ..on_world(
            "schema-refused",
            inflict::schema_refused,
            "no connection was set up with a schema that exists",
            "Connect refuses a schema that exists when a connection is set up (schema-refused:import: when it imports).",
        )
    },
    NamedFault {
        takes: Takes::Word,
        ..on_request(
            "unknown-connection-state",
            FaultKind::World(Change { make: inflict::unknown_connection_state, unmet: None }),
            When::Before,
            "The connection shows a state nobody has heard of (QUIESCING, or the word given).",
        )
    },
    on_world(
        "absent-person",
        inflict::absent_person,
        "nobody was sent to a browser",
        "Nobody is at a browser: no Salesforce login, nothing set by hand.",
    ),
    on_world("unauthorized", inflict::unauthorized, "nothing was asked with that token", "The token expires."),
    NamedFault {
        name: "answer",
        kind: FaultKind::Answer,
        when: When::Before,
        lasting: true,
        takes: Takes::Nothing,
        summary: "The answer is the given status, headers and body.",
    },
];

const NO_COPY: &str = "no copy came to its end";

impl NamedFault {
    /// The fault of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        FAULTS.iter().find(|fault| fault.name == name)
    }
}
