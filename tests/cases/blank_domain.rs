use crate::case::Case;
use crate::servers::Pair;

/// `bpchar` without a length keeps its blanks, and `::text` drops them.
#[test]
fn blanks_in_a_domain_over_bpchar_are_a_difference() {
    let Some(_case) = Case::open("blank-domain") else { return };
    let with = |column: &str, value: &str| {
        format!("create domain code as bpchar; create type pack as (c code); create table t (id int primary key, v {column});
            insert into t values (1, {value})")
    };
    for (column, a, blanks) in [
        ("code", "'a'", "'a  '"),
        ("bpchar", "'a'", "'a  '"),
        ("code[]", "array['a'::code]", "array['a  '::code]"),
        ("pack", "row('a')::pack", "row('a  ')::pack"),
    ] {
        let Some(pair) = Pair::of(&with(column, a), &with(column, blanks)) else { return };
        let told = pair.compare(&[]);
        assert_eq!(told.exit, 15, "{column}: {told}");
        assert!(told.stdout.contains("id=1 differs: v hidden"), "{column}: {told}");
        let Some(same) = Pair::of(&with(column, blanks), &with(column, blanks)) else { return };
        assert_eq!(same.compare(&[]).exit, 0, "{column}");
    }
}
