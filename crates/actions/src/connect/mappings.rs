//! What the mappings of a connection say together.

use crate::sight::{blocked, unclear};
use hcops_heroku::connect::{Connection, Mapping, MappingClass, MappingState};
use hcops_model::Seen;
use hcops_text::counted;

use super::pointer::{name, opened_by, options};
use super::resumed::Mapped;

/// Writes that wait to be sent to Salesforce; nothing where no mapping tells.
pub(super) fn pending(connection: &Connection) -> Option<i64> {
    let told = connection.mappings.iter().filter_map(|mapping| mapping.counts.as_ref()?.pending);
    told.fold(None, |sum, pending| Some(sum.unwrap_or(0) + pending))
}

/// The same in words.
pub(super) fn pending_spoken(connection: &Connection) -> String {
    match pending(connection) {
        Some(pending) => format!("{} pending", counted(pending.unsigned_abs(), "write")),
        None => "pending writes not shown".to_owned(),
    }
}

/// How many mappings are in sync.
pub(super) fn synced(connection: &Connection) -> usize {
    connection.mappings.iter().filter(|mapping| mapping.state == MappingState::DataSynced).count()
}

/// Mappings whose table is being created, changed or loaded: work that a pause must not cut.
pub(super) fn loading(connection: &Connection) -> Vec<String> {
    let loads = |mapping: &&Mapping| {
        matches!(
            mapping.state,
            MappingState::Initial
                | MappingState::SchemaChanged
                | MappingState::Recovery
                | MappingState::Resync
                | MappingState::ReloadTable
                | MappingState::WaitBulkLoad
                | MappingState::LoadingBulkJob
        )
    };
    connection.mappings.iter().filter(loads).map(spoken).collect()
}

/// Objects that a plan had mapped and that are not any more.
pub(super) fn gone<'m>(connection: &Connection, mapped: &'m [Mapped]) -> Vec<&'m str> {
    let is_there = |object: &str| connection.mappings.iter().any(|mapping| mapping.object_name == object);
    mapped.iter().map(|one| one.object_name.as_str()).filter(|object| !is_there(object)).collect()
}

/// What helps where a mapping is gone.
pub(super) fn map_again(connection: &Connection) -> String {
    format!(
        "Where nobody meant it, map it again on the connection's page (`{}`) and retry: what Connect loads then is in its \
         table as before.",
        opened_by(connection)
    )
}

/// A refusal that names every broken mapping, or a question that names every mapping in an unknown state.
pub(super) fn fault<T>(connection: &Connection) -> Option<Seen<T>> {
    let of = |class: MappingClass| -> Vec<String> {
        connection.mappings.iter().filter(|mapping| mapping.state.class() == class).map(spoken).collect()
    };
    let broken = of(MappingClass::Broken);
    if !broken.is_empty() {
        return Some(blocked(
            format!("Mappings of {} are broken: {}.", name(connection), broken.join(", ")),
            format!(
                "`heroku connect:diagnose {}` and the mapping's page (`{}`) say why. Mend them, wait for DATA_SYNCED, and \
                 retry.",
                options(connection),
                opened_by(connection)
            ),
        ));
    }
    let unknown = of(MappingClass::Unknown);
    (!unknown.is_empty()).then(|| {
        unclear(
            format!("Mappings of {} have states that hcops does not know: {}.", name(connection), unknown.join(", ")),
            format!("Do these mappings sync? (`heroku connect:state --json {}`)", options(connection)),
        )
    })
}

/// Those that are not in sync, each with its state.
pub(super) fn unsynced(connection: &Connection) -> Vec<String> {
    connection.mappings.iter().filter(|mapping| mapping.state != MappingState::DataSynced).map(spoken).collect()
}

fn spoken(mapping: &Mapping) -> String {
    format!("{} ({})", mapping.object_name, mapping.state)
}
