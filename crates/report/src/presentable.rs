//! What a report repeats of a journal: it is handed to people who never saw the run.

use hcops_text::plain::plain;

/// `text` without anything that is not plain, its line breaks kept, and its addresses without what follows the path: the
/// address of a Salesforce login holds a token there.
pub(super) fn presentable(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(|line| without_queries(&plain(line))).collect();
    lines.join("\n")
}

fn without_queries(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        out.push_str(before);
        let end = after.find(|character: char| character.is_whitespace() || "\"'`<>()“”".contains(character));
        let (address, remainder) = after.split_at(end.unwrap_or(after.len()));
        match address.find(['?', '#']) {
            Some(query) => {
                out.push_str(&address[..query]);
                out.push_str("?…");
            }
            None => out.push_str(address),
        }
        rest = remainder;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::presentable;

    #[test]
    fn an_address_is_told_without_its_query() {
        let text = "Open https://login.salesforce.com/authorize?state=canary&x=1#y, then\n\u{202e}(https://a.example/b#c) go on?";
        assert_eq!(
            presentable(text),
            "Open https://login.salesforce.com/authorize?… then\n(https://a.example/b?…) go on?"
        );
        assert_eq!(presentable("postgres://***@h:5432/d and 1 ? 2"), "postgres://***@h:5432/d and 1 ? 2");
    }
}
