use fluent_syntax::ast::{Expression, InlineExpression, Pattern, PatternElement};

/// An English text with holes, as a pattern that a finished text may fit.
#[derive(Debug, Clone)]
pub(super) struct Template {
    pieces: Vec<Piece>,
    /// Letters that stand still, in bytes.
    letters: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Hole(String),
}

/// What each hole was filled with, by its name.
pub(super) type Filled<'t> = Vec<(&'t str, &'t str)>;

/// How many places are tried before a text is taken as not fitting: a hole for a whole paragraph must not cost seconds.
const PATIENCE: usize = 2_000;

impl Template {
    /// A message of the English catalogue, which has texts, variables and quoted letters only.
    pub(super) fn of_pattern(pattern: &Pattern<&str>) -> Option<Self> {
        let pieces: Option<Vec<Piece>> = pattern.elements.iter().map(piece).collect();
        let mut joined: Vec<Piece> = Vec::new();
        for piece in pieces? {
            match (joined.last_mut(), piece) {
                (Some(Piece::Literal(before)), Piece::Literal(text)) => before.push_str(&text),
                (_, piece) => joined.push(piece),
            }
        }
        let letters = joined.iter().map(|piece| if let Piece::Literal(text) = piece { text.len() } else { 0 }).sum();
        Some(Self { pieces: joined, letters })
    }

    /// Letters that stand still, in bytes: the more, the surer a fit is.
    pub(super) const fn letters(&self) -> usize {
        self.letters
    }

    /// The text itself, where it has no holes.
    pub(super) fn whole(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The letters that a text must begin with.
    pub(super) fn beginning(&self) -> &str {
        match self.pieces.first() {
            Some(Piece::Literal(text)) => text,
            _ => "",
        }
    }

    /// Letters that every text that fits it has somewhere: its longest piece.
    pub(super) fn longest_letters(&self) -> &str {
        let letters = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Literal(text) => Some(text.as_str()),
            Piece::Hole(_) => None,
        });
        letters.max_by_key(|text| text.len()).unwrap_or_default()
    }

    /// The names of its holes, as often as they stand in it.
    #[cfg(test)]
    pub(super) fn holes(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Hole(name) => Some(name.as_str()),
            Piece::Literal(_) => None,
        })
    }

    /// What the holes have to be filled with to make `text`; each as short as it can be. Nothing when it does not fit.
    pub(super) fn fit<'t>(&'t self, text: &'t str) -> Option<Filled<'t>> {
        if text.len() < self.letters || !self.ends_like(text) {
            return None;
        }
        let mut filled = Vec::new();
        let mut patience = PATIENCE;
        fits(&self.pieces, text, &mut filled, &mut patience).then_some(filled)
    }

    fn ends_like(&self, text: &str) -> bool {
        match self.pieces.last() {
            Some(Piece::Literal(end)) => text.ends_with(end.as_str()),
            _ => true,
        }
    }
}

fn piece(element: &PatternElement<&str>) -> Option<Piece> {
    match element {
        PatternElement::TextElement { value } => Some(Piece::Literal((*value).to_owned())),
        PatternElement::Placeable { expression: Expression::Inline(inline) } => match inline {
            InlineExpression::VariableReference { id } => Some(Piece::Hole(id.name.to_owned())),
            InlineExpression::StringLiteral { value } => Some(Piece::Literal((*value).to_owned())),
            _ => None,
        },
        PatternElement::Placeable { .. } => None,
    }
}

fn fits<'t>(pieces: &'t [Piece], text: &'t str, filled: &mut Filled<'t>, patience: &mut usize) -> bool {
    match pieces {
        [] => text.is_empty(),
        [Piece::Literal(letters), rest @ ..] => {
            text.strip_prefix(letters.as_str()).is_some_and(|text| fits(rest, text, filled, patience))
        }
        [Piece::Hole(name), rest @ ..] => fills(name, rest, text, filled, patience),
    }
}

/// Fills one hole: as before, where it was filled already; else up to the first place from which the rest fits.
fn fills<'t>(name: &'t str, rest: &'t [Piece], text: &'t str, filled: &mut Filled<'t>, patience: &mut usize) -> bool {
    if let Some((_, before)) = filled.iter().find(|(other, _)| *other == name) {
        return text.strip_prefix(*before).is_some_and(|text| fits(rest, text, filled, patience));
    }
    let known = filled.len();
    for end in ends(rest, text) {
        if *patience == 0 {
            return false;
        }
        *patience -= 1;
        filled.push((name, &text[..end]));
        if fits(rest, &text[end..], filled, patience) {
            return true;
        }
        filled.truncate(known);
    }
    false
}

/// Where a hole may end: before the letters that follow it, between words before another hole, or at the end of the text.
fn ends<'t>(rest: &'t [Piece], text: &'t str) -> Box<dyn Iterator<Item = usize> + 't> {
    match rest.first() {
        None => Box::new(std::iter::once(text.len())),
        Some(Piece::Literal(letters)) => Box::new(text.match_indices(letters.as_str()).map(|(at, _)| at)),
        Some(Piece::Hole(_)) => Box::new(between_words(text).chain([text.len(), 0])),
    }
}

/// A name is never shared by two holes.
fn between_words(text: &str) -> impl Iterator<Item = usize> + '_ {
    let stands_between = |letter: char| letter.is_whitespace() || "(),;:".contains(letter);
    text.char_indices().filter(move |(at, letter)| *at > 0 && stands_between(*letter)).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use fluent_syntax::ast::Entry;

    use super::Template;

    fn template(value: &str) -> Template {
        let source = format!("id = {value}\n");
        let resource = fluent_syntax::parser::parse(source.as_str()).expect("a message");
        let Entry::Message(message) = &resource.body[0] else { panic!("no message") };
        Template::of_pattern(message.value.as_ref().expect("a text")).expect("only texts and holes")
    }

    fn filled(value: &str, text: &str) -> Option<Vec<(String, String)>> {
        let template = template(value);
        let filled = template.fit(text)?;
        Some(filled.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    #[test]
    fn holes_take_what_stands_between_the_letters() {
        let pairs = |pairs: &[(&str, &str)]| {
            Some(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>())
        };
        assert_eq!(filled("{ $name } is { $state }.", "main is IDLE."), pairs(&[("name", "main"), ("state", "IDLE")]));
        assert_eq!(filled("{ $a } of { $b }", "1 of 2 of 3"), pairs(&[("a", "1"), ("b", "2 of 3")]));
        assert_eq!(filled("{ $a } ends.", "it ends. It ends."), pairs(&[("a", "it ends. It")]));
        assert_eq!(filled("{ $a } and { $a }", "x and y and x and y"), pairs(&[("a", "x and y")]));
        let app_and = |through| pairs(&[("app", "acme-crm"), ("through", through), ("new", "new-pg")]);
        let beside = "on { $app }{ $through } to { $new }";
        assert_eq!(filled(beside, "on acme-crm to new-pg"), app_and(""));
        assert_eq!(filled(beside, "on acme-crm (pooler) to new-pg"), app_and(" (pooler)"));
        assert_eq!(filled("a { \"{\" }{ $b }{ \"}\" }", "a {x}"), pairs(&[("b", "x")]));
    }

    #[test]
    fn other_letters_do_not_fit() {
        for (value, text) in [
            ("{ $name } is { $state }.", "main is IDLE"),
            ("it is { $state }", "It is IDLE"),
            ("{ $a } and { $a }", "x and y"),
            ("nothing", "nothing else"),
        ] {
            assert_eq!(filled(value, text), None, "{value}: {text}");
        }
    }

    #[test]
    fn a_long_text_that_does_not_fit_is_given_up_soon() {
        let text = "a, ".repeat(2_000);
        assert_eq!(filled("{ $a }, { $b }, { $c }, { $d }, { $e }; end", &format!("{text}; end?")), None);
        assert_eq!(filled("{ $a }, { $b }, { $c }, { $d }x, { $e }; end", &format!("{text}; end")), None);
    }
}
