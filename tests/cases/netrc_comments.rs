use crate::case::Case;
use crate::house::House;
use crate::stage::APP;
use crate::recorder::Recorder;

/// The files of the folder, and what else the official client's parser reads.
const FILES: [&str; 4] = [
    "1-commented-out-entry",
    "2-comment-with-the-word-password",
    "3-old-password-commented-out",
    "6-byte-order-mark",
];

fn sent_with(netrc: &str) -> (Vec<String>, String) {
    let recorder = Recorder::start();
    let house = House::new().with("HEROKU_HOST", &recorder.origin());
    std::fs::write(house.path(".netrc"), netrc.replace("PORT", &recorder.port().to_string())).unwrap();
    let told = house.hcops(&["status", "-a", APP]);
    (recorder.authorizations(), told.to_string())
}

#[test]
fn the_token_is_read_past_comments() {
    let Some(case) = Case::open("netrc-comments") else { return };
    for file in FILES {
        let (sent, told) = sent_with(&case.read(&format!("files/{file}")));
        assert!(!sent.is_empty() && sent.iter().all(|header| header == "Bearer GOOD"), "{file}: {sent:?}, {told}");
    }
}

#[test]
fn a_netrc_that_cannot_be_read_is_told() {
    let Some(_case) = Case::open("netrc-comments") else { return };
    let recorder = Recorder::start();
    let house = House::new().with("HEROKU_HOST", &recorder.origin());
    std::fs::create_dir(house.path(".netrc")).unwrap();
    let told = house.hcops(&["status", "-a", APP]);
    assert_ne!(told.exit, 0, "{told}");
    assert!(told.stderr.contains(".netrc"), "{told}");
    assert!(recorder.authorizations().iter().all(|header| !header.contains("GOOD")));
}
