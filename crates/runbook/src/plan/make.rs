use std::collections::BTreeMap;
use std::ops::Range;

use jiff::Timestamp;
use serde_json::Value;

use hcops_model::{self as model, Actions, Plan, PlannedHold, PlannedStep, PlannedUndo, StepId};

use super::super::book::{Call, Runbook, Step};
use super::super::diagnostic::{Diagnostic, Diagnostics};
use super::super::lint::{self, lint};
use super::super::nearest::listed;
use super::super::source::Spot;
use super::super::template;
use super::repeat::{Turn, turns};
use super::scope::{Scope, Unfilled};
use super::{conditions, guard, inputs, late};

/// Resolves a runbook into a plan: types the inputs as they were given on the command line and fills in defaults,
/// evaluates the conditions, repeats the steps that are made for each of several things, and fills in every reference
/// but those to steps' outputs, which stay as `${steps.…}` until the run.
///
/// `facts` are what must still be so when the run begins, `noted` what may change by itself; both go into the plan, as
/// do the `notices`. Nothing is looked at but these.
///
/// # Errors
/// Everything that [`lint()`] finds wrong; inputs that are missing, unknown or of the wrong kind, by their flags; a
/// database tier that the method is not for; facts under which every crossing is left out; references to facts that the
/// survey did not find; values that hold a password or something that would be taken for a reference.
#[expect(clippy::too_many_arguments, reason = "the one door to planning: eight different things, each handed in once")]
pub fn plan(
    book: &Runbook,
    given: &BTreeMap<String, String>,
    facts: &Value,
    noted: &Value,
    notices: Vec<String>,
    actions: &dyn Actions,
    tool: &str,
    now: Timestamp,
) -> Result<Plan, Diagnostics> {
    let found = lint(book, actions);
    if found.has_errors() {
        return Err(found);
    }
    let inputs = inputs::typed(book, given, facts).map_err(|problems| Diagnostics::of(&book.source, problems))?;
    let mut problems = guard::passwords(&inputs, facts, noted, &notices);
    problems.extend(unfit_tier(book, facts));
    problems.extend(no_app(facts));
    if !problems.is_empty() {
        return Err(Diagnostics::of(&book.source, problems));
    }
    let owners = inputs::owners(book, given, facts);
    let mut planner = Planner { book, actions, scope: Scope::new(book, &inputs, &owners, facts), problems };
    let title = planner.prose(&book.title, &planner.scope.clone());
    let steps = planner.steps();
    let holds = planner.holds(&steps);
    planner.problems.extend(late::check(book, &steps, &holds));
    planner.problems.extend(nothing_crossed(book, &steps));
    if !planner.problems.is_empty() {
        return Err(Diagnostics::of(&book.source, planner.problems));
    }
    Ok(Plan {
        format: Plan::FORMAT,
        tool: tool.to_owned(),
        made_at: now,
        procedure: book.procedure.value.clone(),
        method: book.method.value.clone(),
        title,
        app: text_at(facts, "app.name").unwrap_or_default(),
        resource: text_at(facts, "connection.name"),
        sources: book.sources.clone(),
        inputs,
        facts: facts.clone(),
        noted: noted.clone(),
        notices,
        steps,
        holds,
    })
}

fn text_at(facts: &Value, path: &str) -> Option<String> {
    template::follow(facts, path).and_then(Value::as_str).map(str::to_owned)
}

fn unfit_tier(book: &Runbook, facts: &Value) -> Option<Diagnostic> {
    let tiers = book.tiers.as_ref()?;
    let tier = text_at(facts, "database.tier").unwrap_or_else(|| "unknown".to_owned());
    let plan = text_at(facts, "database.plan").unwrap_or_else(|| "unknown".to_owned());
    if tiers.value.contains(&tier) {
        return None;
    }
    let (procedure, method) = (&book.procedure.value, &book.method.value);
    let message = format!("the method `{method}` is not for this database: its tier is `{tier}` (plan {plan})");
    let known = listed(tiers.value.iter().map(String::as_str));
    Some(
        Diagnostic::error(message).at(&tiers.span).because(format!("it needs one of {known}")).help(format!(
            "see the other methods of `{procedure}` with `hcops runbook list` and name one with `--method`"
        )),
    )
}

fn no_app(facts: &Value) -> Option<Diagnostic> {
    let finding = Diagnostic::error("the survey found no `app.name`").because("a plan is for one app, by name");
    text_at(facts, "app.name").is_none().then(|| finding.help("name the app with `-a APP`"))
}

/// Where a runbook has several ways over the point of no return, the facts choose one. A plan without any would silence
/// everything and switch nothing.
fn nothing_crossed(book: &Runbook, steps: &[PlannedStep]) -> Option<Diagnostic> {
    let first = book.steps.get(book.first_crossing())?;
    if steps.iter().any(|step| step.crossing.is_some()) {
        return None;
    }
    let crossings = book.steps.iter().filter(|step| step.crossing.is_some()).map(|step| StepId(step.id.value.clone()));
    let omitted = crossings.filter_map(|id| {
        let reason = steps.iter().find(|step| step.id == id)?.omitted.clone()?;
        Some(format!("`{id}` because {reason}"))
    });
    let reasons: Vec<String> = omitted.collect();
    let message = format!("every step that makes the change is left out: {}", reasons.join("; "));
    let why = "the plan would interrupt everything and change nothing";
    Some(Diagnostic::error(message).at(&first.id.span).because(why).help("choose another input or method for this app"))
}

/// Where a plan leaves out the step that asks, what hangs on its answer is carried out.
fn without_unasked(mut planned: Vec<PlannedStep>) -> Vec<PlannedStep> {
    let asked: Vec<StepId> = planned.iter().filter(|step| step.omitted.is_none()).map(|step| step.id.clone()).collect();
    for step in &mut planned {
        step.only_if = step.only_if.take().filter(|only_if| asked.contains(&only_if.step));
    }
    planned
}

/// Where a plan leaves out the step that makes something, its undo takes back nothing: what other steps did to a thing that
/// was there before stays, as their `way_back` says.
fn without_unmade(mut planned: Vec<PlannedStep>) -> Vec<PlannedStep> {
    let made: Vec<StepId> = planned.iter().filter(|step| step.omitted.is_none()).map(|step| step.id.clone()).collect();
    for step in &mut planned {
        step.undone_by = step.undone_by.take().filter(|maker| made.contains(maker));
    }
    planned
}

struct Planner<'a> {
    book: &'a Runbook,
    actions: &'a dyn Actions,
    scope: Scope<'a>,
    problems: Vec<Diagnostic>,
}

impl<'a> Planner<'a> {
    fn steps(&mut self) -> Vec<PlannedStep> {
        let mut planned = Vec::new();
        for step in &self.book.steps {
            match turns(step, &self.scope) {
                Ok(turns) => planned.extend(turns.into_iter().map(|turn| self.step(step, turn))),
                Err(problem) => self.problems.push(problem),
            }
        }
        without_unmade(without_unasked(planned))
    }

    fn step(&mut self, step: &'a Step, turn: Turn<'a>) -> PlannedStep {
        let scope = self.scope.for_item(turn.item);
        let omitted = turn.omitted.or_else(|| conditions::first_unmet(&step.when, &scope));
        if let Some(reason) = omitted {
            return self.omitted(step, turn.id, &scope, reason);
        }
        PlannedStep {
            id: turn.id,
            group: step.group.as_ref().map(|group| group.value.clone()),
            action: step.call.action.value.clone(),
            with: self.call(&step.call, &scope),
            title: self.prose(&step.title, &scope),
            why: self.prose(&step.why, &scope),
            effect: self.effect(step),
            expect: self.expectation(step),
            way_back: self.way_back(step, &scope),
            undo: self.undo(step, &scope),
            undone_by: step.undone_by.as_ref().map(|target| StepId(scope.step_name(&target.value))),
            crossing: self.crossing(step, &scope),
            holds: self.holds_of(step, &scope),
            preflight: step.preflight,
            may_skip: step.may_skip,
            downtime: step.downtime,
            omitted: None,
            only_if: conditions::only_if(&step.when),
        }
    }

    /// A step that is left out. It is shown, so that nobody wonders where it went, but nothing in it has to resolve: what
    /// it refers to may well be missing, and that may be the reason.
    fn omitted(&self, step: &Step, id: StepId, scope: &Scope<'_>, reason: String) -> PlannedStep {
        let shown = |text: &Spot<String>| scope.prose(&text.value).unwrap_or_else(|_| text.value.clone());
        PlannedStep {
            id,
            group: step.group.as_ref().map(|group| group.value.clone()),
            action: step.call.action.value.clone(),
            with: Value::Object(serde_json::Map::new()),
            title: shown(&step.title),
            why: shown(&step.why),
            effect: self.effect(step),
            expect: self.expectation(step),
            way_back: String::new(),
            undo: None,
            undone_by: None,
            crossing: None,
            holds: Vec::new(),
            preflight: step.preflight,
            may_skip: step.may_skip,
            downtime: None,
            omitted: Some(reason),
            only_if: None,
        }
    }

    fn effect(&self, step: &Step) -> model::Effect {
        // An action that does not exist was refused by the lint; one-shot is the careful answer.
        self.actions.find(&step.call.action.value).map_or(model::Effect::OneShot, model::AnyAction::effect)
    }

    /// The size that the survey found decides how long a step takes that reads all of the database.
    fn expectation(&self, step: &Step) -> model::Expectation {
        let gigabytes = template::follow(self.scope.facts(), "database.gigabytes").and_then(Value::as_u64);
        step.expect.value.for_gigabytes(gigabytes.unwrap_or_default())
    }

    /// The step's holds that are looked at in this plan.
    fn holds_of(&self, step: &Step, scope: &Scope<'_>) -> Vec<String> {
        let applies = |name: &str| {
            let hold = self.book.hold(name);
            hold.is_none_or(|hold| conditions::first_unmet(&hold.when, scope).is_none())
        };
        step.holds.iter().map(|hold| &hold.value).filter(|name| applies(name)).cloned().collect()
    }

    fn way_back(&mut self, step: &Step, scope: &Scope<'_>) -> String {
        match &step.way_back {
            Some(text) => self.prose(text, scope),
            None => "It only looks: there is nothing to take back.".to_owned(),
        }
    }

    fn undo(&mut self, step: &Step, scope: &Scope<'_>) -> Option<PlannedUndo> {
        let undo = step.undo.as_ref()?;
        let title = match &undo.title {
            Some(title) => self.prose(title, scope),
            None => format!("Take back: {}", self.prose(&step.title, scope)),
        };
        Some(PlannedUndo { action: undo.call.action.value.clone(), with: self.call(&undo.call, scope), title })
    }

    fn crossing(&mut self, step: &Step, scope: &Scope<'_>) -> Option<model::Crossing> {
        let crossing = step.crossing.as_ref()?;
        let name = self.exact(&crossing.name, scope);
        Some(model::Crossing { name, lost: self.prose(&crossing.lost, scope) })
    }

    fn holds(&mut self, steps: &[PlannedStep]) -> BTreeMap<String, PlannedHold> {
        let scope = self.scope.clone();
        let used = |name: &str| steps.iter().any(|step| step.holds.iter().any(|hold| hold == name));
        let mut planned = BTreeMap::new();
        for hold in self.book.holds.iter().filter(|hold| used(&hold.name.value)) {
            let with = self.call(&hold.call, &scope);
            let action = hold.call.action.value.clone();
            let finality = hold.finality.as_ref().map(|finality| model::Finality {
                from: StepId::from(finality.from.value.as_str()),
                lost: self.prose(&finality.lost, &scope),
                proves: finality.proves,
            });
            planned.insert(hold.name.value.clone(), PlannedHold { action, with, why: hold.why.clone(), finality });
        }
        planned
    }

    /// The parameters of a call, filled in and checked against its action.
    fn call(&mut self, call: &Call, scope: &Scope<'_>) -> Value {
        let empty = || Value::Object(serde_json::Map::new());
        let with = match scope.fill(&call.with.value) {
            Ok(with) => with.unwrap_or_else(empty),
            Err(unfilled) => {
                let span = self.place_in(call, &unfilled);
                self.problems.push(unfilled.at(&span));
                return empty();
            }
        };
        if let Some(why) = self.actions.find(&call.action.value).and_then(|action| action.check(&with).err()) {
            self.problems.push(lint::misfit(self.book, call, &why));
        }
        with
    }

    fn place_in(&self, call: &Call, unfilled: &Unfilled) -> Range<usize> {
        let holder = call.with.strings.iter().find(|text| text.value.contains(&unfilled.reference));
        self.book.source.narrow(holder.map_or(&call.with.span, |text| &text.span), &unfilled.reference)
    }

    fn prose(&mut self, text: &Spot<String>, scope: &Scope<'_>) -> String {
        let filled = scope.prose(&text.value);
        self.taken(text, filled)
    }

    /// A text that is compared letter by letter, so that every value in it must be there.
    fn exact(&mut self, text: &Spot<String>, scope: &Scope<'_>) -> String {
        let filled = scope.exact(&text.value);
        self.taken(text, filled)
    }

    fn taken(&mut self, text: &Spot<String>, filled: Result<String, Unfilled>) -> String {
        filled.unwrap_or_else(|unfilled| {
            let span = self.book.source.narrow(&text.span, &unfilled.reference);
            self.problems.push(unfilled.at(&span));
            text.value.clone()
        })
    }
}
