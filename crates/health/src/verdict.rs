use serde::Serialize;

use super::{FailOn, Finding, Grade};
use hcops_model::Exit;
use hcops_survey::checkup::Unseen;

/// The worst of what was found, and whether everything could be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The gravest grade.
    pub grade: Grade,
    /// Whether a part could not be looked at.
    pub incomplete: bool,
}

impl Verdict {
    /// Of one app.
    #[must_use]
    pub fn of(findings: &[Finding], unseen: &[Unseen]) -> Self {
        let grade = findings.iter().map(|finding| finding.grade).max().unwrap_or(Grade::Ok);
        Self { grade, incomplete: !unseen.is_empty() }
    }

    /// Of an app that could not be looked at at all.
    pub const UNSEEN: Self = Self { grade: Grade::Ok, incomplete: true };

    /// The worse of two.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { grade: self.grade.max(other.grade), incomplete: self.incomplete || other.incomplete }
    }

    /// How the process ends. What is broken counts most. What could not be seen comes before what wants attention: behind
    /// it something broken may be hidden, and a job that lets attention pass must not let that pass.
    #[must_use]
    pub fn exit(self, fail_on: FailOn) -> Exit {
        match self {
            Self { grade: Grade::Broken, .. } if fail_on.reaches(Grade::Broken) => Exit::Broken,
            Self { incomplete: true, .. } => Exit::NotSeen,
            Self { grade, .. } if grade > Grade::Ok && fail_on.reaches(grade) => Exit::Attention,
            _ => Exit::Done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FailOn, Grade, Verdict};
    use hcops_model::Exit;

    #[test]
    fn every_grade_has_its_exit_code_and_what_was_not_seen_is_never_well() {
        let all = [Grade::Ok, Grade::Note, Grade::Attention, Grade::Broken];
        let exits = |fail_on, incomplete| all.map(|grade| Verdict { grade, incomplete }.exit(fail_on));
        let (done, attention, broken, unseen) = (Exit::Done, Exit::Attention, Exit::Broken, Exit::NotSeen);
        assert_eq!(exits(FailOn::From(Grade::Note), false), [done, attention, attention, broken]);
        assert_eq!(exits(FailOn::From(Grade::Attention), false), [done, done, attention, broken]);
        assert_eq!(exits(FailOn::From(Grade::Broken), false), [done, done, done, broken]);
        assert_eq!(exits(FailOn::Never, false), [done; 4]);
        assert_eq!(exits(FailOn::From(Grade::Attention), true), [unseen, unseen, unseen, broken]);
        assert_eq!(exits(FailOn::Never, true), [unseen; 4]);
    }

    #[test]
    fn the_worst_of_several_apps_counts() {
        let well = Verdict { grade: Grade::Note, incomplete: false };
        assert_eq!(well.and(Verdict::UNSEEN), Verdict { grade: Grade::Note, incomplete: true });
    }
}
