use std::collections::BTreeMap;

use serde::Deserialize;

use crate::Session;
use hcops_model::Fault;

use super::queries;
use super::{Inventory, Item};

#[derive(Debug, Deserialize)]
struct Line {
    kind: String,
    name: String,
    facts: BTreeMap<String, Option<String>>,
}

/// Reads the whole inventory. Works through a pooler.
///
/// # Errors
/// As the server refuses.
pub async fn read(session: &Session) -> Result<Inventory, Fault> {
    let mut items = Vec::new();
    for query in queries::all(session.major()) {
        items.extend(session.rows_under::<Line>(queries::PINS, &query).await?.into_iter().map(Item::from));
    }
    Ok(Inventory { major: session.major(), items })
}

impl From<Line> for Item {
    fn from(line: Line) -> Self {
        let facts = line.facts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        Self { kind: line.kind, name: line.name, facts }
    }
}
