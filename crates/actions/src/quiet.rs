//! Whether a database was written to since an earlier look, and who did it, in words.

use std::time::Duration;

use super::Context;
use hcops_database::Session;
use hcops_database::silence::{self, Look, Settled, Silence, Visitor};
use hcops_model::Fault;
use hcops_text::counted;

/// Two looks at one database, and what they say together.
pub(super) struct Since {
    pub(super) now: Look,
    pub(super) silence: Silence,
}

/// How often, and after which pause, statistics get time to arrive before a movement without any sign of a writer counts
/// as the server's own upkeep.
const PATIENCE: (u32, Duration) = (2, Duration::from_secs(2));

/// After which every session's statistics have arrived: a little more than [`silence::STATISTICS_HAVE_ARRIVED`].
const LATE: Duration = Duration::from_secs(12);

/// What was written since `earlier`. One look is enough where no transaction that writes has ended since; otherwise it
/// looks again until late statistics had time to tell of it.
///
/// # Errors
/// As the server refuses.
pub(super) async fn since(
    context: &Context,
    session: &Session,
    schema: Option<&str>,
    earlier: &Look,
) -> Result<Since, Fault> {
    let mut found = look(session, schema, earlier).await?;
    for _ in 0..PATIENCE.0 {
        if !found.silence.silent || found.silence.transactions == Some(0) {
            break;
        }
        context.clock.sleep(PATIENCE.1).await;
        found = look(session, schema, earlier).await?;
    }
    if found.silence.unexplained {
        context.clock.sleep(LATE).await;
        let third = silence::look_late(session, schema, &found.now).await?;
        let Settled { silence, now } = silence::settle(earlier, &found.now, third);
        found = Since { silence, now };
    }
    Ok(found)
}

async fn look(session: &Session, schema: Option<&str>, earlier: &Look) -> Result<Since, Fault> {
    let now = silence::look(session, schema).await?;
    Ok(Since { silence: silence::judge(earlier, &now), now })
}

/// What was written, and who may have done it: `3 rows of public.orders; connected and active: …`.
pub(super) fn spoken(silence: &Silence) -> String {
    let mut parts: Vec<String> =
        silence.tables.iter().take(5).map(|(table, rows)| format!("{} of {table}", counted(*rows, "row"))).collect();
    if silence.tables.len() > 5 {
        parts.push(format!("rows of {} more", counted(silence.tables.len() as u64 - 5, "table")));
    }
    if let Some(rows) = silence.logged.filter(|rows| *rows > 0) {
        parts.push(format!("{} added to the trigger log", counted(rows, "row")));
    }
    if silence.catalogue > 0 {
        parts.push("a change of the structure".to_owned());
    }
    if silence.sequences {
        parts.push("a sequence was advanced or set".to_owned());
    }
    if parts.is_empty() {
        parts.push(without_rows(silence));
    }
    format!("{}; {}", parts.join(", "), suspects(silence))
}

fn without_rows(silence: &Silence) -> String {
    if !silence.reliable {
        return "what was written cannot be told, because the server's statistics were reset".to_owned();
    }
    if silence.suspects.iter().any(|visitor| visitor.writing) {
        return "a transaction that has written and is still open".to_owned();
    }
    match silence.transactions {
        Some(count) if count > 0 => {
            format!("{} that took an id, by sessions whose statistics have not arrived", counted(count, "transaction"))
        }
        _ => "a transaction that is prepared or open".to_owned(),
    }
}

fn suspects(silence: &Silence) -> String {
    if silence.suspects.is_empty() {
        return "whoever it was is not connected any more".to_owned();
    }
    let names: Vec<String> = silence.suspects.iter().map(visitor).collect();
    format!("connected and active: {}", names.join("; "))
}

/// `nightly-job (role etl, from 10.1.2.3, process 4711)`.
pub(super) fn visitor(visitor: &Visitor) -> String {
    format!(
        "{} (role {}, from {}, process {})",
        visitor.application.as_deref().unwrap_or("a program without a name"),
        visitor.user.as_deref().unwrap_or("unknown"),
        visitor.address.as_deref().unwrap_or("a local socket"),
        visitor.pid
    )
}

#[cfg(test)]
mod tests {
    use super::{Silence, Visitor, spoken};

    fn nothing() -> Silence {
        Silence {
            silent: true,
            reliable: true,
            unexplained: false,
            seconds: 10.0,
            tables: Vec::new(),
            logged: Some(0),
            catalogue: 0,
            sequences: false,
            transactions: Some(2),
            commits: 2,
            log_bytes: None,
            suspects: Vec::new(),
            remedies: Vec::new(),
        }
    }

    fn rows_of(tables: u64) -> Silence {
        Silence { tables: (1..=tables).map(|number| (format!("t{number}"), 1)).collect(), ..nothing() }
    }

    #[test]
    fn what_was_written_is_said_and_nothing_else() {
        let gone = "; whoever it was is not connected any more";
        let writing = Visitor {
            pid: 4711,
            user: Some("etl".to_owned()),
            application: Some("nightly-job".to_owned()),
            address: Some("10.1.2.3".to_owned()),
            state: None,
            writing: true,
            transaction_seconds: None,
            quiet_seconds: None,
        };
        for (silence, said) in [
            (rows_of(1), "1 row of t1"),
            (rows_of(5), "1 row of t1, 1 row of t2, 1 row of t3, 1 row of t4, 1 row of t5"),
            (rows_of(6), "1 row of t1, 1 row of t2, 1 row of t3, 1 row of t4, 1 row of t5, rows of 1 table more"),
            (Silence { logged: Some(2), ..nothing() }, "2 rows added to the trigger log"),
            (Silence { catalogue: 1, ..nothing() }, "a change of the structure"),
            (Silence { sequences: true, ..nothing() }, "a sequence was advanced or set"),
            (nothing(), "2 transactions that took an id, by sessions whose statistics have not arrived"),
            (Silence { transactions: Some(0), ..nothing() }, "a transaction that is prepared or open"),
            (
                Silence { reliable: false, ..nothing() },
                "what was written cannot be told, because the server's statistics were reset",
            ),
        ] {
            assert_eq!(spoken(&silence), format!("{said}{gone}"));
        }
        assert_eq!(
            spoken(&Silence { suspects: vec![writing], ..nothing() }),
            "a transaction that has written and is still open; connected and active: nightly-job (role etl, from 10.1.2.3, \
             process 4711)"
        );
    }
}
