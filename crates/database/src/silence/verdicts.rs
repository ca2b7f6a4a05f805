//! What two and three looks say together, at every edge; the looks are made up, so that each shows one thing alone.

use std::collections::BTreeMap;

use super::{Look, STATISTICS_HAVE_ARRIVED, Settled, Visitor, if_there, judge, settle};
use hcops_model::{Fault, FaultKind};

fn first() -> Look {
    Look {
        at: 100.0,
        log: None,
        commits: 5,
        since: Some("then".to_owned()),
        snapshot: Some("10:12:".to_owned()),
        catalogue: 3,
        prepared: 0,
        sequences: Some("1".to_owned()),
        alone: true,
        major: 17,
        tables: BTreeMap::from([("public.orders".to_owned(), 5), ("public.unused".to_owned(), 0)]),
        newest_log_id: Some(7),
        sessions: Vec::new(),
    }
}

/// Half a minute later; a transaction has ended on the server.
fn moved() -> Look {
    Look { at: 130.0, snapshot: Some("14:15:".to_owned()), ..first() }
}

/// Half a minute later; none has ended.
fn unmoved() -> Look {
    Look { at: 130.0, ..first() }
}

fn quiet_for(seconds: impl Into<Option<f64>>) -> Visitor {
    Visitor {
        pid: 1,
        user: None,
        application: None,
        address: None,
        state: None,
        writing: false,
        transaction_seconds: None,
        quiet_seconds: seconds.into(),
    }
}

fn with_rows(look: Look) -> Look {
    Look { tables: BTreeMap::from([("public.orders".to_owned(), 6)]), ..look }
}

fn visited(look: Look, sessions: Vec<Visitor>) -> Look {
    Look { sessions, ..look }
}

fn suspects(later: &Look) -> usize {
    judge(&first(), later).suspects.len()
}

#[test]
fn each_sign_of_writing_breaks_the_silence_by_itself() {
    let silent = |later: &Look| judge(&first(), later).silent;
    assert!(silent(&moved()) && silent(&unmoved()) && judge(&first().seal(), &moved()).silent);
    for (later, sign) in [
        (with_rows(moved()), "rows"),
        (Look { catalogue: 4, ..moved() }, "structure"),
        (Look { sequences: Some("2".to_owned()), ..moved() }, "a sequence"),
        (Look { newest_log_id: Some(8), ..moved() }, "the trigger log"),
        (Look { newest_log_id: Some(8), ..unmoved() }, "the trigger log, which no statistics delay"),
        (Look { prepared: 1, ..unmoved() }, "a prepared transaction"),
        (visited(unmoved(), vec![Visitor { writing: true, ..quiet_for(99.0) }]), "an open transaction"),
        (Look { since: Some("now".to_owned()), ..moved() }, "statistics that were reset"),
        (Look { at: first().at, ..unmoved() }, "no time between the looks"),
    ] {
        assert!(!silent(&later), "{sign}");
    }
    assert!(silent(&with_rows(unmoved())), "they are of the past");
    assert!(silent(&Look { since: Some("now".to_owned()), ..unmoved() }), "the snapshot needs no statistics");
    let unseen = |look: Look| Look { snapshot: None, ..look };
    assert!(!judge(&unseen(first()), &unseen(with_rows(moved()))).silent, "without a snapshot nothing stands");
    assert_eq!(judge(&first(), &moved()).transactions, Some(3));
}

#[test]
fn a_session_whose_statistics_may_be_late_leaves_it_open() {
    let on = |major, quiet: Option<f64>| {
        let silence = judge(&first(), &visited(Look { major, ..moved() }, vec![quiet_for(quiet)]));
        assert!(silence.silent != silence.unexplained && silence.suspects.len() == usize::from(silence.unexplained));
        silence.unexplained
    };
    assert!(on(17, Some(14.9)) && on(17, None) && on(14, Some(29.9)));
    assert!(!on(17, Some(15.0)) && !on(15, Some(15.0)) && !on(14, Some(30.0)));
    let unexplained = |later: &Look| judge(&first(), later).unexplained;
    assert!(!unexplained(&visited(unmoved(), vec![quiet_for(0.5)])), "nothing has to be explained");
    assert!(!unexplained(&visited(with_rows(moved()), vec![quiet_for(0.5)])), "the rows explain it");
}

#[test]
fn suspected_is_who_was_there_meanwhile() {
    assert_eq!(suspects(&visited(unmoved(), vec![quiet_for(0.5), quiet_for(None)])), 0, "nothing was written");
    let written = |quiet: Option<f64>| suspects(&visited(with_rows(moved()), vec![quiet_for(quiet)]));
    assert_eq!([Some(29.9), None, Some(30.0), Some(40.0)].map(written), [1, 1, 0, 0]);
    let both = visited(moved(), vec![quiet_for(0.5), quiet_for(20.0)]);
    assert_eq!(suspects(&both), 1, "the other one's statistics are there");
    let writer = Visitor { writing: true, ..quiet_for(99.0) };
    assert_eq!(suspects(&visited(unmoved(), vec![writer])), 1);
}

#[test]
fn the_way_to_stop_it_fits_what_was_seen() {
    let told = |later: &Look| judge(&first(), later).remedies.join(" ");
    assert_eq!(told(&moved()), "");
    assert!(told(&with_rows(moved())).contains("came and went"));
    let there = told(&visited(with_rows(moved()), vec![quiet_for(1.0)]));
    assert!(there.contains("heroku pg:kill 1") && !there.contains("came and went"), "{there}");
    assert!(told(&Look { prepared: 1, ..unmoved() }).contains("pg_prepared_xacts"));
}

/// What is still open after the second look.
fn second() -> Look {
    visited(moved(), vec![quiet_for(0.5)])
}

fn third() -> Look {
    Look { at: second().at + STATISTICS_HAVE_ARRIVED, ..second() }
}

fn settled(second: &Look, third: Look) -> Settled {
    settle(&first(), second, third)
}

#[test]
fn a_third_look_settles_it_once_the_statistics_had_their_time() {
    let silent = |third: Look| settled(&second(), third).silence.silent;
    let whole = settled(&second(), third());
    assert!(whole.silence.silent && !whole.silence.unexplained && whole.silence.suspects.is_empty());
    assert!(whole.silence.seconds > 40.0 && whole.silence.remedies.is_empty());
    assert!(silent(Look { major: 15, ..third() }));
    for (third, why) in [
        (Look { at: third().at - 0.1, ..third() }, "they may still be on their way"),
        (Look { major: 14, ..third() }, "that one never tells"),
        (with_rows(third()), "they tell of rows"),
        (Look { since: Some("now".to_owned()), ..third() }, "they were reset"),
        (Look { prepared: 1, ..third() }, "something is prepared"),
        (visited(third(), vec![Visitor { writing: true, ..quiet_for(0.5) }]), "something is open"),
    ] {
        assert!(!silent(third), "{why}");
    }
}

#[test]
fn who_moved_it_since_is_another_database_only_where_there_is_one() {
    let again = |alone| Look { snapshot: Some("20:21:".to_owned()), alone, ..third() };
    let had = |alone| Look { alone, ..second() };
    assert!(!settled(&had(true), again(true)).silence.silent);
    for (before, now) in [(false, true), (true, false), (false, false)] {
        let beside = settled(&had(before), again(now));
        assert!(beside.silence.silent, "{before} {now}");
        assert!(beside.silence.seconds < 31.0, "known is only what was before the second look");
        assert_eq!(beside.now.snapshot, second().snapshot);
    }
    let unseen = |look: Look| Look { snapshot: None, ..look };
    assert!(!settled(&unseen(second()), unseen(third())).silence.silent, "without a snapshot nothing stands");
    let written = settled(&had(false), with_rows(again(false)));
    assert_eq!(written.now.snapshot.as_deref(), Some("20:21:"), "what was found is not found again");
}

#[test]
fn only_a_missing_trigger_log_is_no_fault() {
    let fault = |kind| Err::<(), _>(Fault::new(kind, "", "", ""));
    assert_eq!(if_there(fault(FaultKind::NotFound)).unwrap(), None);
    assert!(if_there(fault(FaultKind::Transient)).is_err());
}
