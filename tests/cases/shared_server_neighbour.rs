use crate::case::Case;
use crate::stage::Stage;

const NEIGHBOUR: &str = "insert into theirs values (1)";

/// The whole procedure beside those who work on the same server.
fn copied(neighbour: bool, reader: bool) {
    let Some(_case) = Case::open("shared-server-neighbour") else { return };
    let Some(stage) = Stage::with_servers("essential", &[16]) else { return };
    if neighbour {
        let admin = stage.superuser("postgres", "psql");
        stage.once(&admin, "create database neighbour");
        let client = stage.superuser("neighbour", "another tenant");
        stage.once(&client, "create table theirs (n int)");
        stage.repeat(client, 0.7, NEIGHBOUR);
    }
    if reader {
        let database = stage.simulator.world().databases[0].database.clone();
        stage.repeat(stage.superuser(&database, "acme-crm web pool"), 2.0, "select 1");
    }
    let planned = stage.planned(&["essential-copy", "--to-plan", "heroku-postgresql:standard-0"]);
    let told = stage.run(&planned, &[]);
    assert_eq!(told.exit, 0, "neighbour {neighbour}, reader {reader}: {told}");
    assert!(stage.in_maintenance().is_empty());
}

#[test]
fn a_server_of_its_own() {
    copied(false, false);
}

#[test]
fn beside_a_reader() {
    copied(false, true);
}

#[test]
fn beside_a_neighbour() {
    copied(true, false);
}

#[test]
fn beside_a_neighbour_and_a_reader() {
    copied(true, true);
}
