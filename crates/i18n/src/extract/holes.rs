use quote::ToTokens;
use syn::Expr;

use super::written::{Part, Written};

/// A format string of Rust with its arguments, as a text with holes. A hole's source is what it is filled with, so that the
/// same value in two places is one hole; its readable name comes first, parted by a zero character.
pub(super) fn of_format(template: &str, arguments: &[Expr]) -> Written {
    let mut parts = Vec::new();
    let mut rest = template;
    let mut next = 0;
    while let Some(at) = rest.find(['{', '}']) {
        parts.push(Part::Literal(rest[..at].to_owned()));
        let brace = &rest[at..];
        if brace.starts_with("{{") || brace.starts_with("}}") {
            parts.push(Part::Literal(brace[..1].to_owned()));
            rest = &brace[2..];
            continue;
        }
        let end = brace.find('}').unwrap_or(brace.len() - 1);
        let argument = brace[1..end].split(':').next().unwrap_or_default().trim();
        parts.push(Part::Hole(source_of(argument, arguments, &mut next)));
        rest = &brace[end + 1..];
    }
    parts.push(Part::Literal(rest.to_owned()));
    parts.retain(|part| *part != Part::Literal(String::new()));
    Written::of(parts)
}

fn source_of(argument: &str, arguments: &[Expr], next: &mut usize) -> String {
    let at = match argument.parse::<usize>() {
        Ok(at) => at,
        Err(_) if argument.is_empty() => {
            *next += 1;
            *next - 1
        }
        Err(_) => {
            let named = arguments.iter().find_map(|given| named(given, argument));
            return named.map_or_else(|| argument.to_owned(), |value| source(value, argument));
        }
    };
    let positional = arguments.iter().filter(|given| !matches!(given, Expr::Assign(_))).nth(at);
    positional.map_or_else(|| format!("value{at}"), |value| source(value, &name_of(value).unwrap_or_default()))
}

fn source(value: &Expr, name: &str) -> String {
    format!("{name}\0{}", value.to_token_stream())
}

fn named<'a>(given: &'a Expr, name: &str) -> Option<&'a Expr> {
    let Expr::Assign(assignment) = given else { return None };
    let Expr::Path(path) = &*assignment.left else { return None };
    path.path.is_ident(name).then_some(&*assignment.right)
}

/// Methods that say nothing about what a value is.
const SILENT: [&str; 26] = [
    "as_deref",
    "as_ref",
    "as_str",
    "borrow",
    "clone",
    "cloned",
    "collect",
    "count",
    "display",
    "first",
    "get",
    "into",
    "iter",
    "join",
    "last",
    "len",
    "map_or",
    "map_or_else",
    "to_owned",
    "to_string",
    "trim",
    "unsigned_abs",
    "unwrap_or",
    "unwrap_or_default",
    "unwrap_or_else",
    "is_some",
];

/// What an expression may be called: the last word that says what it is.
fn name_of(value: &Expr) -> Option<String> {
    match value {
        Expr::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        Expr::Field(field) => match &field.member {
            syn::Member::Named(name) => Some(name.to_string()),
            syn::Member::Unnamed(_) => name_of(&field.base),
        },
        Expr::MethodCall(call) if SILENT.contains(&call.method.to_string().as_str()) => name_of(&call.receiver),
        Expr::MethodCall(call) => Some(call.method.to_string()),
        Expr::Call(call) => {
            let function = name_of(&call.func)?;
            let wraps =
                function.starts_with(char::is_uppercase) || ["counted", "clean", "grouped"].contains(&&*function);
            if wraps { call.args.first().and_then(name_of) } else { Some(function) }
        }
        Expr::Reference(reference) => name_of(&reference.expr),
        Expr::Unary(unary) => name_of(&unary.expr),
        Expr::Paren(inner) => name_of(&inner.expr),
        Expr::Cast(cast) => name_of(&cast.expr),
        Expr::Binary(binary) => name_of(&binary.left),
        Expr::Index(index) => name_of(&index.expr),
        Expr::Try(tried) => name_of(&tried.expr),
        _ => None,
    }
}
