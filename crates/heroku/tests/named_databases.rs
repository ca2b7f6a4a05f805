//! Databases by the names that people give them, asked of the simulator.

#![expect(clippy::unwrap_used, reason = "a test ends where its stage cannot be set")]

use hcops_heroku::{Clients, Origins};
use hcops_model::{FaultKind, Secret};
use hcops_simulator::{ClockMode, Simulator};

fn clients() -> Clients {
    let simulator = Simulator::from_scenario("standard", ClockMode::Paused, 1).unwrap();
    let origins = Origins::all_at("http://127.0.0.1:1").unwrap();
    Clients::new(simulator.wire(), origins, Secret::new("simulated"), simulator.clock())
}

#[tokio::test]
async fn attachment_config_var_and_addon_mean_the_same() {
    let platform = clients().platform;
    let one = platform.named_database("acme-crm", "DATABASE").await.unwrap();
    for name in ["DATABASE_URL", "postgresql-flat-11007"] {
        assert_eq!(platform.named_database("acme-crm", name).await.unwrap(), one, "{name}");
    }
    let pooled = platform.named_database("acme-crm", "DATABASE_CONNECTION_POOL").await.unwrap();
    assert_ne!(pooled, one);
}

#[tokio::test]
async fn a_name_is_found_on_its_own_app_and_an_add_on_everywhere() {
    let platform = clients().platform;
    let owner = ("postgresql-flat-11007", "acme-crm");
    let names = [
        ("acme-crm", "DATABASE"),
        ("acme-jobs", "acme-crm::DATABASE"),
        ("acme-crm", "acme-jobs::DATABASE_URL"),
        ("acme-jobs", "postgresql-flat-11007"),
    ];
    for (app, name) in names {
        assert_eq!(platform.find_database(app, name).await.unwrap().addon(), Some(owner), "{app} {name}");
    }
    let id = platform.addon("postgresql-flat-11007").await.unwrap().id;
    assert_eq!(platform.find_database("acme-crm", &id).await.unwrap().addon(), Some(owner));
    for name in ["database", "Database_Url", "heroku-postgresql"] {
        assert_eq!(platform.find_database("acme-crm", name).await.unwrap_err().kind, FaultKind::NotFound, "{name}");
    }
}

#[tokio::test]
async fn what_is_not_a_database_is_unknown() {
    let platform = clients().platform;
    for (app, name) in
        [("acme-crm", "NOTHING"), ("acme-crm", "RAILS_ENV"), ("acme-crm", "HEROKUCONNECT"), ("acme-nothing", "X")]
    {
        let fault = platform.named_database(app, name).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::NotFound, "{app} {name}: {fault:?}");
    }
    let fault = platform.named_database("acme-crm", "NOTHING").await.unwrap_err();
    assert!(fault.remedy.contains("DATABASE_URL"), "{fault:?}");
    assert!(!format!("{fault:?}").contains("canary"), "{fault:?}");
}

#[tokio::test]
async fn the_direct_address_of_an_add_on_is_never_the_poolers() {
    let platform = clients().platform;
    let direct = platform.direct_address("acme-crm", "postgresql-flat-11007").await.unwrap();
    assert_eq!(direct, platform.named_database("acme-crm", "DATABASE").await.unwrap());
    assert_eq!(direct, platform.direct_address("acme-jobs", "postgresql-flat-11007").await.unwrap());
    assert_eq!(platform.direct_address("acme-crm", "gone").await.unwrap_err().kind, FaultKind::NotFound);
    let other = platform.direct_address("acme-crm", "herokuconnect-tidal-40217").await.unwrap_err();
    assert!(other.remedy.contains("Attach it") || other.kind == FaultKind::NotFound, "{other:?}");
}
