use super::{dependants, differences, read};
use crate::database::testing::shared_old_and_copy;
use crate::database::{Manner, Session};

#[tokio::test]
async fn what_is_built_on_mapped_tables_is_named() {
    let Some((old, _)) = shared_old_and_copy() else { return };
    let session = Session::open(&old.url("app"), Manner::QUESTION).await.unwrap();
    let found = dependants(&session, "salesforce").await.unwrap();
    let names: Vec<(&str, &str)> = found.iter().map(|it| (it.kind.as_str(), it.name.as_str())).collect();
    for expected in [
        ("view", "public.account_names"),
        ("materialised view", "public.account_count"),
        ("trigger", "hc_account_logtrigger"),
    ] {
        assert!(names.contains(&expected), "{names:?}");
    }
    let columns: Vec<&str> =
        found.iter().filter(|it| it.kind == "view").filter_map(|it| it.column.as_deref()).collect();
    assert_eq!(columns, ["id", "isdeleted", "name"]);
    assert_eq!(dependants(&session, "public").await.unwrap(), []);
}

#[tokio::test]
async fn an_inventory_does_not_differ_from_itself() {
    let Some((old, _)) = shared_old_and_copy() else { return };
    let session = Session::open(&old.url("app"), Manner::QUESTION).await.unwrap();
    let inventory = read(&session).await.unwrap();
    assert_eq!(differences(&inventory, &inventory), []);
    for kind in [
        "server",
        "extension",
        "table",
        "view",
        "materialised view",
        "index",
        "constraint",
        "trigger",
        "function",
        "type",
        "sequence",
    ] {
        assert!(inventory.of_kind(kind).next().is_some(), "no {kind}");
    }
}
