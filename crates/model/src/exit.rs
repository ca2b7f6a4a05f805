//! Exit codes: constants, documented, tested. The same in every language and output format.

/// How the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: done, and seen to be done.
    Done,
    /// 1: failed.
    Failed,
    /// 2: the command line or an input file is wrong; nothing was done.
    Usage,
    /// 10: parked; a person must answer something.
    NeedsPerson,
    /// 11: the world blocks the next step.
    Blocked,
    /// 12: it can't be told from here: an act was interrupted and left no trace, or a comparison could not reach everything.
    Unclear,
    /// 13: another process holds this run, or another run the same database, connection or app.
    LeasedElsewhere,
    /// 14: a standing condition is broken.
    HoldBroken,
    /// 15: a verification found a difference, or a person attested a step although something else was seen.
    VerificationFailed,
    /// 20: aborted, and what was before is restored.
    Aborted,
    /// 30: a look found something that somebody should see to.
    Attention,
    /// 31: a look found something that is broken now.
    Broken,
    /// 32: a part could not be looked at, and nothing that was seen is broken. It never counts as healthy.
    NotSeen,
    /// 130: interrupted; the run can be resumed.
    Interrupted,
}

impl Exit {
    /// Every code with its meaning, in order: the source of the table in help and documentation.
    pub const ALL: [(Self, &'static str); 14] = [
        (Self::Done, "done, and seen to be done"),
        (Self::Failed, "failed"),
        (Self::Usage, "the command line or an input file is wrong; nothing was done"),
        (Self::NeedsPerson, "parked: a person must answer something"),
        (Self::Blocked, "the world blocks the next step"),
        (
            Self::Unclear,
            "it can't be told from here: an interrupted change left no trace, or a part was not compared; a person must decide",
        ),
        (Self::LeasedElsewhere, "another process holds this run, or another run the same database, connection or app"),
        (Self::HoldBroken, "a standing condition is broken"),
        (
            Self::VerificationFailed,
            "a verification found a difference, or a person attested a step although something else was seen",
        ),
        (Self::Aborted, "aborted, and what was before is restored"),
        (Self::Attention, "status, doctor: something should be seen to"),
        (Self::Broken, "status, doctor: something is broken now"),
        (Self::NotSeen, "a look: a part could not be looked at, so it is not known to be well"),
        (Self::Interrupted, "interrupted; the run can be resumed"),
    ];

    /// The number that the process ends with.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::NeedsPerson => 10,
            Self::Blocked => 11,
            Self::Unclear => 12,
            Self::LeasedElsewhere => 13,
            Self::HoldBroken => 14,
            Self::VerificationFailed => 15,
            Self::Aborted => 20,
            Self::Attention => 30,
            Self::Broken => 31,
            Self::NotSeen => 32,
            Self::Interrupted => 130,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn codes_are_the_documented_ones() {
        let codes: Vec<u8> = Exit::ALL.iter().map(|(exit, _)| exit.code()).collect();
        assert_eq!(codes, [0, 1, 2, 10, 11, 12, 13, 14, 15, 20, 30, 31, 32, 130]);
    }
}
