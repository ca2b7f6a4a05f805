//! What a plan says about the time that writes are off.

use hcops_model::{DowntimeEdge, Plan, PlannedStep};

/// The downtime of a plan, as it is expected.
pub trait PlannedDowntime {
    /// The points of no return between the gate and the last step that brings writes back.
    fn points_in_downtime(&self) -> impl Iterator<Item = &PlannedStep>;

    /// The steps that are carried out, those that run side by side together.
    fn rounds(&self) -> Vec<Vec<&PlannedStep>>;

    /// The rounds from the first that takes writes off to the last that brings them back; none where none does.
    fn downtime(&self) -> Vec<Vec<&PlannedStep>>;

    /// Seconds that writes are usually off; steps of one group count as the longest of them. Nothing where they stay on.
    fn usual_downtime(&self) -> Option<u64>;

    /// Of those, seconds until the first point of no return; all of them where there is none in between.
    fn usual_until_point(&self) -> u64;
}

impl PlannedDowntime for Plan {
    fn points_in_downtime(&self) -> impl Iterator<Item = &PlannedStep> {
        let gate = self.steps.iter().position(|step| step.omitted.is_none() && step.is_gate());
        let last = self.steps.iter().rposition(|step| step.downtime == Some(DowntimeEdge::Ends));
        let range = gate.zip(last).map_or(0..0, |(gate, last)| gate..last.max(gate));
        self.steps[range].iter().filter(|step| step.omitted.is_none() && step.crossing.is_some())
    }

    fn rounds(&self) -> Vec<Vec<&PlannedStep>> {
        let carried_out = self.steps.iter().filter(|step| step.omitted.is_none());
        carried_out.fold(Vec::new(), |mut rounds: Vec<Vec<&PlannedStep>>, step| {
            match rounds.last_mut() {
                Some(round) if step.group.is_some() && round.iter().all(|other| other.group == step.group) => {
                    round.push(step);
                }
                _ => rounds.push(vec![step]),
            }
            rounds
        })
    }

    fn downtime(&self) -> Vec<Vec<&PlannedStep>> {
        let mut rounds = self.rounds();
        let has = |round: &Vec<&PlannedStep>, edge| round.iter().any(|step| step.downtime == Some(edge));
        let Some(first) = rounds.iter().position(|round| has(round, DowntimeEdge::Starts)) else { return Vec::new() };
        let last = rounds.iter().rposition(|round| has(round, DowntimeEdge::Ends)).unwrap_or(rounds.len() - 1);
        rounds.truncate(last + 1);
        rounds.split_off(first.min(rounds.len()))
    }

    fn usual_downtime(&self) -> Option<u64> {
        let rounds = self.downtime();
        (!rounds.is_empty()).then(|| seconds(&rounds, usual))
    }

    fn usual_until_point(&self) -> u64 {
        let rounds = self.downtime();
        let point = rounds.iter().position(|round| round.iter().any(|step| step.crossing.is_some()));
        seconds(&rounds[..point.unwrap_or(rounds.len())], usual)
    }
}

/// Seconds that rounds take one after the other, where a step takes what `of` says.
pub fn seconds(rounds: &[Vec<&PlannedStep>], of: impl Fn(&PlannedStep) -> u64) -> u64 {
    rounds.iter().map(|round| round.iter().map(|step| of(step)).max().unwrap_or(0)).sum()
}

/// Seconds that a step usually takes.
#[must_use]
pub const fn usual(step: &PlannedStep) -> u64 {
    step.expect.usual
}
