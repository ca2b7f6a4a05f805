use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The wish that a run stop at its next safe point: who has it, and how it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StopWish {
    /// How it came.
    pub cause: StopCause,
    /// The person who asked from elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The machine that they asked from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<String>,
    /// When they asked, by that machine's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<Timestamp>,
}

/// The ways in which a stop is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StopCause {
    /// Ctrl-C at the run's own terminal.
    Interrupt,
    /// The process was told to end (SIGTERM), as when a machine shuts down.
    Terminate,
    /// The terminal was closed, or its connection broke (SIGHUP).
    TerminalClosed,
    /// `hcops stop`, or the key of `hcops watch`, from another process.
    Requested,
}

impl StopWish {
    /// A wish that came to the process itself.
    #[must_use]
    pub const fn of(cause: StopCause) -> Self {
        Self { cause, by: None, machine: None, asked_at: None }
    }

    /// Why it stops, in one sentence.
    #[must_use]
    pub fn told(&self) -> String {
        match (self.cause, &self.by, &self.machine) {
            (StopCause::Interrupt, ..) => "It was interrupted at its terminal.".to_owned(),
            (StopCause::Terminate, ..) => "Its process was told to end (SIGTERM).".to_owned(),
            (StopCause::TerminalClosed, ..) => "Its terminal was closed.".to_owned(),
            (StopCause::Requested, Some(by), Some(machine)) => format!("{by} on {machine} asked it to stop."),
            (StopCause::Requested, ..) => "It was asked to stop from elsewhere.".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{StopCause, StopWish};

    #[test]
    fn a_wish_says_who_had_it_and_reads_back() {
        let wish = StopWish {
            by: Some("ada".into()),
            machine: Some("engine-room".into()),
            asked_at: Some(jiff::Timestamp::UNIX_EPOCH),
            ..StopWish::of(StopCause::Requested)
        };
        assert_eq!(wish.told(), "ada on engine-room asked it to stop.");
        let text = serde_json::to_string(&wish).expect("plain values");
        assert_eq!(serde_json::from_str::<StopWish>(&text).expect("the same"), wish);
        assert_eq!(
            serde_json::to_string(&StopWish::of(StopCause::Interrupt)).expect("plain"),
            r#"{"cause":"interrupt"}"#
        );
    }
}
