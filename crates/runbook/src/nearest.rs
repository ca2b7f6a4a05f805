/// The candidate that `given` was most likely meant to be; none when nothing is near.
pub fn nearest<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::normalized_damerau_levenshtein(given, candidate), candidate))
        .filter(|(likeness, _)| *likeness >= 0.6)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, candidate)| candidate)
}

/// A sentence that names the nearest candidate, or else all of them; none when there are no candidates.
pub(super) fn did_you_mean<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    match nearest(given, candidates.iter().copied()) {
        Some(candidate) => Some(format!("did you mean `{candidate}`?")),
        None if candidates.is_empty() => None,
        None => Some(format!("there is: {}", listed(candidates))),
    }
}

/// Names in backticks, separated by commas.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn a_slip_is_recognised_and_a_stranger_is_shown_the_list() {
        let known = ["connect.pause", "connect.resume"];
        assert_eq!(did_you_mean("conect.pause", known).as_deref(), Some("did you mean `connect.pause`?"));
        assert_eq!(did_you_mean("zzz", known).as_deref(), Some("there is: `connect.pause`, `connect.resume`"));
        assert_eq!(did_you_mean("zzz", []), None);
    }
}
