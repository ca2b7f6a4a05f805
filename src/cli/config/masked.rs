//! A text as it may be shown: what may be a token or a password in it is covered, letter for letter, so that carets still
//! point to the right place.

/// Covers what follows the scheme of every address, and everything that follows `notify =` on its line.
pub(super) fn masked(text: &str) -> String {
    text.split_inclusive('\n').map(masked_line).collect()
}

fn masked_line(line: &str) -> String {
    let told = line.trim_start();
    let from = match line.find('=') {
        Some(equals) if told.starts_with("notify") || told.starts_with("\"notify") => Some(equals + 1),
        _ => line.find("://").map(|scheme| scheme + "://".len()),
    };
    from.map_or_else(|| line.to_owned(), |from| format!("{}{}", &line[..from], covered(&line[from..])))
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
        ] {
            assert_eq!(masked(text), shown);
            assert_eq!(masked(text).len(), text.len());
        }
    }
}
