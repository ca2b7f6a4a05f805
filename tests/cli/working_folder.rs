//! hcops is called in the folder of an app, which may be anybody's repository: nothing of it is run.

#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use super::house::House;

/// Programs that a repository brings along, each of which tells that it was run.
fn hostile() -> House {
    let house = House::new();
    for program in
        [".cache/postgres/16/bin/postgres", ".cache/postgres/17/bin/postgres", "git", "heroku", "pg_config", "df", "sh"]
    {
        let path = house.path(program);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("#!/bin/sh\necho {program} >>{}\n", house.path("run").display())).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
    }
    house
}

#[test]
fn no_program_of_the_working_folder_is_run() {
    for path in ["", ".", ":/usr/bin:/bin", "./:/usr/bin:/bin"] {
        let house = hostile().with("PATH", path);
        for arguments in [
            &["rehearse", "sync-pause", "--reason", "a test", "--non-interactive"][..],
            &["rehearse", "version-upgrade", "--non-interactive", "--on-event", "true"],
            &["status"],
        ] {
            let told = house.hcops(arguments);
            let run = fs::read_to_string(house.path("run")).unwrap_or_default();
            assert_eq!(run, "", "PATH={path} {}: {told}", arguments.join(" "));
        }
    }
}

#[test]
fn servers_that_are_named_or_in_the_users_own_cache_are_looked_at() {
    let house = hostile();
    let named = house.path(".cache/postgres").display().to_string();
    let house = house.with("HCOPS_POSTGRES", &named);
    assert!(!house.hcops(&["rehearse", "sync-pause", "--reason", "a test", "--non-interactive"]).stderr.is_empty());
    assert!(fs::read_to_string(house.path("run")).unwrap().contains("postgres"), "it is named");

    let house = hostile();
    let own = house.path(".cache/hcops");
    fs::create_dir_all(&own).unwrap();
    fs::rename(house.path(".cache/postgres"), own.join("postgres")).unwrap();
    for (mode, looked_at) in [(0o777, false), (0o755, true)] {
        fs::set_permissions(own.join("postgres"), Permissions::from_mode(mode)).unwrap();
        let told = house.hcops(&["rehearse", "sync-pause", "--reason", "a test", "--non-interactive"]);
        assert_eq!(house.path("run").exists(), looked_at, "{mode:o}: {told}");
    }
}
