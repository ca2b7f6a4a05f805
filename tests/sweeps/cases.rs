//! Which runbook is swept in which world.

/// A runbook, the scenario that it is swept in, and its inputs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case {
    /// File name below `runbooks/`.
    pub runbook: &'static str,
    /// Name of the simulator's scenario.
    pub scenario: &'static str,
    /// The app.
    pub app: &'static str,
    /// Inputs by name.
    pub inputs: &'static [(&'static str, &'static str)],
}

/// Every case. The standard one is swept completely; the others by the crash sweep only, which covers their own steps.
pub(crate) const ALL: &[Case] = &[
    Case { runbook: "version-upgrade-follower.toml", scenario: "standard", app: "acme-crm", inputs: &[("to", "17")] },
    Case {
        runbook: "version-upgrade-follower.toml",
        scenario: "custom-url",
        app: "acme-crm",
        inputs: &[("to", "17"), ("switch", "attach")],
    },
    Case {
        runbook: "version-upgrade-follower.toml",
        scenario: "custom-url",
        app: "acme-crm",
        inputs: &[("to", "17"), ("switch", "repoint")],
    },
];
