use crate::case::Case;
use crate::servers::{Pair, mattering};

#[test]
fn parentheses_casts_and_qualifiers_that_mean_something_else_are_differences() {
    let Some(case) = Case::open("loose-definitions") else { return };
    let script = |own: &str| case.read("both.sql") + &case.read(own);
    let Some(pair) = Pair::of(&script("old.sql"), &script("new.sql")) else { return };
    let told = pair.compare(&["--output", "json"]);
    assert_eq!(told.exit, 15, "{told}");
    let mut found = mattering(&told);
    found.sort();
    found.dedup();
    for object in ["policy", "constraint", "view", "index"] {
        assert!(found.iter().any(|it| it.starts_with(object)), "{object}: {found:?}");
    }
}
