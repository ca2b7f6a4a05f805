use proptest::prelude::*;

use super::*;

fn said(text: &str) -> Says {
    says(text, "2026-11-20T10:00:00Z".parse().expect("a moment"))
}

fn told(text: &str) -> String {
    match said(text) {
        Says::Nothing => "nothing".to_owned(),
        Says::Unclear => "unclear".to_owned(),
        Says::Window(told) => {
            format!("{} {}", told.starts, told.ends.map_or_else(|| "-".to_owned(), |ends| ends.to_string()))
        }
    }
}

#[test]
fn what_leaves_no_doubt_is_read() {
    for (text, expected) in [
        ("Heroku Maintenance scheduled on December 3rd, 2026 at 22:00 UTC", "2026-12-03T22:00:00Z -"),
        ("Heroku Connect (Dublin) Maintenance Wednesday, December 3, 22:00 UTC (14:00 PST)", "2026-12-03T22:00:00Z -"),
        ("Maintenance scheduled on 3 Dec 2026 at 22:00 UTC.", "2026-12-03T22:00:00Z -"),
        ("It begins 2026-12-03 22:00 UTC.", "2026-12-03T22:00:00Z -"),
        ("It begins 2026-12-03T22:00:00Z.", "2026-12-03T22:00:00Z -"),
        ("2026-12-03T22:00+02:00", "2026-12-03T20:00:00Z -"),
        ("On December 3rd from 22:00 to 23:30 UTC", "2026-12-03T22:00:00Z 2026-12-03T23:30:00Z"),
        ("Dec 3, 22:00-23:30 UTC", "2026-12-03T22:00:00Z 2026-12-03T23:30:00Z"),
        ("Dec. 3, 22:00 – 23:30 UTC", "2026-12-03T22:00:00Z 2026-12-03T23:30:00Z"),
        ("December 3 23:30 to 00:30 UTC", "2026-12-03T23:30:00Z 2026-12-04T00:30:00Z"),
        ("from December 31 23:00 UTC until January 1 01:00 UTC", "2026-12-31T23:00:00Z 2027-01-01T01:00:00Z"),
        ("on January 5 at 08:00 UTC", "2027-01-05T08:00:00Z -"),
        ("December 3, 2026, 5:30 PM PST (01:30 UTC)", "2026-12-04T01:30:00Z -"),
        ("December 3, 2026, 5:30 PM PST", "2026-12-04T01:30:00Z -"),
        ("Dec 3 from 5:30 PM to 9:30 PM PST (01:30 to 05:30 UTC)", "2026-12-04T01:30:00Z 2026-12-04T05:30:00Z"),
        ("Dec 3, 5:30 p.m. – 7 p.m. EST", "2026-12-03T22:30:00Z 2026-12-04T00:00:00Z"),
        ("July 3, 2027 9am-11am PDT", "2027-07-03T16:00:00Z 2027-07-03T18:00:00Z"),
        ("at 22:00 UTC on December 3rd", "2026-12-03T22:00:00Z -"),
        ("3rd of December 2026, 12:00 AM UTC", "2026-12-03T00:00:00Z -"),
        ("December 3 12pm GMT", "2026-12-03T12:00:00Z -"),
        ("December 3 2200 UTC", "2026-12-03T22:00:00Z -"),
        ("December 3, 10:00 UTC+2", "2026-12-03T08:00:00Z -"),
        ("December 3, 22:00 UTC-05:00", "unclear"),
        ("December 3, 22:00 UTC+02:00", "2026-12-03T20:00:00Z -"),
        ("December 3, 22:00 UTC - 23:30 UTC", "2026-12-03T22:00:00Z 2026-12-03T23:30:00Z"),
        ("December 3, 07:00 JST / 22:00 UTC", "2026-12-02T22:00:00Z -"),
        ("December 3 22:00 UTC for 4 hours", "2026-12-03T22:00:00Z 2026-12-04T02:00:00Z"),
        ("December 3 22:00 UTC, a 90-minute window", "2026-12-03T22:00:00Z 2026-12-03T23:30:00Z"),
        ("December 3 22:00 UTC. It lasts two hours.", "2026-12-03T22:00:00Z 2026-12-04T00:00:00Z"),
        ("December 3 22:00-23:00 UTC and December 5 22:00-23:00 UTC", "2026-12-03T22:00:00Z 2026-12-05T23:00:00Z"),
    ] {
        assert_eq!(told(text), expected, "{text}");
    }
}

#[test]
fn what_speaks_of_time_and_is_not_understood_is_left_to_a_person() {
    for text in [
        "On December 3rd at 22:00",
        "at 22:00 UTC",
        "December 3 UTC",
        "may at UTC",
        "December 3, 5:30 PM PT",
        "December 3, 17:30 Pacific time",
        "December 3, 17:30 local time (01:30 UTC)",
        "December 3, 5:30 PM PST (02:30 UTC)",
        "December 3, 17:30 IST",
        "12/03/2026 22:00 UTC",
        "03.12. 22:00 UTC",
        "tomorrow at 22:00 UTC",
        "Wednesday 22:00 UTC",
        "on the weekend",
        "December 3 at noon UTC",
        "December 3 to 5, 22:00 UTC",
        "December 3-5, 22:00 UTC",
        "December 3 25:00 UTC",
        "December 3 13:30 PM UTC",
        "February 30 10:00 UTC",
        "July 3, 2027 9am PST",
        "January 5, 2027 9am PDT",
        "December 3 22:00 UTC for several hours",
        "The maintenance of December 3 22:00 UTC has been postponed",
        "It has been rescheduled",
        "It will take longer than December 3 23:00 UTC",
        "early in December",
        "It lasts 4 hours",
        "December 3 22:00 UTC, December 2 10:00 UTC",
    ] {
        assert_eq!(told(text), "unclear", "{text}");
    }
}

#[test]
fn what_does_not_speak_of_time_says_nothing() {
    for text in [
        "",
        "Heroku Platform Maintenance",
        "Apps may restart; see step 3.",
        "Postgres 17 in the EU",
        "We are investigating.",
    ] {
        assert_eq!(told(text), "nothing", "{text}");
    }
}

const ZONE: [(&str, i64); 6] = [("UTC", 0), ("GMT", 0), ("PST", -480), ("EST", -300), ("CET", 60), ("JST", 540)];

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,80}") {
        let _ = said(&text);
    }

    #[test]
    fn no_notice_panics(words in proptest::collection::vec(prop_oneof![
        Just("December"), Just("3"), Just("3rd"), Just("22:00"), Just("5"), Just("PM"), Just("UTC"), Just("-"), Just("+"), Just("("),
        Just(")"), Just("2026"), Just("2026-12-03T"), Just("hours"), Just(":"), Just("99"), Just("to"), Just("PST"), Just("Z")], 0..14)) {
        let _ = said(&words.join(" "));
        let _ = said(&words.concat());
    }

    /// In whichever zone, with twelve hours or with twenty-four: the moment is right, or it is left to a person.
    #[test]
    fn a_moment_is_right_or_left_to_a_person(
        day in 1_i8..28, hour in 0_i64..24, minute in 0_i64..60, zone in 0_usize..6, other in 0_usize..6, form in 0_u8..6
    ) {
        let (name, minutes) = ZONE[zone];
        let at: Timestamp = format!("2026-12-{day:02}T{hour:02}:{minute:02}:00Z").parse().expect("a moment");
        let right = at.checked_sub(SignedDuration::from_mins(minutes)).expect("a moment");
        let half = if hour < 12 { "AM" } else { "PM" };
        let twelve = format!("{}:{minute:02} {half}", if hour % 12 == 0 { 12 } else { hour % 12 });
        let elsewhere = (hour * 60 + minute - minutes + ZONE[other].1).rem_euclid(1440);
        let also = format!("{:02}:{:02} {}", elsewhere / 60, elsewhere % 60, ZONE[other].0);
        let text = match form {
            0 => format!("December {day}, 2026 at {hour:02}:{minute:02} {name}"),
            1 => format!("December {day}, 2026 at {twelve} {name}"),
            2 => format!("{day} Dec 2026 {twelve} {name} ({also})"),
            3 => format!("at {hour:02}:{minute:02} {name} ({also}) on December {day}, 2026"),
            4 => format!("December {day}, 2026 {hour:02}:{minute:02} {name} / {also}"),
            _ => format!("December {day}, 2026 {hour:02}:{minute:02}"),
        };
        match said(&text) {
            Says::Window(told) => prop_assert!(told.starts == right && form != 5, "{}: {}", text, told.starts),
            Says::Unclear => prop_assert!(form == 5, "{}", text),
            Says::Nothing => prop_assert!(false, "{}", text),
        }
    }
}
