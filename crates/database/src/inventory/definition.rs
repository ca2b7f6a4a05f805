//! Definitions as servers print them. All are read under one search path, so names have their schemas and the same definition
//! reads the same. There is a short list of ways in which a true copy reads differently all the same, because its server is
//! of another major, or because it parsed what the other had printed. Whatever is not on that list is a difference.
//!
//! 1. A word that became a keyword in between is quoted by the newer server only ([`NEW_KEYWORDS`]).
//! 2. `x AND (y AND z)`: a chain of one operator is read as one, however it was made, as `BETWEEN` makes it.
//! 3. `(ARRAY[a, b])::t[]` is read as `ARRAY[(a)::t, (b)::t]`: `state IN ('NEW', 'DONE')` over a varchar.
//! 4. A pair of parentheses directly around another one.
//! 5. Since 16 the columns of a query over one relation are printed without the relation's name.

/// Words that have become keywords in which a name must be quoted, from 14 up to 18.
const NEW_KEYWORDS: [&str; 11] = [
    "json",
    "json_array",
    "json_arrayagg",
    "json_exists",
    "json_object",
    "json_objectagg",
    "json_query",
    "json_scalar",
    "json_serialize",
    "json_table",
    "json_value",
];

/// Further ones, of the same sort.
const MORE_NEW_KEYWORDS: [&str; 2] = ["merge_action", "system_user"];

/// Whether two definitions say the same, but for what is on the list above.
pub(super) fn says_the_same(one: &str, other: &str) -> bool {
    match (parsed(one), parsed(other)) {
        (Some(one), Some(other)) => normal(one) == normal(other),
        _ => false,
    }
}

/// A name with the quotes away that only some majors print.
pub(super) fn plain_name(name: &str) -> String {
    let mut name = name.to_owned();
    for word in NEW_KEYWORDS.iter().chain(&MORE_NEW_KEYWORDS) {
        let quoted = format!("\"{word}\"");
        if name.contains(&quoted) {
            name = name.replace(&quoted, word);
        }
    }
    name
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    /// A word, a name, a literal or a sign.
    Token(String),
    /// What is between a pair of `(` or `[`.
    Group(char, Vec<Node>),
}

impl Node {
    fn is(&self, text: &str) -> bool {
        matches!(self, Self::Token(token) if token == text)
    }

    fn parentheses(&self) -> Option<&[Self]> {
        match self {
            Self::Group('(', inside) => Some(inside),
            _ => None,
        }
    }
}

/// Nothing when its brackets do not match.
fn parsed(text: &str) -> Option<Vec<Node>> {
    let mut open: Vec<(char, Vec<Node>)> = Vec::new();
    let mut nodes = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = token_length(rest, first)?;
        let token = &rest[..length];
        match first {
            '(' | '[' => open.push((first, std::mem::take(&mut nodes))),
            ')' | ']' => {
                let (opening, before) = open.pop()?;
                if (opening == '(') != (first == ')') {
                    return None;
                }
                let inside = std::mem::replace(&mut nodes, before);
                nodes.push(Node::Group(opening, inside));
            }
            '"' => nodes.push(Node::Token(plain_name(token))),
            _ => nodes.push(Node::Token(token.to_owned())),
        }
        rest = rest[length..].trim_start();
    }
    open.is_empty().then_some(nodes)
}

fn token_length(text: &str, first: char) -> Option<usize> {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '$';
    Some(match first {
        '\'' | '"' => 1 + quoted_length(&text[1..], first)?,
        '(' | ')' | '[' | ']' | ',' | ';' => 1,
        _ if is_word(first) => {
            let word = text.find(|letter: char| !is_word(letter)).unwrap_or(text.len());
            // E'…', B'…', X'…', U&'…' are one literal with what follows.
            if text[word..].starts_with('\'') { word + 1 + quoted_length(&text[word + 1..], '\'')? } else { word }
        }
        _ => {
            let ends = |letter: char| is_word(letter) || letter.is_whitespace() || "'\"()[],;".contains(letter);
            text.find(ends).unwrap_or(text.len()).max(first.len_utf8())
        }
    })
}

/// Up to and with the closing quote; a doubled one does not close.
fn quoted_length(text: &str, quote: char) -> Option<usize> {
    let mut from = 0;
    loop {
        let end = from + text[from..].find(quote)? + 1;
        if !text[end..].starts_with(quote) {
            return Some(end);
        }
        from = end + 1;
    }
}

fn normal(nodes: Vec<Node>) -> Vec<Node> {
    without_only_relation(normal_inside(nodes))
}

fn normal_inside(nodes: Vec<Node>) -> Vec<Node> {
    let nodes: Vec<Node> = nodes
        .into_iter()
        .map(|node| match node {
            Node::Group(opening, inside) => peeled(opening, normal_inside(inside)),
            token => token,
        })
        .collect();
    chained(with_casts_inside(nodes))
}

/// Rule 4. A list in parentheses is a row, and a query in them a value: those stay.
fn peeled(opening: char, inside: Vec<Node>) -> Node {
    if opening == '('
        && let [Node::Group('(', inner)] = &inside[..]
        && !inner.iter().any(|node| node.is(","))
        && !inner.first().is_some_and(|first| ["SELECT", "WITH", "VALUES", "TABLE"].iter().any(|word| first.is(word)))
    {
        return Node::Group('(', inner.clone());
    }
    Node::Group(opening, inside)
}

/// Rule 2. `BETWEEN` is printed only for the frame of a window.
fn chained(nodes: Vec<Node>) -> Vec<Node> {
    for operator in ["AND", "OR"] {
        let Some(operands) = operands(&nodes, operator) else { continue };
        if operands.len() < 2 {
            continue;
        }
        let mut chain = Vec::new();
        for operand in operands {
            if !chain.is_empty() {
                chain.push(Node::Token(operator.to_owned()));
            }
            match operand {
                [Node::Group('(', inside)] if is_chain_of(inside, operator) => chain.extend(inside.iter().cloned()),
                other => chain.extend(other.iter().cloned()),
            }
        }
        return chain;
    }
    nodes
}

fn is_chain_of(nodes: &[Node], operator: &str) -> bool {
    operands(nodes, operator).is_some_and(|operands| operands.len() > 1)
}

/// What this operator joins, when nothing but operands in parentheses and single terms is there.
fn operands<'a>(nodes: &'a [Node], operator: &str) -> Option<Vec<&'a [Node]>> {
    let other = if operator == "AND" { "OR" } else { "AND" };
    let foreign = |node: &Node| {
        [other, "BETWEEN", ",", "SELECT", "FROM", "WHERE", "ON", "CASE", "WHEN", "NOT"].iter().any(|it| node.is(it))
    };
    if nodes.iter().any(foreign) {
        return None;
    }
    Some(nodes.split(|node| node.is(operator)).collect())
}

/// Rule 3.
fn with_casts_inside(nodes: Vec<Node>) -> Vec<Node> {
    let mut found = Vec::with_capacity(nodes.len());
    let mut rest = &nodes[..];
    while let Some(first) = rest.first() {
        if let Some((array, length)) = cast_array(rest) {
            found.extend(array);
            rest = &rest[length..];
        } else {
            found.push(first.clone());
            rest = &rest[1..];
        }
    }
    found
}

/// An array in parentheses with a cast, as one with a cast of each element, and how many nodes it was.
fn cast_array(nodes: &[Node]) -> Option<(Vec<Node>, usize)> {
    let [array, Node::Group('[', elements)] = nodes.first()?.parentheses()? else { return None };
    if !array.is("ARRAY") || !nodes.get(1)?.is("::") {
        return None;
    }
    let kind: Vec<Node> = nodes[2..].iter().take_while(|node| !matches!(node, Node::Group('[', _))).cloned().collect();
    let is_kind = |node: &Node| match node {
        Node::Token(token) => {
            token == "." || token.starts_with(|first: char| first.is_alphabetic() || "_\"".contains(first))
        }
        Node::Group(..) => true,
    };
    let end = nodes.get(2 + kind.len())?;
    if kind.is_empty() || !kind.iter().all(is_kind) || *end != Node::Group('[', Vec::new()) {
        return None;
    }
    if elements.iter().any(|element| element.is("ARRAY")) {
        return None;
    }
    let mut cast = Vec::new();
    for (place, element) in elements.split(|node| node.is(",")).enumerate() {
        if place > 0 {
            cast.push(Node::Token(",".to_owned()));
        }
        cast.push(peeled('(', element.to_vec()));
        cast.push(Node::Token("::".to_owned()));
        cast.extend(kind.iter().cloned());
    }
    Some((vec![array.clone(), Node::Group('[', cast)], 3 + kind.len()))
}

/// What may follow the list of relations of a query.
const BEHIND_FROM: [&str; 13] = [
    "TABLESAMPLE",
    "WHERE",
    "GROUP",
    "HAVING",
    "WINDOW",
    "ORDER",
    "LIMIT",
    "OFFSET",
    "FETCH",
    "FOR",
    "UNION",
    "INTERSECT",
    "EXCEPT",
];

/// Rule 5, for the query as a whole. Queries inside of it keep the names.
fn without_only_relation(nodes: Vec<Node>) -> Vec<Node> {
    match only_relation(&nodes) {
        Some(name) => without_qualifier(nodes, &name),
        None => nodes,
    }
}

/// The name by which columns of the only relation are known, where the query has but one.
fn only_relation(nodes: &[Node]) -> Option<String> {
    let is_any = |node: &Node, words: &[&str]| words.iter().any(|word| node.is(word));
    if !is_any(nodes.first()?, &["SELECT", "WITH"])
        || nodes.iter().any(|node| is_any(node, &["UNION", "INTERSECT", "EXCEPT"]))
    {
        return None;
    }
    let from = nodes.iter().position(|node| node.is("FROM"))? + 1;
    let ends = |node: &Node| node.is(";") || is_any(node, &BEHIND_FROM);
    let relations: Vec<&Node> = nodes[from..].iter().take_while(|node| !ends(node)).collect();
    if relations.iter().any(|node| is_any(node, &[",", "JOIN"])) {
        return None;
    }
    // The name comes last, or before a list of names for the columns or arguments.
    relations.iter().rev().take(2).find_map(|node| match node {
        Node::Token(name) => Some(name.clone()),
        Node::Group(..) => None,
    })
}

fn without_qualifier(nodes: Vec<Node>, name: &str) -> Vec<Node> {
    let mut found: Vec<Node> = Vec::with_capacity(nodes.len());
    let mut nodes = nodes.into_iter().peekable();
    while let Some(node) = nodes.next() {
        let begins = !found.last().is_some_and(|before| before.is("."));
        match node {
            token if begins && token.is(name) && nodes.peek().is_some_and(|next| next.is(".")) => drop(nodes.next()),
            Node::Group(opening, inside) if !inside.first().is_some_and(|first| first.is("SELECT")) => {
                found.push(Node::Group(opening, without_qualifier(inside, name)));
            }
            other => found.push(other),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{plain_name, says_the_same};

    #[test]
    fn what_is_on_the_list_reads_the_same() {
        for (one, other) in [
            (
                "WHERE ((state)::text = ANY ((ARRAY['NEW'::character varying, 'PENDING'::character varying])::text[]))",
                "WHERE ((state)::text = ANY (ARRAY[('NEW'::character varying)::text, ('PENDING'::character varying)::text]))",
            ),
            (" SELECT a.id,\n    a.name\n   FROM salesforce.account a;", " SELECT id, name FROM salesforce.account a;"),
            (
                "SELECT doc.a FROM public.doc WHERE (doc.a = 'doc.a'::text);",
                "SELECT a FROM public.doc WHERE (a = 'doc.a'::text);",
            ),
            ("CHECK ((((a >= 1) AND (a <= 2)) AND (b = 1)))", "CHECK (((a >= 1) AND (a <= 2) AND (b = 1)))"),
            ("SELECT t.\"json\" FROM t t, u u", "SELECT t.json FROM t t, u u"),
        ] {
            assert!(says_the_same(one, other), "{one} and {other}");
            assert!(says_the_same(other, one), "{other} and {one}");
        }
        assert_eq!(plain_name("public.t.\"json\""), "public.t.json");
        assert_eq!(plain_name("public.\"user\""), "public.\"user\"");
    }

    #[test]
    fn everything_else_counts() {
        for (one, other) in [
            ("state = 'NEW'", "state = 'new'"),
            ("state = 'a.b'", "state = 'b'"),
            ("state = 'a::text'", "state = 'a'"),
            ("n > 1.5", "n > 2.5"),
            ("USING btree (a)", "USING btree (a DESC)"),
            ("name = 'it''s'", "name = 'it''z'"),
            ("name = 'a  b'", "name = 'a b'"),
            ("f(a, b)", "f(b, a)"),
            ("left(a, 3)", "left(a, 4)"),
            ("((a = 1) OR ((b = 1) AND (c = 1)))", "(((a = 1) OR (b = 1)) AND (c = 1))"),
            ("((who)::character varying(3))", "((who)::character varying(9))"),
            ("(n)::numeric", "n"),
            ("(n)::integer", "(n)::bigint"),
            ("FOREIGN KEY (a) REFERENCES public.doc(id)", "FOREIGN KEY (a) REFERENCES s.doc(id)"),
            ("SELECT doc.a FROM public.doc doc, t t", "SELECT t.a FROM public.doc doc, t t"),
            ("SELECT doc.a FROM public.doc", "SELECT doc.a FROM s.doc"),
            (
                "SELECT id FROM t WHERE (EXISTS ( SELECT t.a FROM u))",
                "SELECT id FROM t WHERE (EXISTS ( SELECT a FROM u))",
            ),
            ("(a - (b - c))", "((a - b) - c)"),
            ("((a AND b) OR c)", "(a AND (b OR c))"),
            ("(NOT (a AND b))", "((NOT a) AND b)"),
            ("ANY (( SELECT a FROM t))", "ANY ( SELECT a FROM t)"),
            ("f((a, b))", "f(a, b)"),
            ("\"A\"", "\"a\""),
            ("(ARRAY['1'::text])::integer[]", "ARRAY['1'::text]"),
            ("a ? 'x'", "a ?| 'x'"),
            ("count(*) FILTER (WHERE (a))", "count(*)"),
        ] {
            assert!(!says_the_same(one, other), "{one} and {other}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_not_the_same() {
        assert!(!says_the_same("(a", "(a"));
        assert!(!says_the_same("'a", "'a"));
    }
}
