//! What was measured more than once: the lag of a follower, a backlog, the progress of a long step.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use hcops_model::{Plan, Seen, StepId};

/// One measure over time. Waits are written down at most once a minute, so a curve has about a point a minute.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Curve {
    /// What is measured, in words.
    pub title: String,
    /// What is counted: `commits`, `rows`, `writes`, `collected writes`, `bytes`, `steps`, `mappings`, `signs`.
    pub unit: String,
    /// Whether the values count what is left; otherwise what is finished.
    pub counts_left: bool,
    /// The measured thing or the step that was measured.
    pub subject: String,
    /// The values, oldest first.
    pub points: Vec<Point>,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Point {
    /// When it was written down.
    pub at: Timestamp,
    /// The value.
    pub value: u64,
    /// The whole, where what is finished is counted.
    pub of: Option<u64>,
}

/// Measures of what is left: the unit, the title, and the field of an output that tells the same number, where one does.
const LEFTS: [(&str, &str, &str); 4] = [
    ("commits", "Commits behind the leader", "behind_by"),
    ("rows", "Rows in the trigger log that are not sent", "open"),
    ("writes", "Writes of Connect that are pending", "pending"),
    ("collected writes", "Writes that had collected and are not sent", ""),
];

/// Gathers measures from the lines of a journal, in their order.
#[derive(Debug, Default)]
pub(super) struct Measures {
    curves: Vec<Curve>,
}

impl Measures {
    /// Takes a sight of a step or a standing condition; `subject` is what it looked at.
    pub(super) fn see(&mut self, step: &StepId, subject: &str, sight: &Seen<Value>, at: Timestamp) {
        match sight {
            Seen::Underway { part: Some(part), .. } => {
                if let Some((unit, title, _)) = LEFTS.iter().find(|(unit, ..)| *unit == part.unit) {
                    let value = part.of.saturating_sub(part.done);
                    self.add((title, unit, true), subject, Point { at, value, of: None });
                } else {
                    let title = format!("Finished {}", part.unit);
                    let point = Point { at, value: part.done, of: Some(part.of) };
                    self.add((&title, &part.unit, false), step.as_str(), point);
                }
            }
            Seen::Satisfied { output } => self.settle(step, subject, output, at),
            Seen::Underway { part: None, .. } | Seen::Ready { .. } | Seen::Blocked { .. } | Seen::Unclear { .. } => {}
        }
    }

    /// Takes what was seen at the end of a step: the numbers of its output, and that what it counted is finished.
    pub(super) fn settle(&mut self, step: &StepId, subject: &str, output: &Value, at: Timestamp) {
        for (unit, title, field) in LEFTS {
            if let Some(value) = output[field].as_u64() {
                self.add((title, unit, true), subject, Point { at, value, of: None });
            }
        }
        let counted = self.curves.iter_mut().filter(|curve| !curve.counts_left && curve.subject == step.as_str());
        for curve in counted {
            if let Some(of) = curve.points.last().and_then(|last| last.of) {
                push(&mut curve.points, Point { at, value: of, of: Some(of) });
            }
        }
    }

    fn add(&mut self, (title, unit, counts_left): (&str, &str, bool), subject: &str, point: Point) {
        let known = self.curves.iter().position(|curve| curve.unit == unit && curve.subject == subject);
        let position = known.unwrap_or_else(|| {
            let (title, unit, subject) = (title.to_owned(), unit.to_owned(), subject.to_owned());
            self.curves.push(Curve { title, unit, counts_left, subject, points: Vec::new() });
            self.curves.len() - 1
        });
        push(&mut self.curves[position].points, point);
    }

    /// The measures that tell a course: two values or more, not all of them the same.
    pub(super) fn finish(self) -> Vec<Curve> {
        let tells = |curve: &Curve| curve.points.iter().any(|point| point.value != curve.points[0].value);
        self.curves.into_iter().filter(tells).collect()
    }
}

/// Of several values of one moment the newest counts.
fn push(points: &mut Vec<Point>, point: Point) {
    if points.last().is_some_and(|last| last.at == point.at) {
        points.pop();
    }
    points.push(point);
}

/// What a step or a standing condition looks at: the database or the connection that it names, else the app.
pub(super) fn subject(plan: &Plan, step: &StepId, hold: Option<&str>) -> String {
    let held = hold.and_then(|name| plan.holds.get(name)).map(|hold| &hold.with);
    let with = held.or_else(|| plan.step(step).map(|step| &step.with));
    let named = |name: &str| with.and_then(|with| with[name].as_str()).map(str::to_owned);
    let connection = || named("connection").map(|id| plan.resource.clone().unwrap_or(id));
    named("database").or_else(connection).or_else(|| named("app")).unwrap_or_else(|| plan.app.clone())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use hcops_model::Part;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn underway(done: u64, of: u64, unit: &str) -> Seen<Value> {
        let part = Part { done, of, unit: unit.to_owned() };
        Seen::Underway { note: String::new(), part: Some(part), look_again: Duration::ZERO }
    }

    fn values(curve: &Curve) -> Vec<u64> {
        curve.points.iter().map(|point| point.value).collect()
    }

    #[test]
    fn a_lag_is_one_curve_over_all_steps_that_saw_it_and_counts_what_is_missing() {
        let mut measures = Measures::default();
        measures.see(&"near".into(), "follower", &underway(0, 500, "commits"), at(0));
        measures.see(&"near".into(), "follower", &underway(400, 500, "commits"), at(60));
        measures.settle(&"near".into(), "follower", &json!({ "behind_by": 50 }), at(70));
        measures.see(&"caught-up".into(), "follower", &Seen::Satisfied { output: json!({ "behind_by": 0 }) }, at(80));
        let [curve] = &measures.finish()[..] else { panic!("one curve") };
        assert_eq!((curve.counts_left, values(curve)), (true, vec![500, 100, 50, 0]));
    }

    #[test]
    fn progress_is_a_curve_of_its_step_and_ends_whole() {
        let mut measures = Measures::default();
        measures.see(&"copy".into(), "new", &underway(10, 90, "bytes"), at(0));
        measures.settle(&"copy".into(), "new", &json!({}), at(60));
        let [curve] = &measures.finish()[..] else { panic!("one curve") };
        assert_eq!((curve.counts_left, values(curve), curve.points[1].of), (false, vec![10, 90], Some(90)));
    }

    #[test]
    fn what_never_changed_is_no_curve() {
        let mut measures = Measures::default();
        for second in [0, 60] {
            measures.settle(&"look".into(), "follower", &json!({ "behind_by": 0 }), at(second));
        }
        assert!(measures.finish().is_empty());
    }
}
