//! Files that the operator names. None is read without a bound: what is too long for what it should be is something else.

use std::io::Read;
use std::path::Path;

use super::failure::Failure;

/// Longest JSON document, in bytes: a configuration of Connect's with a thousand mappings takes a fraction of it.
const LONGEST_DOCUMENT: u64 = 8 << 20;

/// The text of a file of at most so many bytes.
///
/// # Errors
/// When it cannot be read, is longer, or is not UTF-8.
pub(super) fn text(path: &Path, longest: u64) -> Result<String, Failure> {
    let bytes = bytes(path, longest)?;
    String::from_utf8(bytes).map_err(|_| unfit(path, "it is not UTF-8 text", "Save it as UTF-8."))
}

fn bytes(path: &Path, longest: u64) -> Result<Vec<u8>, Failure> {
    let fault = |error: std::io::Error| Failure::file("read", path, &error);
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(fault)?;
    file.take(longest + 1).read_to_end(&mut bytes).map_err(fault)?;
    if bytes.len() as u64 > longest {
        let what = format!("it is longer than {} MB", longest >> 20);
        return Err(unfit(path, &what, "Check that this is the file that is meant."));
    }
    Ok(bytes)
}

/// The text of a file that holds a JSON object: UTF-8, or UTF-16 with the mark that Windows puts in front.
///
/// # Errors
/// When it cannot be read, is in another encoding, or is no JSON object: the place is told, the contents are not.
pub(super) fn read(path: &Path) -> Result<String, Failure> {
    let text = decoded(&bytes(path, LONGEST_DOCUMENT)?)
        .ok_or_else(|| unfit(path, "it is neither UTF-8 nor UTF-16 with a byte order mark", "Save it as UTF-8."))?;
    match serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&text) {
        Ok(_) => Ok(text),
        Err(error) => {
            let place = format!("line {}, column {}", error.line(), error.column());
            let what = if text.trim().is_empty() {
                "it is empty".to_owned()
            } else if error.is_data() {
                "it holds JSON, but no object".to_owned()
            } else {
                format!("it is no JSON: see {place}")
            };
            Err(unfit(path, &what, "Write it again with the command that made it."))
        }
    }
}

fn decoded(bytes: &[u8]) -> Option<String> {
    let utf16 = |of: fn([u8; 2]) -> u16, rest: &[u8]| {
        let (pairs, odd) = rest.as_chunks::<2>();
        let units: Vec<u16> = pairs.iter().map(|pair| of(*pair)).collect();
        odd.is_empty().then(|| String::from_utf16(&units).ok()).flatten()
    };
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        [0xFF, 0xFE, rest @ ..] => utf16(u16::from_le_bytes, rest),
        [0xFE, 0xFF, rest @ ..] => utf16(u16::from_be_bytes, rest),
        all => String::from_utf8(all.to_vec()).ok(),
    }
}

fn unfit(path: &Path, what: &str, remedy: &str) -> Failure {
    Failure::usage(format!("{} cannot be used: {what}", path.display()), "What is done rests on it.", remedy)
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn marks_of_windows_are_read_and_other_encodings_are_not_guessed() {
        let text = "{\"a\": \"é\"}";
        let utf16 = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        let marked = |mark: &[u8], rest: &[u8]| decoded(&[mark, rest].concat());
        assert_eq!(decoded(text.as_bytes()).as_deref(), Some(text));
        assert_eq!(marked(&[0xEF, 0xBB, 0xBF], text.as_bytes()).as_deref(), Some(text));
        assert_eq!(marked(&[0xFF, 0xFE], &utf16(u16::to_le_bytes)).as_deref(), Some(text));
        assert_eq!(marked(&[0xFE, 0xFF], &utf16(u16::to_be_bytes)).as_deref(), Some(text));
        assert_eq!(marked(&[0xFF, 0xFE], b"odd"), None);
        assert_eq!(decoded(&[b'{', 0xE9, b'}']), None, "Latin-1");
    }
}
