use crate::testing::{fill, majors, server_of, shared_old_and_copy};
use hcops_simulator::postgres::Cluster;

use super::super::{Depth, Method, Options, Origin, Verdict};
use super::{compared, told};

#[tokio::test]
async fn a_true_copy_has_no_difference_on_any_pair_of_majors() {
    let servers: Vec<Cluster> = majors().into_iter().filter_map(server_of).collect();
    servers.iter().for_each(fill);
    let mut pairs = 0;
    for (place, old) in servers.iter().enumerate() {
        for new in &servers[place..] {
            let name = format!("from_{}", old.major());
            old.copy_into("app", new, &name).unwrap();
            let comparison = compared(&old.url("app"), &new.url(&name), &Options::default()).await;
            let which = format!("{} and {}: {}", old.major(), new.major(), told(&comparison));
            assert_eq!(comparison.verdict, Verdict::NoDifferenceFound, "{which}");
            assert_eq!(comparison.tables.len(), 14, "{which}");
            assert!(comparison.rows > 3_700 && comparison.remarks.is_empty(), "{which}");
            pairs += 1;
        }
    }
    println!("{pairs} pairs of majors compared");
}

#[tokio::test]
async fn an_upgraded_follower_is_a_true_copy() {
    let majors = majors();
    let [from, .., to] = majors[..] else {
        return hcops_testing::missing("postgres", &format!("an upgrade needs two majors, here is {majors:?}"));
    };
    let Some(old) = server_of(from) else { return };
    fill(&old);
    let mut follower: Cluster = old.follower().unwrap();
    // A base backup holds the value itself; what is replayed afterwards holds the value that was logged in advance.
    old.run("app", "select nextval('loose_sequence')").unwrap();
    assert!((0..1_000).any(|_| follower.has_caught_up_with(&old).unwrap()), "the follower never caught up");
    follower.promote().unwrap();
    let new = follower.upgrade(to).unwrap();
    let follower = Options { origin: Origin::Follower, ..Options::default() };
    let comparison = compared(&old.url("app"), &new.url("app"), &follower).await;
    assert_eq!(comparison.verdict, Verdict::NoDifferenceFound, "{}", told(&comparison));
    assert!(comparison.sequences.iter().any(|it| it.new_next > it.old_next), "values are logged ahead");

    let copy = compared(&old.url("app"), &new.url("app"), &Options::default()).await;
    assert!(copy.differing_sequences().count() > 0, "a copy has no such excuse");
}

#[tokio::test]
async fn the_other_methods_agree_and_say_what_they_are() {
    let Some((old, new)) = shared_old_and_copy() else { return };
    for (options, method) in [
        (Options { by_text: true, ..Options::default() }, Method::RowTextHash),
        (Options { depth: Depth::Counts, ..Options::default() }, Method::Count),
    ] {
        let comparison = compared(&old.url("app"), &new.url("app"), &options).await;
        assert_eq!(comparison.verdict, Verdict::NoDifferenceFound, "{}", told(&comparison));
        assert!(comparison.tables.iter().all(|table| table.method == method));
        assert!(comparison.statement.contains(method.words()), "{}", comparison.statement);
    }
}
