//! The signs of a resumed sync that only the databases themselves show.

use serde::Deserialize;

use super::baseline::{Before, LogBefore};
use super::by_sql::BySql;
use super::sign::{Sign, Standing};
use crate::quiet;
use crate::reach::Databases;
use crate::{Context, postgres::Subject};
use hcops_database::backlog::{self, Backlog};
use hcops_database::silence::Look;
use hcops_database::{Session, mapped};
use hcops_model::Fault;
use hcops_text::counted;

const NOT_LOOKED: &str = "the databases are not looked at (compare is none)";

/// (c), (d) and (f).
///
/// # Errors
/// When a database cannot be read.
pub(super) async fn all(
    context: &Context,
    databases: &Databases,
    by_sql: &BySql,
    before: &Before,
) -> Result<Vec<Sign>, Fault> {
    let Some(new) = by_sql.new_database() else {
        return Ok(['c', 'd', 'f'].map(|letter| Sign::new(letter, Standing::NotChecked, NOT_LOOKED)).into());
    };
    let session = databases.session(context, new).await?;
    Ok(vec![
        drained(&session, by_sql, before).await?,
        moves(&session, by_sql, before).await?,
        match by_sql.old_database() {
            Some(old) => abandoned(context, databases, old, by_sql, before).await?,
            None => Sign::new('f', Standing::NotChecked, "there is no former database: it is the same one as before"),
        },
    ])
}

/// (c) What waited at the resumption is sent, and something was archived since.
async fn drained(session: &Session, by_sql: &BySql, before: &Before) -> Result<Sign, Fault> {
    let Some(was) = &before.log else {
        return Ok(Sign::new('c', Standing::NotChecked, "there was no trigger log to look at before the resumption"));
    };
    let left = match was.newest_id {
        Some(newest) => backlog::open_up_to(session, &by_sql.schema, newest).await?,
        None => 0,
    };
    Ok(judge_log(&backlog::read(session, &by_sql.schema).await?, was, left))
}

fn judge_log(now: &Backlog, was: &LogBefore, left: u64) -> Sign {
    let open = counted(now.open, "open row");
    if left > 0 {
        let value = format!("{left} of the {} that waited at the resumption are still open", counted(was.open, "row"));
        return Sign::new('c', Standing::Awaited, value);
    }
    let archived = now.archived_id > was.archived_id;
    let captured = now.newest_id > was.newest_id;
    match (archived, was.open > 0 || captured) {
        (true, _) => {
            let value = format!("{open}; all {} that waited are settled, and new ones were archived", was.open);
            Sign::new('c', Standing::Shown, value)
        }
        (false, false) => {
            Sign::new('c', Standing::Idle, format!("{open}; nothing waited and nothing was captured since"))
        }
        (false, true) if now.archived_seconds.is_none() && was.archived_id.is_none() && now.open == 0 => {
            Sign::new('c', Standing::Shown, format!("{open}; there is no archive to look at"))
        }
        (false, true) => {
            Sign::new('c', Standing::Awaited, format!("{open}, and nothing was archived since the resumption"))
        }
    }
}

/// (d) The newest change of a mapped table moves. Where nothing changes in Salesforce it cannot.
async fn moves(session: &Session, by_sql: &BySql, before: &Before) -> Result<Sign, Fault> {
    let now = mapped::newest(session, &by_sql.schema).await?;
    let moved: Vec<String> = now
        .iter()
        .filter_map(|(table, at)| {
            let at = at.as_ref().filter(|at| before.newest.get(table) != Some(at))?;
            Some(format!("{table} to {at}"))
        })
        .collect();
    Ok(if moved.is_empty() {
        Sign::new(
            'd',
            Standing::Idle,
            "no mapped table has a newer systemmodstamp; nothing may have changed in Salesforce",
        )
    } else {
        Sign::new('d', Standing::Shown, format!("systemmodstamp has moved: {}", moved.join(", ")))
    })
}

/// (f) Nothing was written to the former database since.
async fn abandoned(
    context: &Context,
    databases: &Databases,
    old: Subject<'_>,
    by_sql: &BySql,
    before: &Before,
) -> Result<Sign, Fault> {
    let earlier = before.old.as_ref().and_then(|look| Look::deserialize(look).ok());
    let Some(earlier) = earlier else {
        return Ok(Sign::new('f', Standing::NotChecked, "the former database was not looked at before the resumption"));
    };
    let session = databases.session(context, old).await?;
    let found = quiet::since(context, &session, Some(&by_sql.schema), &earlier).await?;
    if !found.silence.silent {
        let value = format!("{} is still written to: {}", old.database, quiet::spoken(&found.silence));
        return Ok(Sign::new('f', Standing::Against, value));
    }
    let connected: Vec<String> = found.now.sessions.iter().map(quiet::visitor).collect();
    let connected = if connected.is_empty() { "nobody".to_owned() } else { connected.join("; ") };
    let value = format!("nothing was written to {} since; connected to it: {connected}", old.database);
    Ok(Sign::new('f', Standing::Shown, value))
}

#[cfg(test)]
mod tests {
    use super::{Backlog, LogBefore, Standing, judge_log};

    fn now(open: u64, newest_id: Option<i64>, archived_id: Option<i64>) -> Backlog {
        let archived_seconds = archived_id.map(|_| 1.0);
        let groups = Vec::new();
        Backlog { at: 0.0, open, failed: 0, oldest_seconds: None, groups, newest_id, archived_id, archived_seconds }
    }

    #[test]
    fn a_backlog_is_drained_when_its_own_rows_are_archived() {
        let was = LogBefore { open: 3, newest_id: Some(9), archived_id: Some(6) };
        assert_eq!(judge_log(&now(1, Some(9), Some(8)), &was, 1).standing, Standing::Awaited);
        assert_eq!(judge_log(&now(0, Some(9), Some(6)), &was, 0).standing, Standing::Awaited, "gone, but not archived");
        assert_eq!(judge_log(&now(0, Some(9), Some(9)), &was, 0).standing, Standing::Shown);
        assert_eq!(judge_log(&now(2, Some(12), Some(10)), &was, 0).standing, Standing::Shown, "new ones come and go");
        let idle = LogBefore { open: 0, ..was };
        assert_eq!(judge_log(&now(0, Some(9), Some(6)), &idle, 0).standing, Standing::Idle);
        assert_eq!(judge_log(&now(1, Some(10), Some(6)), &idle, 0).standing, Standing::Awaited);
        let without_archive = LogBefore { open: 3, newest_id: Some(9), archived_id: None };
        assert_eq!(judge_log(&now(0, Some(9), None), &without_archive, 0).standing, Standing::Shown);
    }
}
