use serde::Deserialize;

use crate::{Session, inventory};
use hcops_model::Fault;

use super::catalog::{self, Table};
use super::comparison::NotCompared;
use super::options::Origin;
use super::sequences;

/// What a comparison with a copy or an upgraded follower of this database will not reach, or will find different for a
/// known reason: what can be said, and asked, long before there is anything to compare. Only looks; asks for no contents but
/// whether, and up to `COUNTED` how many, rows an unlogged table holds. Works through a pooler.
///
/// # Errors
/// As the server refuses.
pub async fn beforehand(session: &Session, origin: Origin) -> Result<Vec<NotCompared>, Fault> {
    let filtered: Vec<Filtered> = session.rows(FILTERED).await?;
    let mut found = Vec::new();
    for table in catalog::read(session).await? {
        found.extend(of_table(session, &table, &filtered, origin).await?);
    }
    let read = inventory::read(session).await?;
    found.extend(inventory::left_out(&read, &read).into_iter().map(|(what, why)| NotCompared::unseen(what, why)));
    let hidden = sequences::hidden(session).await?;
    found.extend(hidden.into_iter().map(|title| NotCompared::unseen(format!("sequence {title}"), HIDDEN)));
    if session.row::<Counted>(OBJECTS).await?.rows > 0 {
        found.push(NotCompared::unseen("large objects", HIDDEN));
    }
    Ok(found)
}

const HIDDEN: &str = "the credential may not read it";

/// Rows of an unlogged table are counted up to this.
const COUNTED: u64 = 100_000;

#[derive(Debug, Deserialize)]
struct Filtered {
    table: i64,
}

#[derive(Debug, Deserialize)]
struct Counted {
    rows: u64,
}

/// Tables of which row-level security shows this credential some rows only.
const FILTERED: &str = "select oid::int8 as table from pg_class where row_security_active(oid)";

/// Large objects that this credential may not read.
const OBJECTS: &str = "
    select count(*) as rows from pg_largeobject_metadata m
    where not pg_has_role(m.lomowner, 'usage')
      and not exists (select from aclexplode(m.lomacl) g where g.privilege_type = 'SELECT'
                      and (g.grantee = 0 or pg_has_role(g.grantee, 'usage')))";

async fn of_table(
    session: &Session,
    table: &Table,
    filtered: &[Filtered],
    origin: Origin,
) -> Result<Option<NotCompared>, Fault> {
    let title = table.title();
    let is_filtered = filtered.iter().any(|it| it.table == table.id);
    Ok(if !table.readable {
        // A foreign table has no blocks either.
        (table.blocks > 0).then(|| NotCompared::unseen(title, HIDDEN))
    } else if is_filtered {
        Some(NotCompared::unseen(title, "row-level security hides rows from the credential"))
    } else if table.is_unlogged() && origin == Origin::Follower {
        rows_of(session, table).await?.map(|rows| {
            let why = format!(
                "it is unlogged and holds {rows}: a follower never gets them, so the new database starts without"
            );
            NotCompared::unseen(title, why)
        })
    } else if table.is_view() && table.populated && origin == Origin::Copy {
        Some(NotCompared::nothing_there(title, "a materialised view: the copy fills it anew"))
    } else {
        None
    })
}

/// How many rows, in words; nothing where there are none. A follower has no blocks of an unlogged table and lets nobody read
/// it.
async fn rows_of(session: &Session, table: &Table) -> Result<Option<String>, Fault> {
    if table.blocks == 0 {
        return Ok(None);
    }
    let some = format!("select count(*) as rows from (select from {} limit {}) counted", table.quoted(), COUNTED + 1);
    Ok(match session.row::<Counted>(&some).await?.rows {
        0 => None,
        1 => Some("1 row".to_owned()),
        rows if rows > COUNTED => Some(format!("more than {COUNTED} rows")),
        rows => Some(format!("{rows} rows")),
    })
}
