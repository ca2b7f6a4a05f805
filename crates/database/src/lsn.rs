use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A place in the write-ahead log, in bytes from its beginning. In text and JSON as PostgreSQL writes it: `0/16B3748`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Lsn(pub u64);

impl Lsn {
    /// Bytes from `earlier` to here; 0 when `earlier` is the later one.
    #[must_use]
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Bytes of a page of the log.
const PAGE: u64 = 8_192;

/// Bytes of the header of a page, and of the first page of a segment.
const HEADERS: [u64; 2] = [24, 40];

impl Lsn {
    /// The end of the last record, for the place where the next one begins. They are the same, except where the last one
    /// filled its page: the next one begins behind the header of the next page, and no follower ever reports that place
    /// while the leader is idle.
    #[must_use]
    pub const fn end_of_last_record(self) -> Self {
        let inside = self.0 % PAGE;
        if inside == HEADERS[0] || inside == HEADERS[1] { Self(self.0 - inside) } else { self }
    }
}

impl fmt::Display for Lsn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:X}/{:X}", self.0 >> 32, self.0 & 0xFFFF_FFFF)
    }
}

impl FromStr for Lsn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let half = |text: &str| u32::from_str_radix(text, 16).map(u64::from);
        let (high, low) = text.split_once('/').ok_or_else(|| format!("{text} is no place in the log"))?;
        match (half(high), half(low)) {
            (Ok(high), Ok(low)) => Ok(Self(high << 32 | low)),
            _ => Err(format!("{text} is no place in the log")),
        }
    }
}

impl From<Lsn> for String {
    fn from(lsn: Lsn) -> Self {
        lsn.to_string()
    }
}

impl TryFrom<String> for Lsn {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::Lsn;

    #[test]
    fn it_reads_what_it_writes_and_subtracts() {
        let lsn: Lsn = "2/FF00000A".parse().unwrap();
        assert_eq!(lsn.to_string(), "2/FF00000A");
        assert_eq!(lsn.since("2/FF000000".parse().unwrap()), 10);
        assert_eq!(Lsn(5).since(lsn), 0);
        assert_eq!(Lsn(8_192 * 3 + 24).end_of_last_record(), Lsn(8_192 * 3));
        assert_eq!(Lsn(8_192 * 3 + 40).end_of_last_record(), Lsn(8_192 * 3));
        assert_eq!(Lsn(8_192 * 3 + 32).end_of_last_record(), Lsn(8_192 * 3 + 32));
        for wrong in ["", "12", "g/1", "1/123456789"] {
            assert!(wrong.parse::<Lsn>().is_err(), "{wrong}");
        }
    }
}
