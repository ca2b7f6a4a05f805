use crate::case::Case;
use crate::servers::{Pair, mattering};

/// What `new.sql` changes, by the kind and a part of the name under which it has to be told.
const CHANGED: [(&str, &str); 7] = [
    // The foreign key that is enforced no more.
    ("constraint", "part_doc_id_fkey"),
    ("function", "f("),
    ("rule", "keep"),
    ("table", "doc"),
    ("default privileges", "tables"),
    ("grant", "doc"),
    ("comment", "doc"),
];

#[test]
fn every_kind_that_was_changed_is_a_difference() {
    let Some(case) = Case::open("kinds-not-compared") else { return };
    let both = case.read("both.sql");
    let Some(pair) = Pair::of(&both, &(both.clone() + &case.read("new.sql"))) else { return };
    let told = pair.compare(&["--output", "json"]);
    assert_eq!(told.exit, 15, "{told}");
    let found = mattering(&told);
    for (kind, name) in CHANGED {
        let is_told = found.iter().any(|it| it.starts_with(kind) && it.contains(name));
        assert!(is_told, "{kind} {name}: {found:#?}");
    }
    let Some(same) = Pair::of(&both, &both) else { return };
    let same = same.compare(&[]);
    assert_eq!(same.exit, 0, "{same}");
}
