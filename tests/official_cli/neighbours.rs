//! Requests of official commands that are not among the recordings: they find something sensible too.

use axum::http::{HeaderMap, HeaderValue, Method, header};

use crate::cases::{Preset, TOKEN};
use crate::http::{self, Answer};
use crate::stage::Stage;

/// What other commands look at, from `apps` and `ps` to `pg:settings` and `domains`.
const LOOKS: [&str; 26] = [
    "/users/~/apps",
    "/apps/hc-other",
    "/apps/hc-demo/dynos",
    "/apps/hc-demo/formation/web",
    "/apps/hc-demo/releases/2",
    "/apps/hc-demo/releases/3/config-vars",
    "/apps/hc-demo/domains",
    "/apps/hc-demo/features",
    "/apps/hc-demo/log-drains",
    "/apps/hc-demo/webhooks",
    "/addon-services",
    "/addon-services/herokuconnect",
    "/addon-services/heroku-postgresql/plans",
    "/regions",
    "/stacks",
    "/pipelines?eq[name]=hc-pipeline",
    "/teams",
    "/spaces",
    "/account/features",
    "/client/v11/apps/hc-demo/transfers",
    "/client/v11/databases/{addon:leader}/links",
    "/client/v11/databases/{addon:leader}/transfer-schedules",
    "/client/v11/databases/postgresql-curved-12345/connection-pooling",
    "/postgres/v0/databases/{addon:leader}/config",
    "/data/maintenances/v1/{addon:leader}",
    "/data/maintenances/v1/{addon:leader}/history/?limit=5",
];

/// What does not exist.
const UNKNOWN: [&str; 8] = [
    "/apps/nope",
    "/apps/nope/addons",
    "/addons/nope",
    "/apps/hc-demo/addon-attachments/NOPE",
    "/client/v11/databases/nope",
    "/apps/hc-demo/releases/99",
    "/pipelines/nope",
    "/nothing/like/it",
];

#[tokio::test(flavor = "multi_thread")]
async fn other_commands_find_what_they_look_for() {
    let stage = Stage::set(&Preset::default(), &[]).await;
    for path in LOOKS {
        let answer = look(&stage, path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.json().is_array() || answer.json().is_object(), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_exist_is_a_404_with_words() {
    let stage = Stage::set(&Preset::default(), &[]).await;
    for path in UNKNOWN {
        let answer = look(&stage, path).await;
        assert_eq!((answer.status, answer.json()["id"].as_str()), (404, Some("not_found")), "{path}");
        assert!(answer.json()["message"].is_string(), "{path}");
    }
}

async fn look(stage: &Stage, path: &str) -> Answer {
    let mut headers = HeaderMap::new();
    headers.insert(header::AUTHORIZATION, HeaderValue::from_str(&format!("Bearer {TOKEN}")).unwrap());
    let url = format!("http://{}{}", stage.address(), stage.templates.fill(path));
    http::send(&Method::GET, &url, headers, None).await.unwrap()
}
