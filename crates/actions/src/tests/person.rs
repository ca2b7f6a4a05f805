use serde_json::json;

use super::world::{World, output, unclear, why};
use hcops_model::Prior;

const ATTEST: &str = "person.attest";

fn answered(answer: &str) -> Prior {
    Prior { answer: Some(answer.to_owned()), ..Prior::default() }
}

#[tokio::test]
async fn an_attestation_waits_for_an_answer_and_keeps_it() {
    let (world, with) = (World::new(), json!({"statements": ["ETL is off.", "Nobody has a console open."]}));
    let (_, ask) = unclear(world.look(ATTEST, &with).await);
    assert_eq!(ask, ["ETL is off.", "Nobody has a console open."]);
    unclear(world.look_after(ATTEST, &with, &answered("  ")).await);
    let kept = output(world.look_after(ATTEST, &with, &answered("yes")).await);
    assert_eq!(kept, json!({"statements": ["ETL is off.", "Nobody has a console open."], "answer": "yes"}));
}

#[tokio::test]
async fn a_refusal_is_not_taken_for_an_attestation() {
    let (world, with) = (World::new(), json!({"statements": ["ETL is off."]}));
    for refusal in ["no", " No ", "n", "refused"] {
        let (saw, _) = why(world.look_after(ATTEST, &with, &answered(refusal)).await);
        assert!(saw.contains(refusal.trim()), "{saw}");
    }
}
