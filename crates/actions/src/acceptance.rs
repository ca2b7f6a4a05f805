//! An accepted request whose effect is not visible yet.
//!
//! Most of Heroku's acts are accepted first and take effect later, and a look right after one may still show the old
//! state (docs/heroku/procedures.md, "Accepted is not done"). For a while that is a wait; afterwards it is told as it
//! is: the world is still as before, and the same act would still have to be done.

use jiff::SignedDuration;
use serde_json::Value;

use super::Context;
use super::sight::underway;
use hcops_heroku::transport::Answer;
use hcops_model::{Prior, Receipt, Seen};

/// How long an accepted request may stay without a visible effect before the step is shown as not done.
pub(super) const PATIENCE: SignedDuration = SignedDuration::from_secs(120);

/// Seconds between two looks while an accepted request has no visible effect.
const LOOK_AGAIN: u64 = 5;

/// What to say when the world is as before: a wait shortly after an accepted request, else that acting would do `will`.
pub(super) fn ready_unless_accepted<T>(context: &Context, prior: &Prior, will: Vec<String>) -> Seen<T> {
    match accepted(context, prior) {
        Some(receipt) => underway(
            format!("Heroku accepted the request (\"{}\"), but its effect is not visible yet", receipt.said),
            LOOK_AGAIN,
        ),
        None => Seen::Ready { will },
    }
}

/// The receipt of the newest act, when it is younger than [`PATIENCE`].
fn accepted<'a>(context: &Context, prior: &'a Prior) -> Option<&'a Receipt> {
    prior.receipt.as_ref().filter(|_| intended_within(context, prior, PATIENCE))
}

/// Whether an act was begun less than this long ago, answered or not.
pub(super) fn intended_within(context: &Context, prior: &Prior, time: SignedDuration) -> bool {
    prior.intended_at.is_some_and(|since| context.clock.now().duration_since(since) < time)
}

/// A receipt with what the server answered, in one line, and marks for the next look. The frame adds the requests.
pub(super) fn receipt<T>(answer: &Answer<T>, said: impl Into<String>, marks: Value) -> Receipt {
    Receipt { said: said.into(), marks, server_time: answer.server_time, requests: Vec::new() }
}

/// A receipt of an act that found its work done already and sent no change.
pub(super) fn nothing_to_do(said: impl Into<String>) -> Receipt {
    Receipt { said: said.into(), marks: Value::Null, server_time: None, requests: Vec::new() }
}
