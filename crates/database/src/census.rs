//! How much a database holds and where hstore is: what decides whether a version upgrade can go through.

use serde::{Deserialize, Serialize};

use super::Session;
use hcops_model::Fault;

/// A database in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Census {
    /// Schemas, without the server's own.
    pub schemas: u64,
    /// Tables, indexes, views and sequences in them.
    pub objects: u64,
    /// The schema that the extension hstore is in; absent where it is not installed.
    pub hstore_schema: Option<String>,
}

const QUESTION: &str = "
    with own as (select oid from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema')
    select (select count(*) from own) as schemas,
           (select count(*) from pg_class where relnamespace in (select oid from own)) as objects,
           (select n.nspname::text from pg_extension x join pg_namespace n on n.oid = x.extnamespace
            where x.extname = 'hstore') as hstore_schema";

/// Counts. Works through a pooler.
///
/// # Errors
/// As the server refuses.
pub async fn census(session: &Session) -> Result<Census, Fault> {
    session.row(QUESTION).await
}

#[cfg(test)]
mod tests {
    use super::census;
    use crate::testing::old_and_copy;
    use crate::{Manner, Session};

    #[tokio::test]
    async fn schemas_objects_and_the_place_of_hstore_are_told() {
        let Some((old, _)) = old_and_copy() else { return };
        let session = Session::open(&old.url("app"), Manner::QUESTION).await.unwrap();
        let before = census(&session).await.unwrap();
        old.run("app", "create schema one_more; create table one_more.t (id int); create schema elsewhere").unwrap();
        let after = census(&session).await.unwrap();
        assert_eq!((after.schemas, after.objects), (before.schemas + 2, before.objects + 1));
        let hstore =
            |schema: &str| format!("drop extension if exists hstore cascade; create extension hstore schema {schema}");
        old.run("app", &hstore("elsewhere")).unwrap();
        assert_eq!(census(&session).await.unwrap().hstore_schema.as_deref(), Some("elsewhere"));
        old.run("app", "drop extension hstore cascade").unwrap();
        assert_eq!(census(&session).await.unwrap().hstore_schema, None);
    }
}
