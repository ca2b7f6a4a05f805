//! Small inputs that once failed, one folder each: what its README says must be seen is asserted here, with the folder's own
//! files. The folders are beside the repository (`../shared/cases`, or where `HCOPS_TESTS_CASES` says); where there are none,
//! these tests are skipped (`HCOPS_TESTS_REQUIRE=cases` makes them fail instead).

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod case;
#[path = "../cli/house.rs"]
mod house;
mod recorder;
mod servers;
mod silent;
mod stage;

/// A module for each folder, of the same name.
macro_rules! cases {
    ($($module:ident),* $(,)?) => {
        $(mod $module;)*
        const TESTED: &[(&str, &str)] = &[$((stringify!($module), include_str!(concat!(stringify!($module), ".rs")))),*];
    };
}

cases!(
    account_scope,
    advanced_plan,
    api_hangs,
    apps_maintenance_ignored,
    attachment_names,
    blank_domain,
    events_connection,
    extension_rows,
    handmade_config_var,
    import_plan,
    kinds_not_compared,
    looks_stay_unfinished,
    loose_definitions,
    matview_stale,
    netrc_comments,
    policy_role_copy,
    refused_crossing,
    role_key_missing,
    shared_server_neighbour,
    url_parameters,
);

#[test]
fn every_folder_has_a_test() {
    let Some(folders) = case::folders() else { return };
    let has_test = |folder: &String| {
        let module = folder.replace('-', "_");
        TESTED.iter().any(|(name, source)| {
            *name == module && source.contains(&format!("Case::open(\"{folder}\")")) && source.contains("#[test]")
        })
    };
    let without: Vec<&String> = folders.iter().filter(|folder| !has_test(folder)).collect();
    assert!(without.is_empty(), "add a module to tests/cases/main.rs for {without:?}");
}
