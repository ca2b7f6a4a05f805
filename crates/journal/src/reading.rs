//! Reading a journal's text: what is whole, what is torn, what is broken.

use serde::Deserialize;
use serde_json::Value;

use super::chain::{GENESIS, is_sealed};
use hcops_model::{Digest, FORMAT, Format, JournalFault, Line};

/// What a journal's text holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The lines, oldest first.
    pub lines: Vec<Line>,
    /// How many bytes the whole lines take; what follows is torn.
    pub whole: usize,
    /// How many bytes of a torn last line follow.
    pub torn: usize,
    /// The journal's format; this version's while there is no line.
    pub format: Format,
    /// Kinds of entry that this version does not know (a newer minor format), left out of `lines`.
    pub unknown: Vec<String>,
}

impl Reading {
    /// Whether this version may write to it: a newer minor format may only be read.
    #[must_use]
    pub const fn may_be_written(&self) -> bool {
        let newer = self.format.minor > FORMAT.minor;
        !newer
    }

    /// The seal of the newest line.
    #[must_use]
    pub fn seal(&self) -> Digest {
        self.lines.last().map_or_else(|| Digest(GENESIS.to_owned()), |line| line.chain.clone())
    }
}

/// Reads a journal. A last line without a line break, or that is no JSON, was torn by a crash: it was never
/// acknowledged, nothing was done on its strength, and it is left out and counted. What begins with a whole entry and
/// goes on was not torn: there the break after an acknowledged line was changed.
///
/// # Errors
/// With the number of the first line that is broken in the middle, whose seal does not fit, or that has a newer major
/// format.
pub fn read(text: &[u8]) -> Result<Reading, JournalFault> {
    let mut reading = Reading { lines: Vec::new(), whole: 0, torn: 0, format: FORMAT, unknown: Vec::new() };
    let mut previous = Digest(GENESIS.to_owned());
    let mut number = 0;
    while reading.whole < text.len() {
        number += 1;
        let rest = &text[reading.whole..];
        let end = rest.iter().position(|byte| *byte == b'\n');
        let length = end.map_or(rest.len(), |at| at + 1);
        let last = length == rest.len();
        match parse(end.map(|at| &rest[..at])) {
            Some((raw, value)) => previous = take(&mut reading, number, &previous, &raw, value)?,
            None if last && goes_on_after_an_entry(rest) => {
                return Err(broken(number, "something else follows where it should end"));
            }
            None if last => {
                reading.torn = length;
                return Ok(reading);
            }
            None => return Err(broken(number, "it is not a line that hcops has written")),
        }
        reading.whole += length;
    }
    Ok(reading)
}

fn parse(bytes: Option<&[u8]>) -> Option<(String, Value)> {
    let text = std::str::from_utf8(bytes?).ok()?;
    let value: Value = serde_json::from_str(text).ok()?;
    value.is_object().then(|| (text.to_owned(), value))
}

/// A crash leaves the beginning of one line, or the room for it, which is empty. So nothing stands behind a whole entry.
fn goes_on_after_an_entry(rest: &[u8]) -> bool {
    let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<serde::de::IgnoredAny>();
    let entry = matches!(values.next(), Some(Ok(_))) && rest.starts_with(b"{");
    entry && rest[values.byte_offset()..].iter().any(|byte| *byte != 0)
}

fn take(
    reading: &mut Reading,
    number: u64,
    previous: &Digest,
    raw: &str,
    value: Value,
) -> Result<Digest, JournalFault> {
    if number == 1 {
        reading.format = format_of(&value)?;
    }
    if !is_sealed(previous, raw) {
        return Err(broken(
            number,
            "its seal does not fit the lines before it: the journal was changed or lines are missing",
        ));
    }
    let chain = value["chain"].as_str().unwrap_or_default().to_owned();
    let kind = value["kind"].as_str().unwrap_or("nameless").to_owned();
    match Line::deserialize(value) {
        Ok(line) => reading.lines.push(line),
        Err(_) if !reading.may_be_written() => reading.unknown.push(kind),
        Err(error) => return Err(broken(number, &format!("it cannot be understood: {error}"))),
    }
    Ok(Digest(chain))
}

/// The format comes first: of a newer major version nothing else can be taken for granted, not even the seal.
fn format_of(first: &Value) -> Result<Format, JournalFault> {
    let format = Format::deserialize(&first["format"])
        .map_err(|_| broken(1, "it does not say in which format the journal is written"))?;
    if format.major == FORMAT.major {
        return Ok(format);
    }
    Err(JournalFault::new(
        format!(
            "the journal has format {}.{}, and this hcops reads format {}.x",
            format.major, format.minor, FORMAT.major
        ),
        "It was written by a newer hcops: update this one, then repeat the command. Nothing was changed.",
    ))
}

fn broken(number: u64, why: &str) -> JournalFault {
    JournalFault::new(
        format!("line {number} of the journal is broken: {why}"),
        "Keep the run's directory as evidence and restore the journal from a backup if there is one. Otherwise \
                 look at the app's state with `hcops status` and make a new plan from there.",
    )
}
