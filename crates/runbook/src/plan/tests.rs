use serde_json::{Value, json};

use hcops_model::{Effect, Plan, PlannedStep};

use super::super::parse;
use super::super::testing::{EXAMPLE, Scripted, example, facts, given, made, planned};
use super::plan;

fn upgrade() -> Plan {
    planned(&[("to", "17")], &facts()).unwrap_or_else(|problems| panic!("{problems}"))
}

fn step<'a>(plan: &'a Plan, id: &str) -> &'a PlannedStep {
    plan.step(&id.into()).unwrap_or_else(|| panic!("no step {id}"))
}

fn refusal(pairs: &[(&str, &str)], facts: &Value) -> String {
    planned(pairs, facts).expect_err("this should have been refused").to_string()
}

#[test]
fn everything_is_filled_in_but_what_only_the_run_can_know() {
    let plan = upgrade();
    assert_eq!(plan.title, "Upgrade Postgres 16 to 17 through a follower");
    assert_eq!((plan.app.as_str(), plan.resource.as_deref()), ("acme-crm", Some("herokuconnect-rigid-1")));
    assert_eq!(
        json!(plan.inputs),
        json!({"to": 17, "follower_name": "acme-crm-pg-0a1b2c", "switch": "attach"}),
        "typed, with defaults, without what was left out"
    );
    let follower = step(&plan, "create-follower");
    assert_eq!(follower.with, json!({"leader": "postgresql-old-1", "name": "acme-crm-pg-0a1b2c"}));
    assert_eq!((follower.effect, follower.expect.limit), (Effect::Findable, 4 * 3600));
    let upgrade = step(&plan, "upgrade");
    assert_eq!(upgrade.with, json!({"database": "${steps.create-follower.name}", "version": 17}));
    assert_eq!(plan.holds["apps-silent"].with["apps"], facts()["apps"], "a whole reference takes the list");
    let crossing = step(&plan, "promote").crossing.clone().expect("a crossing");
    assert_eq!(crossing.name, "acme-crm-pg-0a1b2c");
    assert_eq!(crossing.lost, "The old leader postgresql-old-1 no longer receives writes.");
}

#[test]
fn a_step_is_made_for_each_thing_and_the_others_say_why_not() {
    let plan = upgrade();
    let ids: Vec<&str> = plan.steps.iter().map(|step| step.id.as_str()).collect();
    assert!(ids.contains(&"move-attachment@acme-web::DATABASE") && ids.contains(&"move-attachment@acme-crm::POOL"));
    let on = step(&plan, "maintenance-on@acme-crm");
    assert_eq!(on.with, json!({"app": "acme-crm", "on": true}));
    assert_eq!(on.undo.as_ref().map(|undo| undo.title.as_str()), Some("Turn maintenance off for acme-crm"));
    let left_out = step(&plan, "maintenance-on@acme-web");
    assert_eq!(left_out.omitted.as_deref(), Some("`maintenance` of acme-web is `true`, not `false`"));
    assert_eq!(left_out.downtime, None, "what is left out starts nothing");
    let formation = &step(&plan, "scale-down@acme-web").undo.as_ref().expect("an undo").with["formation"];
    assert_eq!(formation[0]["quantity"], 1);
}

#[test]
fn a_condition_that_is_not_met_leaves_the_step_out_with_its_reason() {
    let plan = upgrade();
    let alias = step(&plan, "keep-alias");
    assert_eq!(alias.omitted.as_deref(), Some("`needs_alias` is `false`, not `true`"));
    assert_eq!(step(&plan, "promote").omitted, None);
}

#[test]
fn a_plan_that_would_change_nothing_is_refused() {
    let mut custom = facts();
    custom["connection"]["db_key"] = json!("CRM_URL");
    let said = refusal(&[("to", "17")], &custom);
    let reason = "left out: `promote` because `connection.db_key` is `CRM_URL`, not `DATABASE_URL`";
    assert!(said.contains(reason), "{said}");
}

#[test]
fn a_survey_without_an_app_is_refused() {
    let mut nameless = facts();
    nameless["app"]["name"] = Value::Null;
    assert!(refusal(&[("to", "17")], &nameless).contains("the survey found no `app.name`"));
}

#[test]
fn inputs_are_refused_by_their_flags() {
    insta::assert_snapshot!(refusal(&[("to", "seventeen"), ("swich", "x"), ("switch", "swap")], &facts()), @r"
    error: `version-upgrade` has no input --swich
    help: did you mean `--switch`?

    error: --to must be a whole number, not `seventeen`
    help: Postgres major version to end on

    error: --switch must be one of `attach`, `repoint`, not `swap`
    help: How a connection with a database setting of its own is switched
    ");
    insta::assert_snapshot!(refusal(&[("to", "17"), ("follower_name", "new database!")], &facts()), @r"
    error: --follower-name must be a name of a letter followed by letters, digits, dashes and underscores, not `new database!`
    help: Name of the new database
    ");
    insta::assert_snapshot!(refusal(&[], &facts()), @r"
    error: --to is needed
    help: Postgres major version to end on
    ");
}

#[test]
fn a_tier_that_the_method_is_not_for_is_refused() {
    let mut essential = facts();
    essential["database"]["tier"] = json!("essential");
    essential["database"]["plan"] = json!("heroku-postgresql:essential-0");
    insta::assert_snapshot!(refusal(&[("to", "17")], &essential), @r#"
    error: the method `follower` is not for this database: its tier is `essential` (plan heroku-postgresql:essential-0)
     --> example.toml:6:22
      |
    6 | requires  = { tier = ["standard", "premium", "private", "shield"] }
      |                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ it needs one of `standard`, `premium`, `private`, `shield`
      |
      = help: see the other methods of `version-upgrade` with `hcops runbook list` and name one with `--method`
    "#);
    essential["database"].as_object_mut().expect("facts").remove("tier");
    assert!(refusal(&[("to", "17")], &essential).contains("its tier is `unknown`"), "unknown is not success");
}

#[test]
fn a_fact_that_was_not_found_is_refused_where_it_is_needed() {
    let mut gone = facts();
    gone["connection"].as_object_mut().expect("facts").remove("id");
    let said = refusal(&[("to", "17")], &gone);
    assert!(said.contains("the survey found no `connection.id`"), "{said}");
    let mut unsafe_name = facts();
    unsafe_name["needs_alias"] = json!(true);
    let said = refusal(&[("to", "17")], &unsafe_name);
    assert!(said.contains("do not fit: `alias` is null"), "a null is not a name: {said}");
    let mut nameless = facts();
    nameless["follower_name"] = Value::Null;
    let said = refusal(&[("to", "17")], &nameless);
    assert!(said.contains("--follower-name is needed"), "{said}");
}

#[test]
fn things_of_the_same_name_can_not_be_told_apart() {
    let mut double = facts();
    double["apps"][1]["name"] = json!("acme-crm");
    let said = refusal(&[("to", "17")], &double);
    assert!(said.contains("two things of `apps` are called `acme-crm`"), "{said}");
}

#[test]
fn no_password_gets_into_a_plan() {
    let url = "postgres://user:hunter2@db.example:5432/name";
    let said = refusal(&[("to", "17"), ("plan", url)], &facts());
    assert!(said.contains("the value of --plan holds a password") && !said.contains("hunter2"), "{said}");
    let mut leaking = facts();
    leaking["attachments"][0]["because"] = json!(format!("it is {url} there"));
    let said = refusal(&[("to", "17")], &leaking);
    assert!(said.contains("the survey's facts hold a password") && !said.contains("hunter2"), "{said}");
}

#[test]
fn a_name_that_reads_like_a_reference_is_refused() {
    let mut smuggled = facts();
    smuggled["connection"]["name"] = json!("${steps.create-follower.id}");
    let said = refusal(&[("to", "17")], &smuggled);
    assert!(said.contains("would be taken for a reference"), "{said}");
}

#[test]
fn a_step_that_needs_one_that_is_left_out_is_refused() {
    let text = super::super::testing::EXAMPLE.replace(
        "id       = \"create-follower\"\n",
        "id       = \"create-follower\"\nwhen     = { input = \"switch\", is = \"repoint\" }\n",
    );
    let book = super::super::parse("example.toml", &text).expect("well formed");
    let said = plan(&book, &given(&[("to", "17")]), &facts(), &json!({}), vec![], &Scripted::all(), "0.1.0", made())
        .expect_err("its output is needed")
        .to_string();
    assert!(
        said.contains("`upgrade` needs the step `create-follower`: it is left out because `--switch` is"),
        "{said}"
    );
}

#[test]
fn the_digest_ignores_when_and_what_was_noted_and_nothing_else() {
    let book = example();
    let of = |noted: Value, second: i64| {
        let now = jiff::Timestamp::from_second(second).expect("a moment");
        plan(&book, &given(&[("to", "17")]), &facts(), &noted, vec![], &Scripted::all(), "0.1.0", now).expect("a plan")
    };
    assert_eq!(of(json!({"lag": 1}), 1).digest(), of(json!({"lag": 2}), 2).digest());
    assert_ne!(upgrade().digest(), planned(&[("to", "18")], &facts()).expect("a plan").digest());
}

/// The example, after these replacements, planned over a database of 20 GB.
fn planned_after(edits: &[(&str, &str)], pairs: &[(&str, &str)]) -> Plan {
    let mut text = EXAMPLE.to_owned();
    for (from, to) in edits {
        assert!(text.contains(from), "the example holds no {from:?}");
        text = text.replacen(from, to, 1);
    }
    let book = parse("example.toml", &text).unwrap_or_else(|problems| panic!("{problems}"));
    let mut facts = facts();
    facts["database"]["gigabytes"] = json!(20);
    plan(&book, &given(pairs), &facts, &json!({}), vec![], &Scripted::all(), "0.1.0", made())
        .unwrap_or_else(|problems| panic!("{problems}"))
}

#[test]
fn a_hold_whose_condition_is_not_met_is_looked_at_by_no_step() {
    let why = "why    = \"What is written to the old database now is lost.\"\n";
    let conditional = format!("{why}when   = {{ input = \"switch\", is_not = \"repoint\" }}\n");
    let edits = [(why, conditional.as_str())];
    let with = planned_after(&edits, &[("to", "17")]);
    assert!(with.holds.contains_key("apps-silent") && step(&with, "upgrade").holds.contains(&"apps-silent".to_owned()));
    let without = planned_after(&edits, &[("to", "17"), ("switch", "repoint")]);
    assert!(!without.holds.contains_key("apps-silent"), "{:?}", without.holds.keys());
    assert!(without.steps.iter().all(|step| !step.holds.contains(&"apps-silent".to_owned())));
}

#[test]
fn a_step_may_take_longer_the_larger_the_database_is() {
    let fixed = "expect   = { usual = \"10m\", limit = \"4h\" }";
    let growing = "expect   = { usual = \"10m\", per_gigabyte = \"10s\", limit = \"4h\" }";
    let expect = |edit: &str| step(&planned_after(&[(fixed, edit)], &[("to", "17")]), "create-follower").expect;
    assert_eq!((expect(growing).usual, expect(growing).limit), (600 + 200, 4 * 3600));
    let beyond = expect("expect   = { usual = \"10m\", per_gigabyte = \"1h\", limit = \"4h\" }");
    assert_eq!((beyond.usual, beyond.limit), (600 + 20 * 3600, 2 * (600 + 20 * 3600)), "the limit goes with it");
    assert_eq!(expect(fixed).usual, 600);
}
