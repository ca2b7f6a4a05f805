use crate::case::Case;
use crate::servers::{compare, server};
use crate::stage::Stage;

const TABLE: &str = "create table doc(id int primary key); alter table doc enable row level security;";

#[test]
fn a_policy_for_a_role_that_the_copy_has_not_is_found_while_the_apps_are_up() {
    let Some(_case) = Case::open("policy-role-copy") else { return };
    let Some(stage) = Stage::with_servers("standard", &[16, 17]) else { return };
    let owner = stage.simulator.world().databases[0].user.clone();
    stage.in_database(&format!("{TABLE} create policy p on doc to \"{owner}\" using (true);"));
    let planned = stage.planned(&["version-upgrade", "--method", "copy", "--to", "17"]);
    let told = stage.run(&planned, &[]);
    assert_eq!(told.exit, 11, "{told}");
    let said = told.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in ["the policy p on public.doc", &owner, "ALTER POLICY"] {
        assert!(said.contains(words), "{words}: {told}");
    }
    assert!(stage.in_maintenance().is_empty(), "no app was silenced: {told}");
    // The remedy that was told is one.
    stage.in_database("alter policy p on doc to public");
    let done = stage.hcops(&["resume", "--non-interactive", "--go", "--confirm", &planned.name]);
    assert_eq!(done.exit, 0, "{done}");
}

#[test]
fn policies_of_two_owners_are_the_same() {
    let Some(_case) = Case::open("policy-role-copy") else { return };
    let (Some(old), Some(new)) = (server(None), server(None)) else { return };
    for (server, name, owner) in [(&old, "one", "u_old"), (&new, "two", "u_new")] {
        server.run("postgres", &format!("create role {owner}; create database {name} owner {owner}")).unwrap();
        server.run(name, &format!("set role {owner}; {TABLE} create policy p on doc to {owner} using (true)")).unwrap();
    }
    let told = compare((&old, "one"), (&new, "two"), &[]);
    assert_eq!(told.exit, 0, "{told}");
}
