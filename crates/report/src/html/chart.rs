//! A measure as a curve.

use maud::{Markup, html};

use super::scale::{Scale, percent};
use super::table::{column, small_table};
use crate::measures::{Curve, Point};
use crate::words::{span, time_of_day};

const TOP: f64 = 18.0;
const BOTTOM: f64 = 108.0;
const HEIGHT: u32 = 128;

/// The drawing with its values as a table below it. `index` sets apart the drawings of one page.
pub(super) fn chart(curve: &Curve, index: usize) -> Markup {
    let (Some(first), Some(last)) = (curve.points.first(), curve.points.last()) else { return Markup::default() };
    let scale = Scale::new(first.at, last.at, &[]);
    let most = curve.points.iter().map(|point| point.of.unwrap_or(0).max(point.value)).max().unwrap_or(0);
    let places: Vec<(f64, f64)> =
        curve.points.iter().map(|point| (scale.place(point.at), height_of(point.value, most))).collect();
    let (title, text) = (format!("curve-{index}-title"), format!("curve-{index}-text"));
    html! {
        figure {
            figcaption { b { (curve.title) } " " span class="quiet" { (curve.subject) } }
            svg class="chart" role="img" aria-labelledby={ (title) " " (text) } width="100%" height=(HEIGHT) {
                title id=(title) { (curve.title) " of " (curve.subject) }
                desc id=(text) { (described(curve, first, last)) }
                line class="grid" x1="0" x2="100%" y1=(TOP) y2=(TOP) {}
                line class="base" x1="0" x2="100%" y1=(BOTTOM) y2=(BOTTOM) {}
                (course(&places))
                @for (x, y) in &places { circle class="value" cx=(percent(x.clamp(0.6, 99.4))) cy=(y) r="3" {} }
                text class="tick" x="0" y=(TOP - 6.0) { (amount(most, &curve.unit)) }
                text class="tick" x="0" y=(BOTTOM + 15.0) { (time_of_day(first.at)) }
                text class="tick" x="100%" y=(BOTTOM + 15.0) text-anchor="end" { (time_of_day(last.at)) }
            }
            (values(curve))
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a place on a drawing needs no more than a float holds")]
fn height_of(value: u64, most: u64) -> f64 {
    let share = if most == 0 { 0.0 } else { value as f64 / most as f64 };
    ((BOTTOM - (BOTTOM - TOP) * share) * 10.0).round() / 10.0
}

/// The line and what is below it, stretched to whatever width there is.
fn course(places: &[(f64, f64)]) -> Markup {
    let points: Vec<String> = places.iter().map(|(x, y)| format!("{x:.3},{y}")).collect();
    let points = points.join(" ");
    html! {
        svg x="0" y="0" width="100%" height=(HEIGHT) viewBox={ "0 0 100 " (HEIGHT) } preserveAspectRatio="none" {
            polygon class="area" points={ "0," (BOTTOM) " " (points) " 100," (BOTTOM) } {}
            polyline class="line" vector-effect="non-scaling-stroke" points=(points) {}
        }
    }
}

fn described(curve: &Curve, first: &Point, last: &Point) -> String {
    let words = if curve.counts_left { "left" } else { "finished" };
    let from = amount(first.value, &curve.unit);
    let to = amount(last.value, &curve.unit);
    format!("{from} {words} at {}, {to} {words} at {}.", time_of_day(first.at), time_of_day(last.at))
}

fn values(curve: &Curve) -> Markup {
    let columns = [column("Time (UTC)", "time"), column("Value", "number"), column("Of", "number")];
    let rows = curve.points.iter().map(|point| {
        let of = point.of.map(|of| html! { (amount(of, &curve.unit)) }).unwrap_or_default();
        vec![html! { (time_of_day(point.at)) }, html! { (amount(point.value, &curve.unit)) }, of]
    });
    let seconds = curve.points.first().zip(curve.points.last());
    let took = seconds.map(|(first, last)| u64::try_from(last.at.duration_since(first.at).as_secs()).unwrap_or(0));
    let width = if curve.counts_left { 2 } else { 3 };
    html! {
        details class="values" {
            summary { (curve.points.len()) " values in " (span(took.unwrap_or(0))) }
            (small_table(&curve.title, &columns[..width], rows))
        }
    }
}

/// A number with its unit; bytes in the unit that people read.
pub(super) fn amount(value: u64, unit: &str) -> String {
    if unit == "bytes" {
        return bytes(value);
    }
    format!("{} {unit}", grouped(value))
}

#[expect(clippy::cast_precision_loss, reason = "one digit behind the point is told")]
fn bytes(value: u64) -> String {
    let units = ["KB", "MB", "GB", "TB"];
    let mut size = value as f64 / 1000.0;
    if value < 1000 {
        return format!("{value} bytes");
    }
    let mut unit = units[0];
    for larger in &units[1..] {
        if size < 999.95 {
            break;
        }
        size /= 1000.0;
        unit = larger;
    }
    format!("{size:.1} {unit}")
}

/// Thousands set apart by thin spaces.
fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let first = digits.len() % 3;
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && index % 3 == first {
            text.push('\u{2009}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_told_as_people_read_them() {
        assert_eq!(amount(0, "commits"), "0 commits");
        assert_eq!(amount(70_500, "commits"), "70\u{2009}500 commits");
        assert_eq!(amount(1_000_000, "rows"), "1\u{2009}000\u{2009}000 rows");
        assert_eq!(amount(999, "bytes"), "999 bytes");
        assert_eq!(amount(1_643_118_592, "bytes"), "1.6 GB");
        assert_eq!(amount(999_999, "bytes"), "1.0 MB");
    }

    #[test]
    fn a_value_has_its_height_and_nothing_divides_by_none() {
        assert_eq!((height_of(10, 10), height_of(0, 10), height_of(0, 0)), (TOP, BOTTOM, BOTTOM));
    }
}
