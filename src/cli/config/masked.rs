//! A text as it may be shown: what may be a token or a password in it is covered, letter for letter, so that carets still
//! point to the right place.

/// Covers what follows the scheme of every address, and everything that follows `notify =`, up to the next line that is surely
/// something else: a value may be broken into lines by mistake. What is no text, such as UTF-16, is covered whole.
pub(super) fn masked(text: &str) -> String {
    if text.contains('\0') {
        return covered(text);
    }
    let mut goes_on = false;
    text.split_inclusive('\n').map(|line| masked_line(line, &mut goes_on)).collect()
}

fn masked_line(line: &str, goes_on: &mut bool) -> String {
    let told = line.trim_start();
    let from = match line.find('=') {
        Some(equals) if told.starts_with("notify") || told.starts_with("\"notify") => Some(equals + 1),
        _ => line.find("://").map(|scheme| scheme + "://".len()),
    };
    *goes_on = from.is_some() || (*goes_on && !is_something_else(told));
    match from {
        Some(from) => format!("{}{}", &line[..from], covered(&line[from..])),
        None if *goes_on => covered(line),
        None => line.to_owned(),
    }
}

/// Whether a line begins with another key of the config file.
fn is_something_else(line: &str) -> bool {
    let is_of = |key: &&str| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='));
    ["app", "output", "journal", "lang"].iter().any(|key| is_of(&key))
}

/// As many bytes as before; what makes the form of a value stays.
fn covered(text: &str) -> String {
    let stays = |letter: char| letter.is_whitespace() || "\"'[],".contains(letter);
    text.chars().map(|letter| if stays(letter) { letter.to_string() } else { "*".repeat(letter.len_utf8()) }).collect()
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn tokens_are_covered_and_places_stay() {
        for (text, shown) in [
            ("app = \"acme\"\n", "app = \"acme\"\n"),
            ("notify = \"https://a.example/T\"\n", "notify = \"*******************\"\n"),
            ("  \"slack+https://a.example/T\",", "  \"slack+https://***********\","),
            ("notify = tökën", "notify = *******"),
            ("notify = [\"https:\n//a/T\"]\nT=s\napp = \"x\"", "notify = [\"******\n*****\"]\n***\napp = \"x\""),
            ("  \"https://a.ex\nample/T\",\n]\nlang=\"ja\"", "  \"https://****\n*******\",\n]\nlang=\"ja\""),
            ("n\0o\0t\0 \0T\0", "****** ***"),
        ] {
            assert_eq!(masked(text), shown);
            assert_eq!(masked(text).len(), text.len());
        }
    }
}
