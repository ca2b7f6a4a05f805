//! What may not be read, what must not be asked, and how fast.

use std::num::NonZeroU32;
use std::sync::Arc;

use crate::testing::{Pooler, VirtualClock, old_and_copy, pooler, shared_old_and_copy};
use hcops_model::{Clock, FaultKind};

use super::super::{Options, Progress, Verdict, compare};
use super::{clock, compared, told};

#[tokio::test]
async fn what_the_credential_may_not_read_is_named() {
    let Some((old, new)) = old_and_copy() else { return };
    for server in [&old, &new] {
        let script = "create role reader login password 'hunter2'; grant usage on schema salesforce to reader;
            grant select on all tables in schema salesforce to reader; grant select on two_keys, no_key to reader;
            revoke select on salesforce._hcmeta from reader;
            alter table no_key enable row level security; create policy few on no_key to reader using (a = 1);";
        server.run("app", script).unwrap();
    }
    let url = |server: &hcops_simulator::postgres::Cluster| server.url_as("reader", "hunter2", "app");
    let comparison = compared(&url(&old), &url(&new), &Options::default()).await;
    assert_eq!(comparison.verdict, Verdict::NotAllCompared, "{}", told(&comparison));
    let why = |what: &str| comparison.not_compared.iter().find(|it| it.what == what).map(|it| it.why.as_str());
    assert_eq!(why("salesforce._hcmeta"), Some("the credential may not read it"));
    assert_eq!(why("sequence salesforce.account_id_seq"), Some("the credential may not read it"));
    assert!(why("public.no_key").unwrap().contains("row-level security"), "{}", told(&comparison));
    assert!(why("large objects").unwrap().contains("permission denied"), "{}", told(&comparison));
    assert!(comparison.statement.contains("not compared:"), "{}", comparison.statement);
    assert!(comparison.tables.iter().any(|table| table.table == "salesforce.account"));
}

#[tokio::test]
async fn a_pooler_and_one_database_twice_are_refused() {
    let Some((old, new)) = shared_old_and_copy() else { return };
    let quiet = || Arc::new(|_: &Progress| ());
    let options = Options::default();
    let pooled = pooler(old, Pooler::Swallows).await;
    let fault = compare(&pooled.url(old), &new.url("app"), &options, clock(), quiet()).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Refused);
    assert!(fault.remedy.contains("_CONNECTION_POOL"), "{fault:?}");
    let fault = compare(&old.url("app"), &old.url("app"), &options, clock(), quiet()).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Usage);
}

#[tokio::test]
async fn the_rate_is_kept_with_any_number_of_connections() {
    let Some((old, new)) = shared_old_and_copy() else { return };
    let clock = Arc::new(VirtualClock::default());
    let options = Options { max_rate: Some(50_000), jobs: NonZeroU32::new(4).unwrap(), ..Options::default() };
    let watch = Arc::new(|_: &Progress| ());
    let comparison =
        compare(&old.url("app"), &new.url("app"), &options, Arc::clone(&clock) as Arc<dyn Clock>, watch).await.unwrap();
    assert_eq!(comparison.verdict, Verdict::NoDifferenceFound);
    let least = comparison.bytes / 50_000 - 2;
    assert!(clock.waited().as_secs() >= least && least > 5, "{:?} for {} bytes", clock.waited(), comparison.bytes);
}
