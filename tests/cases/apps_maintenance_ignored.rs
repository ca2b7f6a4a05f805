use jiff::SignedDuration;

use hcops_model::Clock as _;

use crate::case::Case;
use crate::stage::{APP, Stage};

#[test]
fn maintenance_of_apps_or_of_the_platform_api_is_in_the_way() {
    let Some(case) = Case::open("apps-maintenance-ignored") else { return };
    for service in ["HerokuApps", "PlatformAPI"] {
        let stage = Stage::start("standard");
        let now = stage.simulator.clock().now();
        let at = |hours: i64| (now + SignedDuration::from_hours(hours)).to_string();
        let list = case.read("maintenances.json").replace("HerokuApps", service);
        let list = list.replace("IN ONE HOUR", &at(1)).replace("IN FIVE HOURS", &at(5));
        let body: serde_json::Value = serde_json::from_str(&list).unwrap();
        let rule = serde_json::json!({"name": "answer", "method": "GET", "path": "/v1/maintenances", "status": 200, "body": body});
        stage.fault(&rule.to_string());
        for words in [
            &["windows", "-a", APP, "--hours", "3"][..],
            &["plan", "version-upgrade", "-a", APP, "--to", "17", "--compare", "none"],
        ] {
            let told = stage.hcops(words);
            assert_eq!(told.exit, 11, "{service}, {words:?}: {told}");
            assert!(!told.to_string().contains("Nothing is announced"), "{service}, {words:?}: {told}");
        }
    }
}
