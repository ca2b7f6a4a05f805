use std::fmt;

/// The numbers that a row carries in a text of its own: which record it is, and which change it shows.
///
/// A record is named by the number of the change that made it, so both numbers come from one counter. `hcops-17-42` is
/// record 17 as change 42 left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Mark {
    /// The change that made the record.
    pub(super) record: i64,
    /// The change that wrote this value.
    pub(super) change: i64,
}

/// What every mark begins with.
pub(super) const PREFIX: &str = "hcops-";

impl Mark {
    /// Reads a mark; any other text is none.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (record, change) = text.strip_prefix(PREFIX)?.split_once('-')?;
        Some(Self { record: record.parse().ok()?, change: change.parse().ok()? })
    }

    /// The external id of its record.
    pub(super) fn external_id(self) -> String {
        format!("{PREFIX}{}", self.record)
    }

    /// The SQL expression of a mark, of the expressions of its two numbers.
    pub(super) fn expression(record: &str, change: &str) -> String {
        format!("('{PREFIX}' || {record} || '-' || {change})")
    }

    /// The SQL expression of a record's external id, of the expression of its number.
    pub(super) fn external_id_expression(record: &str) -> String {
        format!("('{PREFIX}' || {record})")
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{PREFIX}{}-{}", self.record, self.change)
    }
}

#[cfg(test)]
mod tests {
    use super::Mark;

    #[test]
    fn a_mark_is_read_back_and_nothing_else_is_taken_for_one() {
        let mark = Mark { record: 17, change: 42 };
        assert_eq!(Mark::read(&mark.to_string()), Some(mark));
        for text in ["hcops-17", "hcops-17-", "Contact 17", "hcops--1", "hcops-1-x", ""] {
            assert_eq!(Mark::read(text), None, "{text:?}");
        }
    }
}
