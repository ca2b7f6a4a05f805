use super::When;

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
    /// One sentence.
    pub summary: &'static str,
}

/// What a fault does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    World,
}

const fn on_request(name: &'static str, kind: FaultKind, when: When, summary: &'static str) -> NamedFault {
    NamedFault { name, kind, when, lasting: false, summary }
}

const fn on_world(name: &'static str, when: When, summary: &'static str) -> NamedFault {
    NamedFault { name, kind: FaultKind::World, when, lasting: false, summary }
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
        summary: "Reads show the world as it was some seconds ago (30, or as given).",
    },
    on_world("drift", When::After, "Another operator changes something: drift:maintenance-off, drift:scale-up …"),
    on_world("release-phase-fails", When::Before, "The release phase of the next attachment that is moved fails."),
    on_world("copy-with-warnings", When::Before, "The next copies end with warnings."),
    on_world("copy-fails", When::Before, "The next copies fail."),
    on_world("upgrade-fails", When::Before, "The next version upgrade fails in its fourth step."),
    on_world("follower-stalls", When::Before, "Followers stop catching up."),
    on_world(
        "replay-disagrees",
        When::Before,
        "Followers say that they have caught up, but the servers behind them replay nothing (only with servers).",
    ),
    on_world("connect-maintenance", When::Before, "Heroku Connect answers 503 for 45 minutes, or the seconds given."),
    on_world(
        "schema-refused",
        When::Before,
        "Connect refuses a schema that exists when a connection is set up (schema-refused:import: when it imports).",
    ),
    on_world("unknown-connection-state", When::Before, "The connection shows a state nobody has heard of."),
    on_world("absent-person", When::Before, "Nobody is at a browser: no Salesforce login, nothing set by hand."),
    on_world("unauthorized", When::Before, "The token expires."),
    NamedFault {
        name: "answer",
        kind: FaultKind::Answer,
        when: When::Before,
        lasting: true,
        summary: "The answer is the given status, headers and body.",
    },
];

impl NamedFault {
    /// The fault of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        FAULTS.iter().find(|fault| fault.name == name)
    }
}
