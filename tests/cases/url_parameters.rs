use crate::case::Case;
use crate::house::House;
use crate::servers::server;

#[test]
fn addresses_are_read_as_psql_and_the_libraries_read_them() {
    let Some(_case) = Case::open("url-parameters") else { return };
    let Some(server) = server(None) else { return };
    for name in ["one", "two"] {
        server.run("postgres", &format!("create database {name}")).unwrap();
        server.run(name, "create table t (id int primary key); insert into t values (1)").unwrap();
    }
    let url = |name: &str| server.url(name).open().split('?').next().unwrap().to_owned();
    let two = server.url("two").open().to_owned();
    for parameters in [
        "options=-c%20statement_timeout%3D60000",
        "pool=10",
        "schema=public",
        "pgbouncer=true",
        "target_session_attrs=read-write",
        "connect_timeout=10&application_name=mine",
        "sslmode=prefer",
    ] {
        let one = format!("{}?{parameters}", url("one"));
        let told = House::new().hcops(&["postgres", "compare", &one, &two]);
        assert_eq!(told.exit, 0, "{parameters}: {told}");
    }
    let told = House::new().hcops(&["postgres", "compare", &format!("{}?colour=blue", url("one")), &two]);
    assert!(told.exit == 0 || told.stderr.contains("colour"), "a refusal names the parameter: {told}");
}
