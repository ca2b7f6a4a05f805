//! Broken silence that is final: from the act on that ends the following or begins a copy.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use super::{Act, RunState};
use hcops_model::{Finality, Seen, StepId};

/// What the holds showed that matters for good.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Silence {
    /// What each hold showed right before the act from which on its break is final, by the hold's name.
    pub baselines: BTreeMap<String, Value>,
    /// The first break of each hold after that act, by the hold's name.
    pub broken: BTreeMap<String, Broken>,
}

/// A hold that was seen broken when that was final. It is remembered for as long as a way leads back; afterwards only what
/// is seen counts, because nothing would be saved by standing still.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// When.
    pub at: Timestamp,
    /// What was seen instead.
    pub saw: String,
}

impl RunState {
    /// What makes a break of this hold final, once the run is that far.
    #[must_use]
    pub fn final_from(&self, hold: &str) -> Option<&Finality> {
        let finality = self.plan.holds.get(hold)?.finality.as_ref()?;
        let known = self.steps.get(&finality.from)?;
        let begun = !matches!(known.act, Act::None | Act::Cleared | Act::SaidDidNotHappen);
        (begun || known.is_finished()).then_some(finality)
    }

    /// Takes a look at a hold, made for a step.
    pub(super) fn take_hold(&mut self, step: &StepId, hold: &str, sight: &Seen<Value>, at: Timestamp) {
        let last_before = self.final_from(hold).is_none() && self.makes_final(hold, step);
        let proves = self.final_from(hold).is_some_and(|finality| finality.proves);
        match sight {
            Seen::Satisfied { output } if last_before => {
                self.silence.baselines.insert(hold.to_owned(), output.clone());
            }
            Seen::Satisfied { .. } if proves => self.silence.broken.clear(),
            Seen::Satisfied { .. } => {}
            other if self.final_from(hold).is_some() && self.crossed.is_empty() => {
                let broken = Broken { at, saw: spoken(other) };
                self.silence.broken.entry(hold.to_owned()).or_insert(broken);
            }
            _ => {}
        }
    }

    /// Whether from this step on a break of some hold is final.
    pub(super) fn makes_any_final(&self, step: &StepId) -> bool {
        self.plan.holds.keys().any(|hold| self.makes_final(hold, step))
    }

    fn makes_final(&self, hold: &str, step: &StepId) -> bool {
        let finality = self.plan.holds.get(hold).and_then(|hold| hold.finality.as_ref());
        finality.is_some_and(|finality| &finality.from == step)
    }
}

fn spoken(sight: &Seen<Value>) -> String {
    match sight {
        Seen::Blocked { why, .. } | Seen::Unclear { why, .. } => why.clone(),
        Seen::Underway { note, .. } => note.clone(),
        Seen::Ready { will } => will.join(" "),
        Seen::Satisfied { .. } => String::new(),
    }
}
