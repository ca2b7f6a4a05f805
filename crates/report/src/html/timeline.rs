//! The timeline: a row for each step, over the time that writes were off and the point of no return.

use std::borrow::Cow;

use jiff::Timestamp;
use maud::{Markup, html};

use super::scale::{Scale, percent};
use crate::account::{Account, Pause, Span, SpanKind, StepAccount, StepEnd};
use crate::words::{end, span, time_of_day};

/// Height of a row, and of all that stands above the first one.
const ROW: usize = 34;
const HEAD: usize = 66;
/// Characters of a name that fit beside each other on a phone.
const LONGEST: usize = 40;
/// Percent of the width below which a bar is drawn as a dot.
const NARROW: f64 = 0.5;
/// Looks that took less than this share of the run are drawn together.
const BRIEF: f64 = 0.004;

/// The drawing. The table of steps tells the same in words.
pub(super) fn timeline(account: &Account) -> Markup {
    let pauses: Vec<(Timestamp, Timestamp)> = account.pauses.iter().map(|pause| (pause.from, pause.until)).collect();
    let scale = Scale::new(account.opened_at, account.newest_at, &pauses);
    let rows = rows(account);
    let height = HEAD + rows.len() * ROW + 6;
    html! {
        (legend(account))
        svg class="timeline" role="img" aria-labelledby="timeline-title timeline-text" width="100%" height=(height) {
            title id="timeline-title" { "Timeline of the run" }
            desc id="timeline-text" { (described(account)) }
            (axis(&scale, height))
            (breaks(&scale, height))
            (downtime(account, &scale, height))
            @for (index, row) in rows.iter().enumerate() { "\n" (drawn(row, &scale, HEAD + index * ROW)) }
            (marks(account, &scale, height))
        }
    }
}

/// One row: a step, or several brief looks in a line.
enum Row<'a> {
    Step(usize, &'a StepAccount),
    Looks(usize, Vec<&'a StepAccount>),
}

fn rows(account: &Account) -> Vec<Row<'_>> {
    let drawn = account.steps.iter().enumerate().filter(|(_, step)| step.began_at.is_some() && !step.is_left_out());
    drawn.fold(Vec::new(), |mut rows, (index, step)| {
        match rows.last_mut() {
            Some(Row::Looks(_, looks)) if is_brief(account, step) => looks.push(step),
            _ if is_brief(account, step) => rows.push(Row::Looks(index + 1, vec![step])),
            _ => rows.push(Row::Step(index + 1, step)),
        }
        rows
    })
}

#[expect(clippy::cast_precision_loss, reason = "seconds of a run are far below what a float holds exactly")]
fn is_brief(account: &Account, step: &StepAccount) -> bool {
    let settled = matches!(step.end, StepEnd::Settled { .. });
    settled && step.only_looks && step.seconds.unwrap_or(0) as f64 <= account.seconds as f64 * BRIEF
}

fn drawn(row: &Row<'_>, scale: &Scale, top: usize) -> Markup {
    match row {
        Row::Step(number, step) => drawn_step(*number, step, scale, top),
        Row::Looks(number, looks) if looks.len() == 1 => drawn_step(*number, looks[0], scale, top),
        Row::Looks(number, looks) => drawn_looks(*number, looks, scale, top),
    }
}

fn drawn_step(number: usize, step: &StepAccount, scale: &Scale, top: usize) -> Markup {
    let took = step.seconds.filter(|seconds| *seconds > 0).map(|seconds| format!("  {}", span(seconds)));
    html! {
        g {
            title { (number) ". " (step.title) ": " (end(step)) (took.as_deref().unwrap_or_default()) }
            (label(number, step.id.as_str(), took.as_deref().unwrap_or_default(), top))
            (track(top))
            @if let Some((from, until)) = extent(step) { (bar("whole", scale, from, until, top)) }
            @for span in &step.spans { (bar(class_of(span), scale, span.from, span.until, top)) }
            @if let Some(at) = step.began_at.filter(|_| is_too_narrow(step, scale)) { (dot(scale, at, top)) }
        }
    }
}

fn drawn_looks(number: usize, looks: &[&StepAccount], scale: &Scale, top: usize) -> Markup {
    let last = looks[looks.len() - 1];
    let name = format!("{} to {}", looks[0].id, last.id);
    html! {
        g {
            title { (looks.len()) " looks, from " (looks[0].title) " to " (last.title) }
            (label(number, &name, &format!("  {} looks", looks.len()), top))
            (track(top))
            @for look in looks { @if let Some(at) = look.began_at { (dot(scale, at, top)) } }
        }
    }
}

/// From the beginning of a step to its end; to the end of what it is known to have done where it has none.
fn extent(step: &StepAccount) -> Option<(Timestamp, Timestamp)> {
    let from = step.began_at?;
    Some((from, step.ended_at.or_else(|| step.spans.last().map(|span| span.until)).unwrap_or(from)))
}

/// Whether nobody would see its bar.
fn is_too_narrow(step: &StepAccount, scale: &Scale) -> bool {
    extent(step).is_none_or(|(from, until)| scale.place(until) - scale.place(from) < NARROW)
}

fn label(number: usize, name: &str, more: &str, top: usize) -> Markup {
    html! {
        text x="0" y=(top + 11) {
            tspan class="quiet" { (number) "  " }
            (elided(name))
            tspan class="quiet" { (more) }
        }
    }
}

/// A long name without its middle: the table of steps has it whole.
fn elided(name: &str) -> Cow<'_, str> {
    let length = name.chars().count();
    if length <= LONGEST {
        return Cow::Borrowed(name);
    }
    let start: String = name.chars().take(LONGEST - 14).collect();
    let end: String = name.chars().skip(length - 13).collect();
    Cow::Owned(format!("{start}\u{2026}{end}"))
}

fn track(top: usize) -> Markup {
    html! { line class="track" x1="0" x2="100%" y1=(top + 21) y2=(top + 21) {} }
}

fn bar(class: &str, scale: &Scale, from: Timestamp, until: Timestamp, top: usize) -> Markup {
    let (start, end) = (scale.place(from), scale.place(until));
    html! { rect class={ "bar " (class) } x=(percent(start)) y=(top + 17) width=(percent(end - start)) height="8" {} }
}

fn dot(scale: &Scale, at: Timestamp, top: usize) -> Markup {
    html! { circle class="dot" cx=(percent(inside(scale.place(at)))) cy=(top + 21) r="4" {} }
}

/// Kept off the edges, so that a dot there is whole.
fn inside(place: f64) -> f64 {
    place.clamp(0.6, 99.4)
}

const fn class_of(span: &Span) -> &'static str {
    match span.with {
        SpanKind::Acting => "acting",
        SpanKind::Waiting => "waiting",
        SpanKind::Person => "person",
        SpanKind::Undriven => "undriven",
    }
}

fn axis(scale: &Scale, height: usize) -> Markup {
    html! {
        @for (place, time) in scale.marks() {
            line class="grid" x1=(percent(place)) x2=(percent(place)) y1="18" y2=(height) {}
            text class="tick" x=(percent(place)) y="12" text-anchor=(anchor(place)) { (time) }
        }
    }
}

/// Letters stay on the drawing at both of its ends.
pub(super) fn anchor(place: f64) -> &'static str {
    if place < 5.0 {
        "start"
    } else if place > 95.0 {
        "end"
    } else {
        "middle"
    }
}

fn breaks(scale: &Scale, height: usize) -> Markup {
    html! {
        @for (start, end) in scale.breaks() {
            rect class="break" x=(percent(start)) y="18" width=(percent(end - start)) height=(height - 18) {}
            line class="break" x1=(percent(start)) x2=(percent(start)) y1="18" y2=(height) {}
            line class="break" x1=(percent(end)) x2=(percent(end)) y1="18" y2=(height) {}
        }
    }
}

fn downtime(account: &Account, scale: &Scale, height: usize) -> Markup {
    let Some(off) = &account.downtime else { return Markup::default() };
    let (start, end) = (scale.place(off.from), scale.place(off.until.unwrap_or(account.newest_at)));
    let text = format!("writes off {}", span(off.seconds));
    html! {
        rect class="off" x=(percent(start)) y="24" width=(percent(end - start)) height=(height - 24) {}
        rect class="off-edge" x=(percent(start)) y="24" width=(percent(end - start)) height="3" {}
        (beside("off-text", start, 41, &text))
    }
}

/// Letters to the right of a place, or to its left where there is no room on the right.
fn beside(class: &str, place: f64, y: usize, text: &str) -> Markup {
    let (shift, anchor) = if place > 55.0 { ("-6", "end") } else { ("6", "start") };
    html! { text class=(class) x=(percent(place)) dx=(shift) y=(y) text-anchor=(anchor) { (text) } }
}

fn marks(account: &Account, scale: &Scale, height: usize) -> Markup {
    let named = |index| format!("point of no return{}", account.nth_of_several(index));
    let crossings = account.crossings.iter().enumerate();
    let crossings = crossings.map(|(index, crossing)| (crossing.at, "crossing", named(index)));
    let turn = account.turned_back.iter().map(|turn| (turn.at, "turn", "turned back".to_owned()));
    html! {
        @for (at, class, text) in crossings.chain(turn) {
            @let place = inside(scale.place(at));
            line class=(class) x1=(percent(place)) x2=(percent(place)) y1="46" y2=(height) {}
            circle class=(class) cx=(percent(place)) cy="54" r="5" {}
            (beside(class, place, 58, &text))
        }
    }
}

fn legend(account: &Account) -> Markup {
    let spans = || account.steps.iter().flat_map(|step| &step.spans);
    let has = |kind| spans().any(|span| span.with == kind);
    let words = [
        ("acting", "acting", has(SpanKind::Acting)),
        ("waiting", "waiting until the world shows it", has(SpanKind::Waiting)),
        ("person", "waiting for a person", has(SpanKind::Person)),
        ("undriven", "no process at work", has(SpanKind::Undriven)),
        ("dot", "done at once", true),
        ("off", "writes off", account.downtime.is_some()),
    ];
    html! {
        ul class="legend" aria-hidden="true" {
            @for (class, text, _) in words.iter().filter(|(.., shown)| *shown) {
                li { span class={ "swatch " (class) } {} (text) }
            }
        }
    }
}

/// The drawing in words.
fn described(account: &Account) -> String {
    let mut text = format!(
        "From {} to {} UTC, {}.",
        time_of_day(account.opened_at),
        time_of_day(account.newest_at),
        match account.steps.iter().filter(|step| step.began_at.is_some() && !step.is_left_out()).count() {
            1 => "1 step".to_owned(),
            count => format!("{count} steps"),
        }
    );
    if let Some(off) = &account.downtime {
        text += &format!(" Writes were off for {} from {}.", span(off.seconds), time_of_day(off.from));
    }
    for (index, crossing) in account.crossings.iter().enumerate() {
        let nth = account.nth_of_several(index);
        text += &format!(" The point of no return{nth} was passed at {}.", time_of_day(crossing.at));
    }
    if let Some(turn) = &account.turned_back {
        text += &format!(" It was turned back at {}.", time_of_day(turn.at));
    }
    for Pause { with, from, until, .. } in &account.pauses {
        let what = if *with == SpanKind::Person { "A person was waited for" } else { "No process was at work" };
        text += &format!(" {what} from {} to {}.", time_of_day(*from), time_of_day(*until));
    }
    text + " The table of steps tells each step's beginning and duration."
}
