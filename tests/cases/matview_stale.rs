use crate::case::Case;
use crate::servers::{compare, server};
use crate::stage::{APP, Stage};

#[test]
fn a_stale_materialised_view_is_no_difference_of_a_copy() {
    let Some(case) = Case::open("matview-stale") else { return };
    let (Some(old), Some(new)) = (server(None), server(None)) else { return };
    old.run("postgres", "create database one").unwrap();
    old.run("one", &case.read("old.sql")).unwrap();
    old.copy_into("one", &new, "two").unwrap();
    let told = compare((&old, "one"), (&new, "two"), &[]);
    assert_eq!(told.exit, 0, "{told}");
    let said = told.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("public.report") && said.contains("materialised view"), "{told}");
    assert!(!said.contains("table public.report"), "{told}");
}

#[test]
fn a_stale_materialised_view_is_told_by_the_plan_and_stops_no_copy() {
    let Some(case) = Case::open("matview-stale") else { return };
    let Some(stage) = Stage::with_servers("essential", &[16]) else { return };
    stage.in_database(&case.read("old.sql"));
    stage.in_database("create materialized view of_today as select now() as at; create index on of_today (at)");
    let words = ["essential-copy", "--to-plan", "heroku-postgresql:standard-0"];
    let shown = stage.hcops(&[&["plan"], &words[..], &["-a", APP]].concat());
    let said = shown.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("public.report") && said.contains("public.of_today"), "{shown}");
    let planned = stage.planned(&words);
    let told = stage.run(&planned, &[]);
    assert_eq!(told.exit, 0, "{told}");
    assert!(stage.in_maintenance().is_empty());
    let report = stage.hcops(&["report", &stage.house.only_run()]);
    assert!(report.stdout.contains("materialised view"), "{report}");
}
