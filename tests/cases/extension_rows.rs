use crate::case::Case;
use crate::servers::{compare, server};

/// Registers the extension by hand, since nobody may put files into a server's own folder: the folder's script for its
/// objects, then its row in `pg_extension` and the membership of its table.
fn installed(case: &Case, version: &str) -> String {
    let script = case.read(&format!("zoo--{version}.sql"));
    let (objects, configuration) = script.split_once("select pg_catalog.pg_extension_config_dump(").unwrap();
    let condition = configuration.split('\'').nth(3).unwrap();
    format!(
        "{objects}
         set allow_system_table_mods = on;
         insert into pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion, extconfig, extcondition)
           select 99001, 'zoo', 10, 'public'::regnamespace, false, '{version}', array['zoo_catalogue'::regclass::oid], array['{condition}'];
         insert into pg_depend (classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype) values
           ('pg_class'::regclass, 'zoo_catalogue'::regclass, 0, 'pg_extension'::regclass, 99001, 0, 'e');"
    )
}

#[test]
fn rows_of_another_version_of_an_extension_are_expected_and_those_of_the_app_count() {
    let Some(case) = Case::open("extension-rows") else { return };
    let (Some(old), Some(new)) = (server(Some(16)), server(Some(17))) else { return };
    let of_app = "insert into zoo_catalogue values (1000, 'ours');";
    for (server, name, version) in [(&old, "one", "1.0"), (&new, "two", "1.1")] {
        server.run("postgres", &format!("create database {name}")).unwrap();
        server.run(name, &(installed(&case, version) + of_app)).unwrap();
    }
    let told = compare((&old, "one"), (&new, "two"), &[]);
    assert_eq!(told.exit, 0, "{told}");
    assert!(told.stdout.contains("zoo"), "it is told: {told}");
    new.run("two", "update zoo_catalogue set name = 'theirs' where id = 1000").unwrap();
    let told = compare((&old, "one"), (&new, "two"), &[]);
    assert_eq!(told.exit, 15, "{told}");
    assert!(told.stdout.contains("id=1000 differs"), "{told}");
}
