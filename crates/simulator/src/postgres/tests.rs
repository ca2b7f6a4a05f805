use std::path::Path;

use super::account::Account;
use super::watchdog::{Afterwards, Watchdog};
use super::{Cluster, Encryption, Installations, Stop, Workshop};

fn workshop() -> Option<Workshop> {
    let cache = hcops_testing::cached_servers();
    let installations = Installations::find(&[], Some(&cache));
    if installations.majors().is_empty() {
        hcops_testing::missing("postgres", "no PostgreSQL server is installed here; `scripts/postgres` fetches some");
        return None;
    }
    Some(Workshop::open(installations, None).unwrap())
}

fn newest(workshop: &Workshop) -> Cluster {
    let major = *workshop.installations().majors().last().unwrap();
    workshop.cluster(major, Encryption::Off).unwrap()
}

#[test]
fn a_follower_holds_what_its_leader_wrote_and_writes_after_promotion() {
    let Some(workshop) = workshop() else { return };
    let leader = newest(&workshop);
    leader.run("postgres", "create table kept (id int); insert into kept values (1)").unwrap();
    let mut follower = leader.follower().unwrap();
    assert_eq!(follower.run("postgres", "select pg_is_in_recovery(), count(*) from kept").unwrap(), "t|1\n");
    assert!(follower.run("postgres", "insert into kept values (2)").is_err());
    leader.run("postgres", "insert into kept values (3)").unwrap();
    let caught_up = (0..1_000).any(|_| follower.has_caught_up_with(&leader).unwrap());
    assert!(caught_up, "the follower never caught up");
    follower.promote().unwrap();
    follower.run("postgres", "insert into kept values (2)").unwrap();
    assert_eq!(follower.run("postgres", "select count(*) from kept").unwrap(), "3\n");
    assert_eq!(leader.run("postgres", "select count(*) from kept").unwrap(), "2\n");
}

#[test]
fn an_upgrade_keeps_the_rows_and_changes_the_major() {
    let Some(workshop) = workshop() else { return };
    let majors = workshop.installations().majors();
    let [from, .., to] = majors[..] else {
        return hcops_testing::missing("postgres", &format!("an upgrade needs two majors, here is {majors:?}"));
    };
    let old = workshop.cluster(from, Encryption::Off).unwrap();
    old.run("postgres", "create table kept as select generate_series(1, 100) id").unwrap();
    let new = old.upgrade(to).unwrap();
    let seen = new.run("postgres", "select current_setting('server_version_num')::int / 10000, count(*) from kept");
    assert_eq!(seen.unwrap(), format!("{to}|100\n"));
}

#[test]
fn a_copy_holds_the_rows_of_its_origin() {
    let Some(workshop) = workshop() else { return };
    let (old, new) = (newest(&workshop), newest(&workshop));
    old.run("postgres", "create database app").unwrap();
    old.run("app", "create table kept as select generate_series(1, 100) id").unwrap();
    old.copy_into("app", &new, "copy").unwrap();
    assert_eq!(new.run("copy", "select count(*) from kept").unwrap(), "100\n");
}

#[test]
fn a_copy_leaves_the_settings_of_its_target() {
    let Some(workshop) = workshop() else { return };
    let (old, new) = (newest(&workshop), newest(&workshop));
    old.run("postgres", "create database app").unwrap();
    new.run("postgres", "create role u; create database copy owner u; alter database copy set search_path = a, \"B\"")
        .unwrap();
    for _ in 0..2 {
        old.dump_for("app", &new, "dump").unwrap();
        new.restore_over("dump", "copy", "u").unwrap();
    }
    assert_eq!(new.run("copy", "show search_path").unwrap(), "a, \"B\"\n");
}

#[test]
fn an_abrupt_stop_is_recovered_from_and_a_second_stop_is_harmless() {
    let Some(workshop) = workshop() else { return };
    let mut server = newest(&workshop);
    let port = server.port();
    server.stop(Stop::Abrupt).unwrap();
    server.stop(Stop::Clean).unwrap();
    server.start().unwrap();
    assert_eq!(server.port(), port);
    assert_eq!(server.run("postgres", "select 1").unwrap(), "1\n");
}

#[test]
fn servers_and_folder_are_gone_when_everything_is_dropped() {
    let Some(workshop) = workshop() else { return };
    let server = newest(&workshop);
    let place = server.place.clone();
    drop(workshop);
    assert!(place.exists(), "the server keeps its workshop");
    drop(server);
    assert!(!place.exists());
    assert!(!place.parent().is_some_and(Path::exists));
}

#[test]
fn the_watchdog_alone_ends_servers_and_removes_their_folder() {
    let Some(workshop) = workshop() else { return };
    let server = newest(&workshop);
    let folder = server.place.parent().unwrap().to_owned();
    // What a process that is killed leaves behind: servers that run, and a pipe that the system closes.
    let account = Account::for_owner_of(&folder).unwrap();
    drop(Watchdog::over(&folder, &folder.join("sockets"), account, Afterwards::Remove).unwrap());
    assert!(!folder.exists());
    assert!(std::net::TcpStream::connect(("127.0.0.1", server.port())).is_err());
}
