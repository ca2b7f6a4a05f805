//! Definitions as servers print them. The same index or view is printed with other casts, parentheses and qualifiers by
//! another major, or after a dump and restore: `state in ('NEW', 'PENDING')` over a varchar, as the trigger log's index has
//! it, comes back with its casts in other places.

/// The words that may follow a type's first word.
const FURTHER_WORDS: [&str; 4] = [" varying", " precision", " without time zone", " with time zone"];

/// Whether two definitions say the same but for casts, parentheses, qualifiers and white space.
pub(super) fn loosely_equal(one: &str, other: &str) -> bool {
    loose(one) == loose(other)
}

fn loose(definition: &str) -> String {
    let mut kept = String::with_capacity(definition.len());
    // Every second part is a literal; a doubled quote in one only makes an empty part more.
    for (place, part) in definition.split('\'').enumerate() {
        if place > 0 {
            kept.push('\'');
        }
        if place % 2 == 1 { kept.push_str(part) } else { loosen(part, &mut kept) }
    }
    kept
}

fn loosen(mut text: &str, kept: &mut String) {
    while let Some(first) = text.chars().next() {
        if let Some(cast) = text.strip_prefix("::") {
            text = behind_type(cast);
        } else if let Some((word, rest)) = leading_name(text) {
            let qualifier = rest.strip_prefix('.');
            if qualifier.is_none() {
                kept.push_str(word);
            }
            text = qualifier.unwrap_or(rest);
        } else {
            if !first.is_whitespace() && !matches!(first, '(' | ')') {
                kept.push(first);
            }
            text = &text[first.len_utf8()..];
        }
    }
}

/// A name at the beginning, quoted or not, and what follows it.
fn leading_name(text: &str) -> Option<(&str, &str)> {
    let first = text.chars().next()?;
    let end = if first == '"' {
        text[1..].find('"')? + 2
    } else if first.is_alphabetic() || first == '_' {
        text.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(text.len())
    } else {
        return None;
    };
    Some(text.split_at(end))
}

fn behind_type(mut text: &str) -> &str {
    while let Some((_, rest)) = leading_name(text) {
        text = rest;
        match rest.strip_prefix('.') {
            Some(rest) => text = rest,
            None => break,
        }
    }
    loop {
        let shorter = FURTHER_WORDS.iter().find_map(|word| text.strip_prefix(word)).or_else(|| behind_modifier(text));
        match shorter.or_else(|| text.strip_prefix("[]")) {
            Some(rest) => text = rest,
            None => return text,
        }
    }
}

/// Behind a length or precision: `(12,2)`.
fn behind_modifier(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('(')?;
    let end = inside.find(|letter: char| !letter.is_ascii_digit() && letter != ',')?;
    (end > 0).then_some(())?;
    inside[end..].strip_prefix(')')
}

#[cfg(test)]
mod tests {
    use super::loosely_equal;

    #[test]
    fn casts_parentheses_and_qualifiers_are_printed_one_way_or_another() {
        assert!(loosely_equal(
            "WHERE ((state)::text = ANY ((ARRAY['NEW'::character varying, 'PENDING'::character varying])::text[]))",
            "WHERE ((state)::text = ANY (ARRAY[('NEW'::character varying)::text, ('PENDING'::character varying)::text]))"
        ));
        assert!(loosely_equal(
            " SELECT a.id,\n    a.name\n   FROM salesforce.account a",
            " SELECT id, name FROM salesforce.account a"
        ));
        assert!(loosely_equal("(at)::timestamp(3) without time zone > x", "at > x"));
        assert!(loosely_equal("n::numeric(12,2)", "n"));
        assert!(loosely_equal("v::public.\"My Type\"[]", "v"));
    }

    #[test]
    fn what_is_said_still_counts() {
        for (one, other) in [
            ("state = 'NEW'", "state = 'new'"),
            ("state = 'a.b'", "state = 'b'"),
            ("state = 'a::text'", "state = 'a'"),
            ("n > 1.5", "n > 2.5"),
            ("USING btree (a)", "USING btree (a DESC)"),
            ("name = 'it''s'", "name = 'it''z'"),
            ("f(a, b)", "f(b, a)"),
            ("left(a, 3)", "left(a, 4)"),
        ] {
            assert!(!loosely_equal(one, other), "{one} and {other}");
        }
    }
}
