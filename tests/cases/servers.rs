//! Servers that hold a case's databases, for `hcops postgres compare`.

use hcops_simulator::postgres::Cluster;
use serde_json::Value;

use crate::house::{House, Told};

/// The major where none is named.
const USUAL: u32 = 17;

/// A new server of this major; nothing, with the reason printed, where it is missing.
pub(crate) fn server(major: Option<u32>) -> Option<Cluster> {
    hcops_testing::server_of(major.unwrap_or(USUAL))
}

/// One server with the databases `one` and `two`, each made by its own script.
pub(crate) struct Pair(Cluster);

impl Pair {
    pub(crate) fn of(one: &str, two: &str) -> Option<Self> {
        let server = server(None)?;
        for (name, script) in [("one", one), ("two", two)] {
            server.run("postgres", &format!("create database {name}")).unwrap();
            server.run(name, script).unwrap();
        }
        Some(Self(server))
    }

    /// `hcops postgres compare` of the two, with these options.
    pub(crate) fn compare(&self, options: &[&str]) -> Told {
        compare((&self.0, "one"), (&self.0, "two"), options)
    }
}

/// `hcops postgres compare` of two databases. No password may show.
pub(crate) fn compare(old: (&Cluster, &str), new: (&Cluster, &str), options: &[&str]) -> Told {
    let url = |(server, database): (&Cluster, &str)| server.url(database).open().to_owned();
    let urls = [url(old), url(new)];
    let told = House::new().hcops(&[&["postgres", "compare", &urls[0], &urls[1]], options].concat());
    let parsed = url::Url::parse(&urls[0]).unwrap();
    assert!(!told.to_string().contains(parsed.password().unwrap()), "the password is shown");
    told
}

/// What was found different in structure, by kind and name, without what is expected.
pub(crate) fn mattering(told: &Told) -> Vec<String> {
    let document: Value = serde_json::from_str(&told.stdout).unwrap_or_else(|error| panic!("{error}: {told}"));
    let found = document["structure"].as_array().unwrap().iter().filter(|it| it["weight"] == "matters");
    found.map(|it| format!("{} {}", it["kind"].as_str().unwrap(), it["name"].as_str().unwrap())).collect()
}
