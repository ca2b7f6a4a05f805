//! Every procedure at terminals of several widths: no line is wider than the terminal, and nothing of the live area stays
//! behind.

use super::film::{Film, Reel, Size};
use super::operator::Operator;
use crate::cli::every_procedure::{ROWS, Row};
use crate::cli::house::House;

/// Simulated seconds for each real one: fast, and still a live screen that is drawn again and again.
const SPEED: &str = "5000";

#[test]
fn no_line_breaks_at_60_columns() {
    every_procedure(Size { columns: 60, rows: 24 });
}

#[test]
fn no_line_breaks_at_80_columns() {
    every_procedure(Size { columns: 80, rows: 24 });
}

#[test]
fn no_line_breaks_at_200_columns() {
    every_procedure(Size { columns: 200, rows: 50 });
}

#[test]
fn a_terminal_that_becomes_narrow_is_followed() {
    let house = House::new();
    let begin = ["rehearse", "version-upgrade", "--databases", "none", "--speed", "200"];
    let mut film = Film::of(&house, &begin, Size { columns: 160, rows: 40 });
    let mut operator = Operator::who_answers(&[]);
    while !film.screen().contents().contains("commits behind, falling") {
        operator.answers_what_is_asked(&mut film);
        assert_ne!(film.roll(), Reel::Ended);
    }
    film.resize(Size { columns: 60, rows: 24 });
    operator.sees_through(&mut film);
    assert_eq!(film.exit(), 0, "{}", film.screen().contents());
    assert_eq!(film.broken(), &[] as &[String]);
}

fn every_procedure(size: Size) {
    for row in ROWS {
        carried_out(row, size);
    }
}

fn carried_out(row: &Row, size: Size) {
    let (house, name) = (House::new(), format!("{} by {} at {} columns", row.procedure, row.method, size.columns));
    let begin = ["rehearse", row.procedure, "--method", row.method, "--databases", "none", "--speed", SPEED];
    let mut film = Film::of(&house, &[&begin, row.further].concat(), size);
    Operator::who_answers(row.answers).sees_through(&mut film);
    let everything = film.everything();
    assert_eq!(film.exit(), 0, "{name}:\n{everything}");
    assert_eq!(film.broken(), &[] as &[String], "{name}:\n{everything}");
    let left_behind: Vec<&str> = everything.lines().filter(|line| line.contains("Ctrl-C")).collect();
    assert!(left_behind.is_empty(), "{name}: {left_behind:?}\n{everything}");
}
