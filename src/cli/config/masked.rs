//! A text as it may be shown: what may be a token or a password in it is covered, letter for letter, so that carets still
//! point to the right place.

/// Covers what follows the scheme of every address, and everything that follows `notify =`, up to the next line that is surely
/// something else: a list stands on several lines.
pub(super) fn masked(text: &str) -> String {
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

/// Every value covered, and whatever has no key of the config file: in what can't be read, an address may stand anywhere.
pub(super) fn covered_values(text: &str) -> String {
    let shown = |line: &str| {
        let end = value_of(line, &["app", "output", "journal", "lang", "notify"]).unwrap_or_default();
        format!("{}{}", &line[..end], covered(&line[end..]))
    };
    text.split_inclusive('\n').map(shown).collect()
}

/// Whether a line begins with another key of the config file.
fn is_something_else(line: &str) -> bool {
    value_of(line, &["app", "output", "journal", "lang"]).is_some()
}

/// Where the value begins in a line of one of these keys.
fn value_of(line: &str, keys: &[&str]) -> Option<usize> {
    let equals = line.find('=')?;
    keys.contains(&line[..equals].trim()).then_some(equals + 1)
}

/// As many bytes as before; what makes the form of a value stays.
fn covered(text: &str) -> String {
    let stays = |letter: char| letter.is_whitespace() || "\"'[],".contains(letter);
    text.chars().map(|letter| if stays(letter) { letter.to_string() } else { "*".repeat(letter.len_utf8()) }).collect()
}

#[cfg(test)]
mod tests {
    use super::{covered_values, masked};

    #[test]
    fn of_what_cannot_be_read_only_keys_are_shown() {
        assert_eq!(covered_values("n\0o\0t\0 \0T\0\n"), "****** ***\n");
        let text = "app = acme\noutput = a.example/T\"]\nnotify=[\n T/x = 1\n";
        let shown = "app = ****\noutput = ***********\"]\nnotify=[\n *** * *\n";
        assert_eq!(covered_values(text), shown);
    }

    #[test]
    fn tokens_are_covered_and_places_stay() {
        for (text, shown) in [
            ("app = \"acme\"\n", "app = \"acme\"\n"),
            ("notify = \"https://a.example/T\"\n", "notify = \"*******************\"\n"),
            ("  \"slack+https://a.example/T\",", "  \"slack+https://***********\","),
            ("notify = tökën", "notify = *******"),
            ("notify = [\"https:\n//a/T\"]\nT=s\napp = \"x\"", "notify = [\"******\n*****\"]\n***\napp = \"x\""),
            ("  \"https://a.ex\nample/T\",\n]\nlang=\"ja\"", "  \"https://****\n*******\",\n]\nlang=\"ja\""),
        ] {
            assert_eq!(masked(text), shown);
            assert_eq!(masked(text).len(), text.len());
        }
    }
}
