//! The facts that a survey promises, so that a reference to a fact can be checked before anything is surveyed.
//!
//! This mirrors the contract in `crates/survey/src/lib.rs`. What is not listed here can't be referred to.

use super::nearest::did_you_mean;

/// What sort of value a fact has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Text, a number, a flag, or null.
    Plain,
    /// A list of things of this shape.
    List(&'static Shape),
    /// Named facts.
    Fields(&'static [(&'static str, Shape)]),
}

use Shape::{Fields, List, Plain};

/// All facts.
pub(super) static FACTS: Shape = Fields(&[
    (
        "app",
        Fields(&[
            ("name", Plain),
            ("id", Plain),
            ("region", Plain),
            ("space", Plain),
            ("team", Plain),
            ("maintenance", Plain),
            ("formation", List(&Fields(&[("type", Plain), ("quantity", Plain), ("size", Plain)]))),
        ]),
    ),
    (
        "connection",
        Fields(&[
            ("id", Plain),
            ("name", Plain),
            ("display_name", Plain),
            ("region_url", Plain),
            ("db_key", Plain),
            ("schema_name", Plain),
            ("organization_id", Plain),
            ("plan", Plain),
            ("addon_id", Plain),
            ("addon_plan", Plain),
            ("attachment", Plain),
            ("environment", Plain),
            ("domain", Plain),
            ("writes", Plain),
            ("mappings", List(&Fields(&[("id", Plain), ("object_name", Plain), ("access", Plain)]))),
        ]),
    ),
    (
        "database",
        Fields(&[
            ("name", Plain),
            ("id", Plain),
            ("plan", Plain),
            ("tier", Plain),
            ("version", Plain),
            ("owner_app", Plain),
            ("attachment", Plain),
            ("is_default", Plain),
            ("gigabytes", Plain),
            ("monthly_cents", Plain),
            ("credentials", List(&Plain)),
            ("followers", List(&Plain)),
        ]),
    ),
    ("attachments", List(&ATTACHMENT)),
    ("further", List(&ATTACHMENT)),
    ("by_credential", List(&BY_CREDENTIAL)),
    ("apps", List(&APP)),
    ("needs_alias", Plain),
    ("follower_name", Plain),
    ("follower_alias", Plain),
    ("leader_alias", Plain),
    ("connection_name", Plain),
]);

static ATTACHMENT: Shape = Fields(&[
    ("app", Plain),
    ("name", Plain),
    ("namespace", Plain),
    ("config_var", Plain),
    ("database", Plain),
    ("role", Plain),
    ("fate", Plain),
    ("because", Plain),
]);

static BY_CREDENTIAL: Shape = Fields(&[
    ("app", Plain),
    ("name", Plain),
    ("namespace", Plain),
    ("config_var", Plain),
    ("database", Plain),
    ("role", Plain),
    ("fate", Plain),
    ("because", Plain),
    ("credential", Plain),
]);

static APP: Shape = Fields(&[
    ("name", Plain),
    ("id", Plain),
    ("maintenance", Plain),
    ("formation", List(&Fields(&[("type", Plain), ("quantity", Plain), ("size", Plain)]))),
    ("has_release_phase", Plain),
    ("nonweb", List(&Fields(&[("type", Plain), ("quantity", Plain)]))),
]);

/// The shape that a dotted path leads to from `start`.
///
/// # Errors
/// One sentence on why it leads nowhere.
pub(super) fn shape_at(start: &'static Shape, path: &str) -> Result<&'static Shape, WrongTurn> {
    let mut shape = start;
    let mut walked = String::new();
    for segment in path.split('.') {
        shape = match shape {
            Fields(fields) => match fields.iter().find(|(name, _)| *name == segment) {
                Some((_, shape)) => shape,
                None => return Err(WrongTurn::unknown(&walked, segment, fields)),
            },
            List(_) => return Err(WrongTurn::into_list(&walked)),
            Plain => return Err(WrongTurn::into_plain(&walked)),
        };
        walked = if walked.is_empty() { segment.to_owned() } else { format!("{walked}.{segment}") };
    }
    Ok(shape)
}

/// The shape of one thing of the list that a dotted path leads to.
///
/// # Errors
/// One sentence when there is no such fact or it is not a list.
pub(super) fn item_shape(path: &str) -> Result<&'static Shape, WrongTurn> {
    match shape_at(&FACTS, path)? {
        List(item) => Ok(item),
        _ => Err(WrongTurn { message: format!("the fact `{path}` is not a list"), help: None }),
    }
}

/// Why a path leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WrongTurn {
    /// One sentence.
    pub(super) message: String,
    /// What was probably meant.
    pub(super) help: Option<String>,
}

impl WrongTurn {
    fn unknown(walked: &str, segment: &str, fields: &[(&str, Shape)]) -> Self {
        let below = if walked.is_empty() { String::new() } else { format!(" in `{walked}`") };
        let help = if walked.is_empty() && segment == "facts" {
            Some("facts are named without a word in front, as in `${connection.id}`".to_owned())
        } else {
            did_you_mean(segment, fields.iter().map(|(name, _)| *name))
        };
        Self { message: format!("there is no `{segment}`{below}"), help }
    }

    fn into_list(walked: &str) -> Self {
        let help = "use it whole, or make a step for each of its things with `for_each`".to_owned();
        Self { message: format!("`{walked}` is a list"), help: Some(help) }
    }

    fn into_plain(walked: &str) -> Self {
        Self { message: format!("`{walked}` has no parts"), help: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_paths_are_found_and_others_explained() {
        assert_eq!(shape_at(&FACTS, "connection.db_key"), Ok(&Plain));
        assert!(matches!(item_shape("apps"), Ok(Fields(_))));
        let slip = shape_at(&FACTS, "connection.db_kay").expect_err("no such fact");
        assert_eq!(slip.message, "there is no `db_kay` in `connection`");
        assert_eq!(slip.help.as_deref(), Some("did you mean `db_key`?"));
        assert!(shape_at(&FACTS, "apps.name").expect_err("a list").message.contains("is a list"));
        assert!(shape_at(&FACTS, "needs_alias.x").expect_err("plain").message.contains("has no parts"));
        assert!(item_shape("database").expect_err("not a list").message.contains("not a list"));
        assert!(shape_at(&FACTS, "facts.app").expect_err("prefix").help.is_some_and(|help| help.contains("without")));
    }
}
