/// Seconds of a duration such as `90s`, `15m` or `2h`.
///
/// # Errors
/// One sentence when it is not a whole number followed by `s`, `m` or `h`, or is too long to count.
pub(super) fn seconds(text: &str) -> Result<u64, String> {
    let wrong =
        || format!("`{text}` is not a duration: write a whole number with `s`, `m` or `h` behind it, as in `15m`");
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
    let factor = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return Err(wrong()),
    };
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong());
    }
    number.parse::<u64>().ok().and_then(|number| number.checked_mul(factor)).ok_or_else(wrong)
}

/// The shortest exact form of a number of seconds: `90s`, `15m`, `2h`.
pub(super) fn display(seconds: u64) -> String {
    match seconds {
        0 => "0s".to_owned(),
        whole if whole % 3600 == 0 => format!("{}h", whole / 3600),
        whole if whole % 60 == 0 => format!("{}m", whole / 60),
        other => format!("{other}s"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{display, seconds};

    #[test]
    fn only_a_number_and_a_unit_is_a_duration() {
        assert_eq!(seconds("90s"), Ok(90));
        assert_eq!(seconds("15m"), Ok(900));
        assert_eq!(seconds("2h"), Ok(7200));
        for wrong in ["", "m", "15", "15 m", "+15m", "-1s", "1.5h", "1d", "15µ", "99999999999999999999h"] {
            assert!(seconds(wrong).is_err(), "{wrong:?} was taken as a duration");
        }
    }

    proptest! {
        #[test]
        fn what_is_displayed_reads_back(number in 0_u64..10_000_000) {
            prop_assert_eq!(seconds(&display(number)), Ok(number));
        }
    }
}
