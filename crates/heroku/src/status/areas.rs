//! Where an announced maintenance is felt.
//!
//! The status site tells it by coarse tags (`NA`, `EMEA`, `APAC`) and by names in prose, Salesforce Trust by instances
//! (docs/heroku/status.md, "Heroku Status" and "Salesforce Trust"). Those are compared as large areas only, because a
//! notice about one city says little about its neighbour. What is not understood counts as everywhere: a notice is
//! passed over only where every word about its place is known and none of them means the app's area.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// A part of the world, as coarse as the status site's tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Area {
    /// Tag `NA`.
    NorthAmerica,
    /// Tag `EMEA`.
    Europe,
    /// Tag `APAC`.
    AsiaPacific,
}

/// The areas that a notice names; empty means everywhere, or not told in words that are known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Areas(BTreeSet<Area>);

/// Names of regions, cities and countries as notices have them. Names of regions also lead from an app to its area.
const NORTH_AMERICA: [&str; 10] = [
    "NA",
    "US",
    "USA",
    "North America",
    "Heroku North America",
    "United States",
    "Virginia",
    "Oregon",
    "Montreal",
    "Ohio",
];
const EUROPE: [&str; 13] = [
    "EMEA",
    "EU",
    "UK",
    "Europe",
    "European",
    "Heroku Europe",
    "Heroku London",
    "Dublin",
    "Ireland",
    "Frankfurt",
    "Germany",
    "London",
    "Paris",
];
const ASIA_PACIFIC: [&str; 12] = [
    "APAC",
    "AP",
    "Asia",
    "Asia Pacific",
    "Heroku Asia",
    "Heroku Tokyo",
    "Tokyo",
    "Japan",
    "Sydney",
    "Australia",
    "Singapore",
    "Mumbai",
];

impl Areas {
    /// Everywhere.
    #[must_use]
    pub const fn everywhere() -> Self {
        Self(BTreeSet::new())
    }

    /// The areas of these names; everywhere when there are none, or one is not known.
    pub(super) fn of_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let areas: Option<BTreeSet<Area>> = names.into_iter().map(area_named).collect();
        Self(areas.unwrap_or_default())
    }

    /// The areas that a notice tells by its tags; where it has none, by the lists of regions in its texts.
    pub(super) fn of_notice<'a>(tags: &'a [String], texts: impl IntoIterator<Item = &'a str>) -> Self {
        let texts: Vec<&str> = texts.into_iter().collect();
        if texts.iter().any(|text| speaks_of_all(text)) {
            return Self::everywhere();
        }
        let listed: Vec<&str> = texts.iter().flat_map(|text| listed_places(text)).collect();
        Self::of_names(tags.iter().map(String::as_str).chain(listed))
    }

    /// Whether a notice about these areas may concern an app or connection of this region: `us`, `eu`, `frankfurt` …
    /// A region that is not known is always concerned.
    #[must_use]
    pub fn may_touch(&self, region: &str) -> bool {
        self.0.is_empty() || area_named(region).is_none_or(|area| self.0.contains(&area))
    }
}

/// The area of a region, a city or a tag, in any case; a number behind it is passed over (`virginia-2`).
fn area_named(name: &str) -> Option<Area> {
    let bare = name.trim().trim_start_matches("the ").trim_matches(|letter: char| letter == '-' || letter == ' ');
    let bare = bare.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '-' || letter == ' ');
    let is = |known: &&str| known.eq_ignore_ascii_case(bare);
    let lists: [(&[&str], Area); 3] =
        [(&NORTH_AMERICA, Area::NorthAmerica), (&EUROPE, Area::Europe), (&ASIA_PACIFIC, Area::AsiaPacific)];
    lists.into_iter().find(|(names, _)| names.iter().any(is)).map(|(_, area)| area)
}

fn speaks_of_all(text: &str) -> bool {
    let text = text.to_lowercase();
    ["all regions", "every region", "all heroku regions", "globally", "worldwide"].iter().any(|all| text.contains(all))
}

/// The places of `(A and B)`, `[A]` and `in the A and B regions`: the forms of titles (docs/heroku/status.md,
/// "Notices about Connect"). Brackets with a time of day are about something else.
fn listed_places(text: &str) -> Vec<&str> {
    let bracketed = [('(', ')'), ('[', ']')].into_iter().flat_map(|(opens, closes)| between(text, opens, closes));
    let in_the = text.match_indices(" in the ").filter_map(|(at, found)| {
        let rest = &text[at + found.len()..];
        let list = &rest[..rest.find(" region")?];
        (list.len() < LONGEST_LIST).then_some(list)
    });
    let lists = bracketed.filter(|list| !list.contains(':')).chain(in_the);
    lists.flat_map(|list| list.split([',', '&']).flat_map(|part| part.split(" and "))).map(str::trim).collect()
}

/// A longer text between "in the" and "region" is a sentence, not a list of places.
const LONGEST_LIST: usize = 60;

fn between(text: &str, opens: char, closes: char) -> Vec<&str> {
    let groups = text.split(opens).skip(1);
    groups.filter_map(|group| group.split_once(closes)).map(|(inside, _)| inside).collect()
}

#[cfg(test)]
mod tests {
    use super::Areas;

    fn notice(tags: &[&str], text: &str) -> [bool; 4] {
        let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
        let areas = Areas::of_notice(&tags, [text]);
        ["us", "eu", "tokyo", "atlantis"].map(|region| areas.may_touch(region))
    }

    #[test]
    fn tags_and_lists_of_regions_tell_the_area() {
        let (america, europe, asia) =
            ([true, false, false, true], [false, true, false, true], [false, false, true, true]);
        assert_eq!(notice(&["NA"], "Heroku Platform Maintenance"), america);
        assert_eq!(notice(&["EMEA"], "Heroku Maintenance at 22:00 UTC"), europe);
        assert_eq!(notice(&[], "Heroku Connect (Tokyo and Sydney) Maintenance, 22:00 UTC (14:00 PST)"), asia);
        assert_eq!(notice(&[], "Heroku Connect [Virginia 2] will undergo a service update"), america);
        assert_eq!(notice(&[], "Heroku Connect in the Dublin and Frankfurt regions"), europe);
        assert_eq!(notice(&["NA"], "Heroku Connect (Dublin)"), [true, true, false, true], "both count");
    }

    #[test]
    fn what_is_not_understood_counts_everywhere() {
        for (tags, text) in [
            (&[][..], "Heroku Platform Maintenance"),
            (&["LATAM"], "Heroku Platform Maintenance"),
            (&["NA", "MARS"], "Heroku Platform Maintenance"),
            (&["NA"], "Heroku Connect (Atlantis) Maintenance"),
            (&["NA"], "Data services in all regions will be restarted"),
            (&[], "Contact us if apps of the EU act up"),
        ] {
            assert_eq!(notice(tags, text), [true; 4], "{tags:?} {text}");
        }
    }

    #[test]
    fn instances_of_trust_are_areas_too() {
        let areas = Areas::of_names(["Heroku Europe", "Heroku London"]);
        assert!(areas.may_touch("eu") && !areas.may_touch("us"));
        assert!(Areas::of_names(["Heroku Moon"]).may_touch("us"));
        assert_eq!(serde_json::to_value(areas).unwrap(), serde_json::json!(["europe"]));
    }
}
