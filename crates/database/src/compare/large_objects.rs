use std::collections::BTreeMap;

use hcops_model::{Fault, FaultKind};

use super::comparison::{LargeObjects, NotCompared};
use super::side::{Side, Which};

/// How often they are asked for before they are given up.
const ATTEMPTS: u32 = 3;

/// Differing objects that are listed.
const LISTED: usize = 100;

/// A hash of each object, put together from a hash of each mebibyte of it. 262144 is the mode for reading, 2 counts from
/// the end.
const HASHES: &str = "
    select l.oid::int8, sum(hashint8extended(hash_record_extended(row(p, lo_get(l.oid, p * 1048576, 1048576)), 0), 1))
    from pg_largeobject_metadata l
         cross join lateral generate_series(0, greatest(lo_lseek64(lo_open(l.oid, 262144), 0, 2) - 1, 0) / 1048576) p
    group by l.oid";

/// Compares the contents of all large objects. What cannot be read is told in `not_compared`.
///
/// # Errors
/// When a database cannot be reached any more.
pub(super) async fn compare(
    sides: [&Side; 2],
    not_compared: &mut Vec<NotCompared>,
) -> Result<Option<LargeObjects>, Fault> {
    let mut found = Vec::new();
    for which in Which::BOTH {
        match read(sides[which.index()]).await? {
            Ok(lines) => found.push(by_id(lines)),
            Err(fault) => {
                not_compared.push(NotCompared::unseen("large objects", fault.saw));
                return Ok(None);
            }
        }
    }
    let (new, old) = (found.pop().unwrap_or_default(), found.pop().unwrap_or_default());
    Ok(Some(contrast(&old, &new)))
}

/// The hashes, or why there are none. A lost connection is made again.
async fn read(side: &Side) -> Result<Result<Vec<Vec<Option<String>>>, Fault>, Fault> {
    let mut attempt = 1;
    loop {
        match side.reader().await?.session.lines(HASHES).await {
            Err(fault) if fault.kind == FaultKind::Transient && attempt < ATTEMPTS => attempt += 1,
            answer => return Ok(answer),
        }
    }
}

fn by_id(lines: Vec<Vec<Option<String>>>) -> BTreeMap<i64, String> {
    let pair = |line: Vec<Option<String>>| {
        let [id, sum] = <[Option<String>; 2]>::try_from(line).ok()?;
        Some((id?.parse().ok()?, sum?))
    };
    lines.into_iter().filter_map(pair).collect()
}

fn contrast(old: &BTreeMap<i64, String>, new: &BTreeMap<i64, String>) -> LargeObjects {
    let mut differing: Vec<i64> =
        old.keys().chain(new.keys()).filter(|id| old.get(id) != new.get(id)).copied().collect();
    differing.sort_unstable();
    differing.dedup();
    differing.truncate(LISTED);
    LargeObjects { old: old.len() as u64, new: new.len() as u64, differing }
}
