//! The text of a runbook without fragments: what a `use` stands for is written in its place.

use std::fmt::Write;
use std::ops::Range;

use serde_json::Value;
use toml::de::{DeTable, DeValue};

use super::diagnostic::Diagnostics;
use super::expand::{Keys, Site, expand};
use super::fragments::Fragments;
use super::parse::parse_with;
use super::reader::{self, Node};
use super::source::Source;

/// The text of a runbook with every fragment written out. It is the text itself where none is used; whatever else is in it
/// stays as it is, comments too.
///
/// # Errors
/// When it can't be read as a runbook.
pub fn standalone(file_name: &str, text: &str, fragments: &Fragments) -> Result<String, Diagnostics> {
    parse_with(file_name, text, fragments)?;
    let (mut document, _) = DeTable::parse_recoverable(text);
    let fragments = fragments.read();
    let mut source = Source::new(file_name, text);
    let sites = expand(document.get_mut(), &fragments, &mut source, &mut Vec::new());
    let mut edits: Vec<(Range<usize>, String)> = sites.iter().flat_map(|site| edits(site, text)).collect();
    edits.sort_by_key(|(span, _)| span.start);
    let mut whole = text.to_owned();
    for (span, written) in edits.into_iter().rev() {
        whole.replace_range(span, &written);
    }
    Ok(whole)
}

/// What has to be written where for one use.
fn edits(site: &Site<'_>, text: &str) -> Vec<(Range<usize>, String)> {
    let mut lines = lines(&site.keys, "", site.source);
    let mut edits = Vec::new();
    if let Some((own, brought)) = &site.with {
        match text.as_bytes().get(own.start) {
            Some(b'{') => {
                let brought = self::lines(brought, "", site.source);
                let is_empty = text.get(own.start + 1..own.end).is_some_and(|rest| rest.trim() == "}");
                let comma = if brought.is_empty() || is_empty { "" } else { "," };
                edits.push((own.start + 1..own.start + 1, format!(" {}{comma}", brought.join(", "))));
            }
            Some(b'[') => {
                let brought = self::lines(brought, "", site.source);
                edits.push((own.end..own.end, brought.iter().map(|line| format!("\n{line}")).collect()));
            }
            _ => lines.extend(self::lines(brought, "with.", site.source)),
        }
    }
    edits.push((named(site, lines.is_empty(), text), joined(&lines, site, text)));
    edits
}

fn is_in_one_line(site: &Site<'_>, text: &str) -> bool {
    text.as_bytes().get(site.table.start) == Some(&b'{')
}

/// The `use` with what goes with it: the comment that says what it stands for, or the comma where nothing came.
fn named(site: &Site<'_>, nothing_came: bool, text: &str) -> Range<usize> {
    let rest = text.get(site.named.end..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let further = match rest.trim_start() {
        behind if behind.starts_with('#') && !is_in_one_line(site, text) => rest.len(),
        behind if behind.starts_with(',') && nothing_came => rest.len() - behind.len() + 1,
        _ => 0,
    };
    site.named.start..site.named.end + further
}

/// The lines in the place of the `use`: with what stands before it in its line, or in one line where the table has only one.
fn joined(lines: &[String], site: &Site<'_>, text: &str) -> String {
    if is_in_one_line(site, text) {
        return lines.join(", ");
    }
    let before = text.get(..site.named.start).and_then(|before| before.rsplit('\n').next()).unwrap_or_default();
    lines.join(&format!("\n{before}"))
}

fn lines(keys: &Keys<'_>, prefix: &str, source: &Source) -> Vec<String> {
    let line = |(key, node): &(&str, &Node<'_>)| {
        let key = format!("{prefix}{}", name(key));
        let mut line = format!("{key:<8} = ");
        let _ = write!(line, "{}", value(node, source));
        line
    };
    keys.iter().map(line).collect()
}

/// A key as TOML has it: bare where it may be.
fn name(key: &str) -> String {
    let is_bare = !key.is_empty() && key.chars().all(|one| one.is_ascii_alphanumeric() || matches!(one, '-' | '_'));
    if is_bare { key.to_owned() } else { Value::from(key).to_string() }
}

/// A value as it is written in its file, where that stands for itself; otherwise in one line.
fn value(node: &Node<'_>, source: &Source) -> String {
    let json = |node: &Node<'_>| reader::json(node, &mut Vec::new());
    let written = source.text.get(node.span()).unwrap_or_default();
    match DeValue::parse(written) {
        Ok(again) if json(&again) == json(node) => written.to_owned(),
        _ => json(node).and_then(|json| toml::Value::try_from(json).ok()).map_or_else(String::new, |it| it.to_string()),
    }
}
