//! The recordings name things as `{addon:leader}`; here such names become this world's ids, and back.

use std::collections::BTreeMap;

use serde_json::Value;

/// The names of things in the recordings and what stands for them in this world.
#[derive(Debug, Clone, Default)]
pub(crate) struct Templates {
    known: BTreeMap<String, String>,
}

impl Templates {
    /// Says what `name` (without braces) stands for from now on.
    pub(crate) fn learn(&mut self, name: &str, stands_for: &str) {
        self.known.insert(format!("{{{name}}}"), stands_for.to_owned());
    }

    /// The text with every known name replaced by what it stands for.
    pub(crate) fn fill(&self, text: &str) -> String {
        self.known.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
    }

    /// The value with every known name in its texts replaced by what it stands for.
    pub(crate) fn fill_value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.fill(text)),
            Value::Array(items) => items.iter().map(|item| self.fill_value(item)).collect(),
            Value::Object(fields) => {
                fields.iter().map(|(name, field)| (name.clone(), self.fill_value(field))).collect()
            }
            other => other.clone(),
        }
    }

    /// Learns the id behind a name that only an earlier answer of the same case can tell: the attachment that was just
    /// looked up, the transfer that was just started, the first or second release that was just listed.
    pub(crate) fn learn_from_answer(&mut self, path: &str, answer: &Value) {
        let newest = answer.get(0).unwrap_or(answer);
        let text = |field: &str| newest.get(field).and_then(Value::as_str);
        let last = path.split('?').next().unwrap_or(path);
        if last.contains("/addon-attachments/") {
            self.learn_some("attachment", text("id"));
        } else if last.ends_with("/releases") {
            self.learn_some("release", text("id"));
        } else if last.ends_with("/transfers") {
            self.learn_some("transfer", text("uuid"));
        }
    }

    fn learn_some(&mut self, name: &str, id: Option<&str>) {
        if let Some(id) = id {
            self.learn(name, id);
        }
    }
}

/// Puts `{uuid}` for every UUID and `{host}` for every `127.0.0.1:PORT` or `localhost:PORT`, so that two texts that
/// differ only in ids compare equal.
pub(crate) fn without_ids(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (put, length) = id_at(rest).unwrap_or_else(|| (first.to_string(), first.len_utf8()));
        plain.push_str(&put);
        rest = &rest[length..];
    }
    plain
}

fn id_at(text: &str) -> Option<(String, usize)> {
    if is_uuid(text) {
        return Some(("{uuid}".to_owned(), UUID_LENGTH));
    }
    let host = ["127.0.0.1", "localhost"].into_iter().find(|host| text.starts_with(host))?;
    let port = text[host.len()..].strip_prefix(':')?;
    let digits = port.chars().take_while(char::is_ascii_digit).count();
    (digits > 0).then(|| ("{host}".to_owned(), host.len() + 1 + digits))
}

const UUID_LENGTH: usize = 36;

fn is_uuid(text: &str) -> bool {
    let Some(candidate) = text.get(..UUID_LENGTH) else { return false };
    uuid::Uuid::try_parse(candidate).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_ports_do_not_matter_but_everything_else_does() {
        let first = "http://127.0.0.1:4101/apps/6eaf399c-7487-483c-8237-cea0f0daf0d8/x";
        let second = "http://localhost:99/apps/b9e1a751-0005-45ab-821d-4d716dc762fb/x";
        assert_eq!(without_ids(first), "http://{host}/apps/{uuid}/x");
        assert_eq!(without_ids(first), without_ids(second));
        assert_ne!(without_ids("v4 – 127.0.0.1"), without_ids("v5 – 127.0.0.1"));
    }

    #[test]
    fn a_name_is_filled_wherever_it_stands() {
        let mut templates = Templates::default();
        templates.learn("addon:leader", "id-1");
        let filled = templates.fill_value(&serde_json::json!([{ "url": "/a/{addon:leader}/b", "other": "{release}" }]));
        assert_eq!(filled, serde_json::json!([{ "url": "/a/id-1/b", "other": "{release}" }]));
    }
}
