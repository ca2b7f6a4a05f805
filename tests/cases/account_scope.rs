use crate::case::Case;
use crate::house::House;
use crate::stage::{APP, Stage};

#[test]
fn looks_need_no_account() {
    let Some(_case) = Case::open("account-scope") else { return };
    let stage = Stage::start("standard");
    stage.fault(
        r#"{"name": "answer", "method": "GET", "path": "/account$", "status": 403,
            "body": {"id": "forbidden", "message": "The scope of this authorization does not allow it."}}"#,
    );
    for words in [
        &["status", "-a", APP][..],
        &["doctor", "-a", APP],
        &["windows", "--hours", "2"],
        &["plan", "version-upgrade", "-a", APP, "--to", "17", "--compare", "none"],
        &["connect", "state", "-a", APP],
    ] {
        let told = stage.hcops(words);
        assert_eq!(told.exit, 0, "{words:?}: {told}");
        assert!(!told.to_string().contains("deploy and operate"), "{words:?}: {told}");
    }
    let origin = stage.origin();
    let without = House::new().with("HEROKU_HOST", &origin).hcops(&["windows", "--hours", "2"]);
    assert_eq!(without.exit, 0, "no token is needed: {without}");
}
