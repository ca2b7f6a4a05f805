//! References in strings: `${connection.id}`. Dotted paths, nothing more: there is no expression language.

use std::fmt;

use serde_json::Value;

/// A piece of a string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Text that stands for itself.
    Text(&'a str),
    /// A reference.
    Reference(Reference<'a>),
}

/// What stands between `${` and `}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reference<'a>(&'a str);

/// Where a reference leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Root<'a> {
    /// An input, or the app that owns the database which it names.
    Input {
        /// The input.
        name: &'a str,
        /// Whether `.owner_app` follows.
        owner: bool,
    },
    /// A field of an earlier step's output; the path may be empty.
    Step {
        /// The step.
        id: &'a str,
        /// The field.
        path: &'a str,
    },
    /// A fact, or the thing that a step is made for.
    Path(&'a str),
}

impl<'a> Reference<'a> {
    /// The path alone: `connection.id`.
    pub(super) const fn path(self) -> &'a str {
        self.0
    }

    /// Where it leads, by its first word.
    pub(super) fn root(self) -> Root<'a> {
        match self.0.split_once('.') {
            Some(("inputs", rest)) => match rest.strip_suffix(".owner_app") {
                Some(name) => Root::Input { name, owner: true },
                None => Root::Input { name: rest, owner: false },
            },
            Some(("steps", rest)) => {
                let (id, path) = rest.split_once('.').unwrap_or((rest, ""));
                Root::Step { id, path }
            }
            _ => Root::Path(self.0),
        }
    }
}

impl fmt::Display for Reference<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "${{{}}}", self.0)
    }
}

/// The pieces of `text`, in order.
///
/// # Errors
/// One sentence when a reference is not closed or is not a dotted path.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece<'_>>, String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        if start > 0 {
            pieces.push(Piece::Text(&rest[..start]));
        }
        let inside = &rest[start + 2..];
        let end = inside.find('}').ok_or("a `${` is not closed by a `}`")?;
        pieces.push(Piece::Reference(reference(&inside[..end])?));
        rest = &inside[end + 1..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    Ok(pieces)
}

fn reference(path: &str) -> Result<Reference<'_>, String> {
    let plain = |segment: &str| {
        !segment.is_empty() && segment.chars().all(|letter| letter.is_alphanumeric() || "_-@:".contains(letter))
    };
    if path.split('.').all(plain) {
        Ok(Reference(path))
    } else {
        Err(format!("`${{{path}}}` is not a dotted path such as `${{connection.id}}`"))
    }
}

/// The references in `text`; none where the text is malformed, which [`pieces`] reports.
pub(super) fn references(text: &str) -> Vec<Reference<'_>> {
    let pieces = pieces(text).unwrap_or_default();
    pieces
        .into_iter()
        .filter_map(|piece| if let Piece::Reference(found) = piece { Some(found) } else { None })
        .collect()
}

/// The references in every string of `value`.
pub(super) fn references_in(value: &Value) -> Vec<Reference<'_>> {
    match value {
        Value::String(text) => references(text),
        Value::Array(items) => items.iter().flat_map(references_in).collect(),
        Value::Object(fields) => fields.values().flat_map(references_in).collect(),
        _ => Vec::new(),
    }
}

/// What a dotted path leads to in `value`.
pub(super) fn follow<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').filter(|segment| !segment.is_empty()).try_fold(value, |value, segment| value.get(segment))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn text_and_references_alternate() {
        let pieces = pieces("sync on ${connection.name}: ${inputs.to}").expect("well formed");
        assert_eq!(
            pieces,
            [
                Piece::Text("sync on "),
                Piece::Reference(Reference("connection.name")),
                Piece::Text(": "),
                Piece::Reference(Reference("inputs.to")),
            ]
        );
        assert_eq!(Reference("inputs.to").root(), Root::Input { name: "to", owner: false });
        assert_eq!(Reference("inputs.old.owner_app").root(), Root::Input { name: "old", owner: true });
        let step = Reference("steps.scale-down@acme.formation.web");
        assert_eq!(step.root(), Root::Step { id: "scale-down@acme", path: "formation.web" });
        assert_eq!(Reference("steps.follow").root(), Root::Step { id: "follow", path: "" });
        assert_eq!(Reference("needs_alias").root(), Root::Path("needs_alias"));
    }

    #[test]
    fn what_is_not_a_dotted_path_is_refused() {
        for text in ["${", "${a", "${}", "${a.}", "${.a}", "${a b}", "${a + 1}", "x ${${a}}"] {
            assert!(pieces(text).is_err(), "{text} was taken");
        }
        assert_eq!(pieces("$ { } $a $$").map(|pieces| pieces.len()), Ok(1), "a lone dollar is text");
    }

    #[test]
    fn paths_lead_into_objects_only() {
        let value = json!({"a": {"b": [1]}});
        assert_eq!(follow(&value, "a.b"), Some(&json!([1])));
        assert_eq!(follow(&value, ""), Some(&value));
        assert_eq!(follow(&value, "a.b.0"), None);
        assert_eq!(follow(&value, "a.c"), None);
    }

    proptest! {
        #[test]
        fn pieces_lose_nothing(text in "([a-z $]|\\$\\{[a-z]{1,5}(\\.[a-z]{1,4})?\\}){0,12}") {
            if let Ok(pieces) = pieces(&text) {
                let joined: String = pieces.iter().map(|piece| match piece {
                    Piece::Text(text) => (*text).to_owned(),
                    Piece::Reference(reference) => reference.to_string(),
                }).collect();
                prop_assert_eq!(joined, text);
            }
        }
    }
}
