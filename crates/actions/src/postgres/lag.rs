use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::behind_by;
use super::subject::OneFollower;
use crate::reach::Databases;
use crate::sight::{blocked, satisfied, underway};
use crate::{Action, Context};
use hcops_database::lag;
use hcops_model::{Effect, Fault, Prior, Seen, Steadiness};
use hcops_text::counted;

/// Waits until a follower has everything that its leader has written, by the log's bytes at both ends and by Heroku's
/// "Behind By", seen twice.
///
/// The two must agree: a lag that only one of them shows is shown as it is, never taken for none, and after five minutes a
/// person is asked. As a standing condition it gives replay a few seconds and then says what is missing.
pub(crate) struct Lag(pub(crate) Arc<Databases>);

/// How far the follower is behind: not at all.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// Commits that Heroku says it lacks.
    behind_by: u64,
    /// Bytes of the leader's log that it has not replayed.
    bytes: u64,
    /// The place in the log that both have reached, as PostgreSQL writes it.
    at: String,
    /// Seconds since the newest transaction that it has replayed; it grows while the leader is idle.
    newest_seconds: Option<f64>,
    /// Replay delay in seconds as the leader measures it, where it does.
    replay_seconds: Option<f64>,
    /// All of that in a sentence.
    seen: String,
}

/// Seconds between two looks.
const LOOK_AGAIN: u64 = 10;
/// How long the two measures may disagree before a person is asked.
const PATIENCE: SignedDuration = SignedDuration::from_mins(5);
/// How often, and after which pause, the log's ends are looked at before they count as apart: an idle leader still writes
/// to its log now and then.
const TRIES: (u32, Duration) = (5, Duration::from_secs(1));

impl Action for Lag {
    const NAME: &'static str = "postgres.lag";
    const SUMMARY: &'static str = "Wait until a follower has all of its leader's log, by bytes and by Heroku's word.";
    const EFFECT: Effect = Effect::ReadOnly;
    const STEADINESS: Steadiness = Steadiness { looks: 2, apart: Duration::from_secs(10) };
    type Params = OneFollower;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &OneFollower, prior: &Prior) -> Result<Seen<Output>, Fault> {
        let told = match behind_by::observe(context, params.subject(), &params.leader, 0, prior).await? {
            Seen::Satisfied { output } => output,
            Seen::Underway { note, part, look_again } => {
                let measured = self.measure(context, params, 1).await?;
                if measured.as_ref().is_some_and(|lag| lag.strangers) {
                    return Ok(no_pair(params));
                }
                let note = format!("{note}; by the log {}", in_bytes(measured.as_ref()));
                return Ok(Seen::Underway { note, part, look_again });
            }
            Seen::Ready { will } => return Ok(Seen::Ready { will }),
            Seen::Blocked { why, remedy } => return Ok(Seen::Blocked { why, remedy }),
            Seen::Unclear { why, ask } => return Ok(Seen::Unclear { why, ask }),
        };
        let measured = self.measure(context, params, TRIES.0).await?;
        Ok(match measured {
            Some(lag) if lag.strangers => no_pair(params),
            Some(lag) if lag.caught_up => satisfied(output(params, told.behind_by, &lag)),
            apart => disagreement(context, params, apart.as_ref(), prior),
        })
    }
}

impl Lag {
    /// The distance by the log, after at most so many looks; nothing when one of the two has another role.
    async fn measure(&self, context: &Context, params: &OneFollower, tries: u32) -> Result<Option<lag::Lag>, Fault> {
        let leader = self.0.session(context, params.leader()).await?;
        let follower = self.0.session(context, params.subject()).await?;
        let mut measured = lag::between(&leader, &follower).await?;
        for _ in 1..tries {
            if measured.as_ref().is_none_or(|lag| lag.caught_up) {
                break;
            }
            context.clock.sleep(TRIES.1).await;
            measured = lag::between(&leader, &follower).await?;
        }
        Ok(measured)
    }
}

fn output(params: &OneFollower, behind_by: u64, lag: &lag::Lag) -> Output {
    let at = lag.replayed.unwrap_or(lag.leader).to_string();
    let seen = format!(
        "{} has all of {}'s log: 0 bytes behind at {at}, and Heroku shows {} behind",
        params.database,
        params.leader,
        counted(behind_by, "commit")
    );
    let replay_seconds = lag.followers.iter().filter_map(|follower| follower.seconds).reduce(f64::max);
    Output { behind_by, bytes: lag.bytes, at, newest_seconds: lag.seconds, replay_seconds, seen }
}

/// The identifier of a server is that of every physical copy of it.
fn no_pair(params: &OneFollower) -> Seen<Output> {
    blocked(
        format!(
            "{} is no copy of {}: the two servers have different system identifiers (pg_control_system), so the places in \
             their logs say nothing about each other.",
            params.database, params.leader
        ),
        format!(
            "One of the addresses leads to another server than Heroku says, or the follower was made of another database. \
             Look at both (`{}`, `{}`); turn back (`hcops abort`) and begin anew with a follower of {}.",
            params.subject().shown_by(),
            params.leader().shown_by(),
            params.leader
        ),
    )
}

fn in_bytes(measured: Option<&lag::Lag>) -> String {
    match measured {
        Some(lag) => match lag.seconds {
            Some(seconds) => format!("{} bytes, its newest transaction {seconds:.0} s old", lag.bytes),
            None => format!("{} bytes", lag.bytes),
        },
        None => "one of the two servers is not in its role".to_owned(),
    }
}

fn disagreement(context: &Context, params: &OneFollower, apart: Option<&lag::Lag>, prior: &Prior) -> Seen<Output> {
    let now = context.clock.now();
    let since = prior.memo.as_ref().and_then(|memo| memo["apart_since"].as_str()?.parse::<Timestamp>().ok());
    let since = since.unwrap_or(now);
    context.remember(json!({"apart_since": since.to_string()}));
    let saw = format!(
        "Heroku shows {} 0 commits behind {}, but by the log it is not: {}",
        params.database,
        params.leader,
        in_bytes(apart)
    );
    if prior.step.is_some() && now.duration_since(since) < PATIENCE {
        return underway(saw, LOOK_AGAIN);
    }
    blocked(
        format!("{saw}."),
        format!(
            "One of the two is wrong, and what is missing would be missing for good. Look at both (`{}`, `{}`), give it \
             time and retry; where it stays so, turn back (`hcops abort`) and ask Heroku's support.",
            params.subject().shown_by(),
            params.leader().shown_by()
        ),
    )
}
