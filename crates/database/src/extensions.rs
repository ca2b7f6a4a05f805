//! Extensions: which a database has, in which schema, and which its server could give it.

use std::collections::{BTreeMap, BTreeSet};

use super::Session;
use hcops_model::Fault;

/// What a database and its server know of extensions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extensions {
    /// The schema of each one that the database has, by name. `plpgsql`, which every database has, is left out.
    pub installed: BTreeMap<String, String>,
    /// Those that the server could give it.
    pub available: BTreeSet<String>,
}

const INSTALLED: &str = "select e.extname, n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace \
                         where e.extname <> 'plpgsql' order by 1";
const AVAILABLE: &str = "select name from pg_available_extensions order by 1";

/// Reads both. Only looks.
///
/// # Errors
/// As the server refuses.
pub async fn read(session: &Session) -> Result<Extensions, Fault> {
    let installed = session.lines(INSTALLED).await?;
    let available = session.lines(AVAILABLE).await?;
    let cell = |line: &[Option<String>], index: usize| line.get(index).cloned().flatten().unwrap_or_default();
    Ok(Extensions {
        installed: installed.iter().map(|line| (cell(line, 0), cell(line, 1))).collect(),
        available: available.iter().map(|line| cell(line, 0)).collect(),
    })
}

/// What keeps a copy of `source` from having its extensions in `target`, one sentence for each of them.
#[must_use]
pub fn obstacles(source: &Extensions, target: &Extensions) -> Vec<String> {
    let obstacle = |(name, schema): (&String, &String)| match target.installed.get(name) {
        Some(other) if other != schema => {
            Some(format!("{name} lies in the schema {schema}, and in {other} of the new database"))
        }
        None if !target.available.contains(name) => Some(format!("the new database's server has no {name}")),
        _ => None,
    };
    source.installed.iter().filter_map(obstacle).collect()
}

#[cfg(test)]
mod tests {
    use super::{Extensions, obstacles};

    fn extensions(installed: &[(&str, &str)], available: &[&str]) -> Extensions {
        Extensions {
            installed: installed.iter().map(|(name, schema)| ((*name).to_owned(), (*schema).to_owned())).collect(),
            available: available.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    #[test]
    fn what_is_missing_or_lies_elsewhere_is_in_the_way() {
        let source = extensions(&[("citext", "public"), ("hstore", "public"), ("postgis", "public")], &[]);
        let target = extensions(&[("hstore", "heroku_ext"), ("pg_stat_statements", "public")], &["citext", "hstore"]);
        let found = obstacles(&source, &target);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("hstore lies in the schema public, and in heroku_ext"), "{found:?}");
        assert!(found[1].contains("has no postgis"), "{found:?}");
        assert!(obstacles(&target, &target).is_empty());
    }
}
