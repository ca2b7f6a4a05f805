use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize as _;
use serde_json::{Value, json};

use super::condition::{self, Condition};
use super::pointer::{name, opened_by};
use super::subject::{ConnectionIs, OneConnection};
use crate::acceptance::{ready_unless_accepted, receipt};
use crate::sight::{blocked, satisfied, underway};
use crate::{Action, Context};
use hcops_heroku::connect::Connection;
use hcops_model::{Effect, Fault, Permit, Prior, Receipt, Seen};

/// Resumes a connection and waits until it has left `PAUSED` for a healthy state.
///
/// A state that is not known is no reason not to: with a person's word the request is sent, and Connect decides.
///
/// A connection that was not paused is seen twice, because a pause that was accepted a moment ago may still take effect after a
/// first look. One that was paused, and has left that after the resumption, is believed at once: the apps wait for it.
pub(crate) struct Resume;

/// How long a pause that was accepted may take to show.
const PAUSE_SHOWS: Duration = Duration::from_secs(20);

/// Seconds between two looks at a state that is not known.
const LOOK_AGAIN: u64 = 10;

impl Action for Resume {
    const NAME: &'static str = "connect.resume";
    const SUMMARY: &'static str = "Resume a connection and wait until it has left PAUSED.";
    const EFFECT: Effect = Effect::Idempotent;
    type Params = OneConnection;
    type Output = ConnectionIs;

    async fn observe(
        &self,
        context: &Context,
        params: &OneConnection,
        prior: &Prior,
    ) -> Result<Seen<ConnectionIs>, Fault> {
        let connection = params.pointer().look(context).await?;
        Ok(match Condition::of(&connection.state) {
            Condition::Paused => {
                let will = format!("resume sync on {}: both sides catch up on what has collected", name(&connection));
                ready_unless_accepted(context, prior, vec![will])
            }
            Condition::Idle | Condition::Working if prior.receipt.is_none() => not_paused(context, &connection, prior),
            Condition::Idle | Condition::Working => satisfied(ConnectionIs::of(&connection)),
            Condition::Changing => condition::changing(&connection),
            Condition::Broken => condition::broken(&connection),
            Condition::Unknown => unknown(&connection, prior),
        })
    }

    async fn act(&self, context: &Context, params: &OneConnection, permit: Permit) -> Result<Receipt, Fault> {
        let address = params.pointer().address(context)?;
        let answer = context.clients.connect.resume(&permit, &address).await?;
        Ok(receipt(&answer, format!("the resumption was accepted ({})", answer.status), Value::Null))
    }
}

/// It was not this resumption that made it so: it is looked at once more.
fn not_paused(context: &Context, connection: &Connection, prior: &Prior) -> Seen<ConnectionIs> {
    let now = context.clock.now();
    let first = prior.memo.as_ref().and_then(|memo| Timestamp::deserialize(memo).ok()).unwrap_or(now);
    context.remember(json!(first));
    if Duration::try_from(now.duration_since(first)).unwrap_or_default() >= PAUSE_SHOWS {
        return satisfied(ConnectionIs::of(connection));
    }
    let note =
        format!("{} is {}; looked at again, since a pause may be on its way", name(connection), connection.state);
    underway(note, PAUSE_SHOWS.as_secs())
}

/// Before a resumption was accepted a person is asked; behind it the connection is on its way, as far as anybody can tell.
fn unknown(connection: &Connection, prior: &Prior) -> Seen<ConnectionIs> {
    let told = format!("{} has the state \"{}\", which hcops does not know", name(connection), connection.state);
    if prior.receipt.is_some() {
        return underway(format!("{told}; the resumption was accepted"), LOOK_AGAIN);
    }
    let ask =
        vec![format!("Sync of {} is to be resumed although its state is \"{}\".", name(connection), connection.state)];
    match prior.answer_to(&ask) {
        None => Seen::Unclear {
            why: format!(
                "{told}. Its page says what it is doing: `{}`. With yes the resumption is asked for, and Connect decides.",
                opened_by(connection)
            ),
            ask,
        },
        Some("no" | "n") => blocked(
            format!("{told}, and nobody wants it resumed like this."),
            "Wait until its state is a known one, or ask Heroku's support; then retry.",
        ),
        Some(_) => Seen::Ready { will: vec![format!("ask Connect to resume sync on {} as it is", name(connection))] },
    }
}
