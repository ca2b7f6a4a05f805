//! Pages of long lists: `Range` and `Next-Range` (docs/heroku/platform.md, "Lists").

use serde_json::Value;

use super::{Call, Reply};
use crate::world::Refusal;

const USUAL: usize = 200;
const MOST: usize = 1_000;

/// What a `Range` header asks for: `version ]12..40; max=5, order=desc`.
struct Range {
    field: String,
    first: Option<String>,
    excludes_first: bool,
    last: Option<String>,
    most: usize,
    descending: bool,
}

/// The page of `items` that the call asks for, by `field` unless it names another.
pub(super) fn page(call: &Call, items: Vec<Value>, field: &str) -> Result<Reply, Refusal> {
    let range = parse(call.header("range").unwrap_or(""), field).ok_or_else(|| {
        Refusal::new(416, "requested_range_not_satisfiable", "The requested range is not satisfiable.")
    })?;
    let mut items = items;
    if range.descending {
        items.reverse();
    }
    let key = |item: &Value| text_of(&item[range.field.as_str()]);
    let start = range.first.as_ref().map_or(0, |first| {
        let at = items.iter().position(|item| &key(item) == first).unwrap_or(0);
        at + usize::from(range.excludes_first)
    });
    let end = range.last.as_ref().and_then(|last| items.iter().position(|item| &key(item) == last));
    let wanted: Vec<Value> = items.drain(..).take(end.map_or(usize::MAX, |end| end + 1)).skip(start).collect();
    let more = wanted.len() > range.most;
    let shown: Vec<Value> = wanted.into_iter().take(range.most).collect();
    let next = shown.last().filter(|_| more).map(|item| {
        let order = if range.descending { "; order=desc" } else { "" };
        format!("{} ]{}..; max={}{order}", range.field, key(item), range.most)
    });
    let reply = Reply::json(if more { 206 } else { 200 }, Value::Array(shown));
    let reply = reply.with_header("accept-ranges", format!("id, {field}"));
    Ok(match next {
        Some(next) => reply.with_header("next-range", next),
        None => reply,
    })
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn parse(header: &str, field: &str) -> Option<Range> {
    let mut range = Range {
        field: field.to_owned(),
        first: None,
        excludes_first: false,
        last: None,
        most: USUAL,
        descending: false,
    };
    let mut parts = header.split([';', ',']).map(str::trim).filter(|part| !part.is_empty());
    let Some(span) = parts.next() else { return Some(range) };
    let (named, ends) = span.split_once(' ').unwrap_or((field, span));
    let (first, last) = ends.split_once("..")?;
    named.clone_into(&mut range.field);
    range.excludes_first = first.starts_with(']');
    let value = |end: &str| Some(end.trim_matches(['[', ']', ' ']).to_owned()).filter(|end| !end.is_empty());
    (range.first, range.last) = (value(first), value(last));
    for option in parts {
        match option.split_once('=')? {
            ("max", most) => range.most = most.trim().parse().ok().filter(|most| (1..=MOST).contains(most))?,
            ("order", order) => range.descending = order.trim() == "desc",
            _ => (),
        }
    }
    Some(range)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use axum::http::HeaderMap;
    use serde_json::json;

    use super::*;
    use crate::api::reply::Content;

    fn ask(range: &str) -> (u16, Vec<u64>, Option<String>) {
        let mut headers = HeaderMap::new();
        headers.insert("range", range.parse().unwrap());
        let call = Call {
            method: "GET".to_owned(),
            path: String::new(),
            params: HashMap::new(),
            query: HashMap::new(),
            headers,
            body: Value::Null,
            now: jiff::Timestamp::UNIX_EPOCH,
        };
        let items = (1..=7).map(|version| json!({ "version": version })).collect();
        let reply = match page(&call, items, "version") {
            Ok(reply) => reply,
            Err(refusal) => return (refusal.status, Vec::new(), None),
        };
        let Content::Json(Value::Array(shown)) = reply.body else { panic!("not a list") };
        let next = reply.headers.iter().find(|(name, _)| name == "next-range").map(|(_, value)| value.clone());
        (reply.status, shown.iter().map(|item| item["version"].as_u64().unwrap()).collect(), next)
    }

    #[test]
    fn both_separators_and_the_cursor_work() {
        assert_eq!(ask("version ..; max=3, order=desc").1, [7, 6, 5]);
        let (status, shown, next) = ask("version ..; order=desc,max=4");
        assert_eq!((status, shown), (206, vec![7, 6, 5, 4]));
        let (status, shown, next) = ask(&next.unwrap());
        assert_eq!((status, shown, next), (200, vec![3, 2, 1], None));
        assert_eq!(ask("version 2..4").1, [2, 3, 4]);
        assert_eq!(ask("").1.len(), 7);
    }

    #[test]
    fn a_bad_range_is_refused() {
        assert_eq!(ask("version ..; max=0").0, 416);
        assert_eq!(ask("nonsense").0, 416);
    }
}
