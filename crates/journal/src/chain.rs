//! How a line is written and sealed.
//!
//! The seal of a line is the SHA-256 of the seal before it and of the line's bytes as they stand in the file, up to the
//! seal itself. Bytes rather than values are hashed, so that neither a number's last digit nor a field that this
//! version does not know can break the chain.

use jiff::Timestamp;
use serde::Serialize;

use hcops_model::{Digest, Entry, JournalFault, Line};

/// The seal before the first line.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

const SEAL_KEY: &str = ",\"chain\":\"";
const SEAL_LENGTH: usize = 64;

#[derive(Serialize)]
struct Unsealed<'a> {
    seq: u64,
    at: Timestamp,
    #[serde(flatten)]
    entry: &'a Entry,
}

/// The line that comes next, and its text without the line break.
///
/// # Errors
/// When the entry cannot be written as JSON, which is a defect.
pub fn encode(previous: &Digest, seq: u64, at: Timestamp, entry: Entry) -> Result<(Line, String), JournalFault> {
    let mut text = serde_json::to_string(&Unsealed { seq, at, entry: &entry }).map_err(|error| {
        JournalFault::new(
            format!("line {seq} of the journal cannot be written as JSON: {error}"),
            "Please report this as a defect of hcops; what is in the journal is safe.",
        )
    })?;
    let chain = seal(previous, &text);
    text.pop();
    text.push_str(&format!("{SEAL_KEY}{chain}\"}}"));
    Ok((Line { seq, at, entry, chain }, text))
}

/// Whether the seal at the end of a line's text is the one that follows `previous`.
pub(super) fn is_sealed(previous: &Digest, text: &str) -> bool {
    let Some(body) = text.strip_suffix("\"}") else { return false };
    let Some(key_at) = body.len().checked_sub(SEAL_LENGTH + SEAL_KEY.len()) else { return false };
    let Some((unsealed, sealed)) = body.split_at_checked(key_at) else { return false };
    let Some(found) = sealed.strip_prefix(SEAL_KEY) else { return false };
    seal(previous, &format!("{unsealed}}}")).0 == found
}

fn seal(previous: &Digest, unsealed: &str) -> Digest {
    Digest::of_bytes(format!("{previous}\n{unsealed}").as_bytes())
}
