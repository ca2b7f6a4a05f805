//! From a procedure and an app to a plan: survey, resolve, and look at what can be checked beforehand. Sends only reads.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::arguments::ProcedureChoice;
use super::failure::Failure;
use super::inputs::Inputs;
use super::methods;
use super::permissions;
use super::reach::Reach;
use super::verbs;
use super::{database_name, document};
use hcops_actions::catalogue;
use hcops_heroku::platform::Account;
use hcops_journal::claims::only_looks;
use hcops_model::{Actions as _, Exit, Fault, FaultKind, Plan, PlannedStep, Prior, Seen};
use hcops_runbook::{self as runbook, Diagnostics, InputKind, Runbook, Step};
use hcops_survey::{self as survey, Survey, Target};

/// What is to be planned.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub(super) procedure: String,
    pub(super) method: Option<String>,
    pub(super) file: Option<PathBuf>,
    pub(super) inputs: Inputs,
    /// Answers to inputs that neither the operator nor the runbook has one for; others are passed over.
    pub(super) assumed: Inputs,
    /// Answers that go before the runbook's own defaults.
    pub(super) preferred: Inputs,
    pub(super) app: String,
    pub(super) resource: Option<String>,
}

fn not_in_the_library(found: Diagnostics) -> Failure {
    Failure::from(found).with_command("hcops runbook list")
}

impl Wish {
    /// A wish as it was given on the command line; `--input` wins over an input's own option.
    pub(super) fn new(
        procedure: &str,
        choice: &ProcedureChoice,
        mut inputs: Inputs,
        app: String,
        resource: Option<String>,
    ) -> Self {
        inputs.extend(choice.input.iter().cloned());
        Self {
            procedure: procedure.to_owned(),
            method: choice.method.clone(),
            file: choice.runbook.clone(),
            inputs,
            assumed: Inputs::new(),
            preferred: Inputs::new(),
            app,
            resource,
        }
    }

    /// The wish that a plan came from.
    pub(super) fn of_plan(plan: &Plan, file: Option<PathBuf>) -> Self {
        let as_typed = |value: &Value| match value {
            Value::String(text) => text.clone(),
            Value::Array(items) => items
                .iter()
                .map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned))
                .collect::<Vec<_>>()
                .join(","),
            other => other.to_string(),
        };
        Self {
            procedure: plan.procedure.clone(),
            method: file.is_none().then(|| plan.method.clone()),
            file,
            inputs: plan
                .inputs
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| (name.clone(), as_typed(value)))
                .collect(),
            assumed: Inputs::new(),
            preferred: Inputs::new(),
            app: plan.app.clone(),
            resource: plan.resource.clone(),
        }
    }

    /// The runbooks that may be meant: the one that was named, or every method of the procedure.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub(super) fn runbooks(&self) -> Result<Vec<Runbook>, Failure> {
        match (&self.file, &self.method) {
            (Some(file), _) => Ok(vec![verbs::runbook::read(file)?]),
            (None, Some(method)) => Ok(vec![runbook::find(&self.procedure, Some(method)).map_err(not_in_the_library)?]),
            (None, None) => runbook::methods(&self.procedure).map_err(not_in_the_library),
        }
    }

    /// Whether nothing that may be meant changes anything.
    ///
    /// # Errors
    /// As [`Self::runbooks`].
    pub(super) fn only_looks(&self) -> Result<bool, Failure> {
        let actions = catalogue()?;
        let looks = |step: &Step| {
            let action = actions.find(&step.call.action.value);
            action.is_some_and(|action| !action.effect().changes_the_world())
        };
        Ok(self.runbooks()?.iter().all(|book| book.steps.iter().all(looks)))
    }

    /// What was said, and what is preferred or assumed where nothing was, for the inputs that the runbook has. Files that
    /// were named are read.
    ///
    /// # Errors
    /// When a file cannot be read.
    fn inputs_for(&self, book: &Runbook) -> Result<Inputs, Failure> {
        let mut inputs = self.inputs.clone();
        let preferred = self.preferred.iter().filter(|(name, _)| book.input(name).is_some());
        let unanswered = |name: &str| book.input(name).is_some_and(|input| input.default.is_none());
        let assumed = self.assumed.iter().filter(|(name, _)| unanswered(name));
        for (name, value) in preferred.chain(assumed) {
            inputs.entry(name.clone()).or_insert_with(|| value.clone());
        }
        for (name, value) in &mut inputs {
            let is_file = book.input(name).is_some_and(|input| input.kind == InputKind::Json);
            if is_file && !value.trim_start().starts_with('{') {
                *value = document::read(Path::new(value.as_str()))?;
            }
        }
        Ok(inputs)
    }
}

/// Surveys the app and resolves the runbook against it.
///
/// # Errors
/// When the runbook, an input or the app is wrong, or the account cannot be read.
pub(super) async fn plan(reach: &Reach, wish: &Wish) -> Result<Plan, Failure> {
    let books = wish.runbooks()?;
    for book in &books {
        let findings = runbook::lint(book, &*reach.actions);
        if findings.has_errors() {
            return Err(findings.into());
        }
    }
    let target = Target { app: wish.app.clone(), resource: wish.resource.clone() };
    let surveyed = survey::survey(&reach.clients, &*reach.clock, &target).await?;
    let book = methods::proposed(books, &surveyed.facts)?;
    let (mut plan, mut advice) = plan_by(reach, wish, &book, &surveyed).await?;
    let may_choose = wish.method.is_none() && wish.file.is_none();
    if let Some(method) = advice.method.take().filter(|method| may_choose && *method != plan.method) {
        let other = runbook::find(&wish.procedure, Some(&method)).map_err(not_in_the_library)?;
        (plan, advice) = plan_by(reach, wish, &other, &surveyed).await?;
    }
    plan.notices.extend(advice.notices);
    Ok(plan)
}

/// The plan by this runbook, and what its own checks advise.
async fn plan_by(reach: &Reach, wish: &Wish, book: &Runbook, surveyed: &Survey) -> Result<(Plan, Advice), Failure> {
    let notices = notices_for(book, surveyed);
    let mut inputs = wish.inputs_for(book)?;
    let app = surveyed.facts["app"]["name"].as_str().unwrap_or(&wish.app);
    database_name::resolve(&reach.clients.platform, app, book, &mut inputs).await?;
    let plan = runbook::plan(
        book,
        &inputs,
        &surveyed.facts,
        &surveyed.noted,
        notices,
        &*reach.actions,
        env!("CARGO_PKG_VERSION"),
        reach.clock.now(),
    )?;
    let advice = before_approval(reach, &plan).await?;
    Ok((plan, advice))
}

/// What the plan's own checks have to say before it is approved.
#[derive(Default)]
struct Advice {
    /// Sentences for those who approve: they are part of the plan, and of its digest.
    notices: Vec<String>,
    /// The method that fits what was seen.
    method: Option<String>,
}

/// What the plan's own checks have to say to those who approve it.
///
/// # Errors
/// When a look failed.
async fn before_approval(reach: &Reach, plan: &Plan) -> Result<Advice, Failure> {
    let mut advice = Advice::default();
    for step in plan.steps.iter().filter(|step| step.preflight && step.omitted.is_none()) {
        let Some(action) = reach.actions.find(&step.action) else { continue };
        if action.output()["properties"]["before_approval"].is_null() {
            continue;
        }
        let prior = Prior { step: Some(step.id.clone()), ..Prior::default() };
        if let Seen::Satisfied { output } = action.observe(&step.with, &prior).await?.seen {
            let told = output["before_approval"].as_array().into_iter().flatten();
            advice.notices.extend(told.filter_map(Value::as_str).map(str::to_owned));
            advice.method = output["proposed_method"].as_str().map(str::to_owned).or(advice.method);
        }
    }
    Ok(advice)
}

/// What the operator should read before this procedure: what becomes of attachments and followers is said only where the
/// database is replaced.
fn notices_for(book: &Runbook, surveyed: &Survey) -> Vec<String> {
    let replaces = |step: &Step| {
        let action = step.call.action.value.as_str();
        matches!(action, "postgres.promote" | "postgres.move-attachment" | "connect.repoint")
    };
    let on_this = book.steps.iter().any(replaces);
    let said = surveyed.notices.iter().filter(|notice| on_this || !surveyed.of_replacement.contains(notice));
    said.cloned().collect()
}

/// Makes the plan's own checks: all of them, so that everything that is in the way is named at once. Returns what those
/// said that have something to show: the price of a plan, for one.
///
/// # Errors
/// With exit 11 when something is in the way; otherwise when a look failed.
pub(super) async fn check(reach: &Reach, plan: &Plan) -> Result<Vec<String>, Failure> {
    check_only(reach, plan, |_| true).await
}

/// Makes those of the plan's own checks that can be made already.
///
/// # Errors
/// As [`check`].
pub(super) async fn check_only(
    reach: &Reach,
    plan: &Plan,
    can: impl Fn(&PlannedStep) -> bool,
) -> Result<Vec<String>, Failure> {
    let (mut in_the_way, mut shown) = (Vec::new(), Vec::new());
    if !only_looks(plan) {
        in_the_way.extend(reach.account.as_ref().and_then(Account::objection));
        in_the_way.extend(permissions::objections(reach, plan).await);
    }
    for step in plan.steps.iter().filter(|step| step.preflight && step.omitted.is_none() && can(step)) {
        match checked(reach, step).await? {
            Checked::Clear(said) => shown.extend(said),
            Checked::InTheWay(fault) => in_the_way.push(fault),
        }
    }
    match in_the_way.len() {
        0 => Ok(shown),
        1 => Err(Failure::new(Exit::Blocked, in_the_way.remove(0))),
        several => Err(all(&in_the_way, several)),
    }
}

/// What this check sees in the way, if anything.
///
/// # Errors
/// When the look itself failed.
pub(super) async fn objection(reach: &Reach, step: &PlannedStep) -> Result<Option<Fault>, Failure> {
    Ok(match checked(reach, step).await? {
        Checked::Clear(_) => None,
        Checked::InTheWay(fault) => Some(fault),
    })
}

/// What came of a check.
enum Checked {
    /// Nothing is in the way; the sentence that its output brings along.
    Clear(Option<String>),
    /// This is.
    InTheWay(Fault),
}

async fn checked(reach: &Reach, step: &PlannedStep) -> Result<Checked, Failure> {
    let Some(action) = reach.actions.find(&step.action) else { return Ok(Checked::Clear(None)) };
    let prior = Prior { step: Some(step.id.clone()), ..Prior::default() };
    let look = action.observe(&step.with, &prior).await?;
    let fault = |saw: String, remedy: String| {
        let mut fault = Fault::new(FaultKind::Refused, format!("{}: {saw}", step.title), step.why.clone(), remedy);
        fault.requests = look.requests.clone();
        Checked::InTheWay(fault)
    };
    Ok(match look.seen {
        Seen::Satisfied { output } => Checked::Clear(output["shown"].as_str().map(str::to_owned)),
        Seen::Ready { .. } => Checked::Clear(None),
        Seen::Underway { note, .. } => fault(note, "Wait until this is over, then plan again.".to_owned()),
        Seen::Blocked { why, remedy } => fault(why, remedy),
        Seen::Unclear { why, ask } => {
            fault(why, format!("Find out what it means before anything is changed. {}", ask.join(" ")))
        }
    })
}

fn all(found: &[Fault], several: usize) -> Failure {
    let detail = found.iter().flat_map(|fault| [format!("- {}", fault.saw), format!("  remedy: {}", fault.remedy)]);
    let fault = Fault::new(
        FaultKind::Refused,
        format!("{several} checks stand against this plan"),
        "A procedure begins only when nothing is known to be in its way; nothing was changed.",
        "Clear what is listed above, then plan again.",
    );
    Failure::new(Exit::Blocked, fault).with_detail(detail)
}

/// Compares the plan that was approved with the one that would be made now.
///
/// # Errors
/// With exit 11 and the difference, when they are not the same.
pub(super) fn unchanged(approved: &Plan, now: &Plan) -> Result<(), Failure> {
    let differences = runbook::difference(approved, now);
    if differences.is_empty() {
        return Ok(());
    }
    let fault = Fault::new(
        FaultKind::Refused,
        "the world is not as it was when this plan was made",
        "What was approved would not be what is done; nothing was done.",
        "Look at the difference, make the plan again, and have the new one approved.",
    );
    Err(Failure::new(Exit::Blocked, fault).with_detail(differences.iter().map(|difference| format!("  {difference}"))))
}
