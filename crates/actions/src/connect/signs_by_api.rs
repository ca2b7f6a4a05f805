//! The signs of a resumed sync that Connect's API shows.

use super::baseline::Before;
use super::condition::Condition;
use super::mappings;
use super::pointer::{Pointer, name};
use super::resumed::Mapped;
use super::sign::{Sign, Standing};
use crate::Context;
use hcops_heroku::connect::{Check, Connection, Notification, Validating, Validation, WriteError};
use hcops_heroku::if_found;
use hcops_model::{Fault, FaultKind};
use hcops_text::counted;

/// (a) It has left `PAUSED` and is `IDLE` again.
pub(super) fn state(connection: &Connection) -> Sign {
    let standing = match Condition::of(&connection.state) {
        Condition::Idle => Standing::Shown,
        _ => Standing::Awaited,
    };
    Sign::new('a', standing, format!("{} is {}", name(connection), connection.state))
}

/// (b) None of the mappings that the plan knew may be missing.
pub(super) fn gone(connection: &Connection, mapped: &[Mapped]) -> Option<Sign> {
    let gone = mappings::gone(connection, mapped);
    let told = || format!("mapped when the plan was made, and not any more: {}", gone.join(", "));
    (!gone.is_empty()).then(|| Sign::new('b', Standing::Against, told()))
}

/// (b) Each mapping is in sync, and Connect shows nothing pending.
pub(super) fn synced(connection: &Connection) -> Sign {
    let unsynced = mappings::unsynced(connection);
    if !unsynced.is_empty() {
        return Sign::new('b', Standing::Awaited, format!("not in sync yet: {}", unsynced.join(", ")));
    }
    let standing = match mappings::pending(connection) {
        Some(pending) if pending > 0 => Standing::Awaited,
        _ => Standing::Shown,
    };
    let count = counted(connection.mappings.len() as u64, "mapping");
    Sign::new('b', standing, format!("{count} in sync, {}", mappings::pending_spoken(connection)))
}

/// (e) No write error and no notification came since.
pub(super) fn complaints(errors: &[WriteError], notifications: &[Notification], before: &Before) -> Sign {
    let new: Vec<String> = errors.iter().filter(|error| !before.errors.contains(&error.id)).map(error_spoken).collect();
    let unread = notifications.iter().filter(|one| !before.notifications.contains(&one.id));
    let unread: Vec<String> = unread.map(|one| format!("{}: {}", one.event_type, one.message)).collect();
    if new.is_empty() && unread.is_empty() {
        return Sign::new('e', Standing::Shown, "0 new write errors, 0 new notifications");
    }
    let some: Vec<String> = new.iter().chain(&unread).take(3).cloned().collect();
    let counts = format!(
        "{} and {} since it resumed",
        counted(new.len() as u64, "new write error"),
        counted(unread.len() as u64, "new notification")
    );
    Sign::new('e', Standing::Against, format!("{counts}: {}", some.join("; ")))
}

fn error_spoken(error: &WriteError) -> String {
    let table = error.table_name.as_deref().unwrap_or("?");
    format!("{table} {}: {}", error.record_id.as_deref().unwrap_or("?"), error.message)
}

/// (g) The diagnosis shows no red. It is begun once and then asked for; `begun` is what an earlier look began.
///
/// # Errors
/// When Connect cannot be asked.
pub(super) async fn diagnosis(
    context: &Context,
    pointer: &Pointer<'_>,
    begun: Option<Validating>,
) -> Result<(Sign, Option<Validating>), Fault> {
    let connect = &context.clients.connect;
    let validating = match begun {
        Some(validating) => validating,
        None => match connect.start_validation(&pointer.address(context)?).await {
            Ok(validating) => validating,
            Err(fault) if matches!(fault.kind, FaultKind::NotFound | FaultKind::Refused) => {
                let why = format!("not diagnosed: Connect does not offer it ({})", fault.saw);
                return Ok((Sign::new('g', Standing::NotChecked, why), None));
            }
            Err(fault) => return Err(fault),
        },
    };
    Ok(match if_found(connect.validation(&validating).await)? {
        Some(Some(validation)) => (judged(&validation), Some(validating)),
        Some(None) => (Sign::new('g', Standing::Awaited, "the diagnosis runs"), Some(validating)),
        None => (Sign::new('g', Standing::Awaited, "the diagnosis is begun anew"), None),
    })
}

fn judged(validation: &Validation) -> Sign {
    let spoken = |of: &str, check: &Check| format!("{of}{}: {}", check.display_name, check.message);
    let own = validation.connection.errors.iter().map(|check| spoken("", check));
    let of_mappings = validation
        .mappings
        .iter()
        .flat_map(|(object, result)| result.errors.iter().map(move |check| spoken(&format!("{object}, "), check)));
    let red: Vec<String> = own.chain(of_mappings).collect();
    let warnings: usize = validation.connection.warnings.len()
        + validation.mappings.values().map(|result| result.warnings.len()).sum::<usize>();
    if red.is_empty() {
        let value = format!("the diagnosis shows no error, {}", counted(warnings as u64, "warning"));
        return Sign::new('g', Standing::Shown, value);
    }
    Sign::new('g', Standing::Against, format!("the diagnosis shows errors: {}", red.join("; ")))
}
