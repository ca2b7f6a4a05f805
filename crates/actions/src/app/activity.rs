use std::fmt;

use super::formation::ProcessType;
use crate::Context;
use hcops_heroku::platform::Dyno;
use hcops_model::Fault;

/// What of an app may write although its web traffic is stopped.
pub(super) struct Activity {
    /// Process types other than web that are scaled above 0.
    pub(super) scaled: Vec<ProcessType>,
    /// Dynos of process types other than web, one-off dynos among them; release phases are not.
    pub(super) dynos: Vec<Running>,
    /// Dynos of a release phase.
    pub(super) releases: Vec<Running>,
    /// The one-off dyno in which hcops itself runs: it writes nothing, and it cannot wait for its own end.
    pub(super) own: Option<Running>,
}

impl Activity {
    /// Looks at the app's formation and dynos.
    pub(super) async fn of(context: &Context, app: &str) -> Result<Self, Fault> {
        let formation = context.clients.platform.formation(app).await?;
        let dynos = context.clients.platform.dynos(app).await?;
        let scaled = formation.into_iter().map(ProcessType::from).filter(|kind| !kind.is_web() && kind.quantity > 0);
        let other = dynos.into_iter().map(Running::from).filter(|dyno| dyno.sort != Sort::Web);
        let (releases, dynos): (Vec<_>, Vec<_>) = other.partition(|dyno| dyno.sort == Sort::Release);
        let own = context.clients.own_dyno.as_ref();
        let is_own = |dyno: &Running| dyno.sort == Sort::OneOff && own.is_some_and(|own| own.may_be(app, &dyno.name));
        let (mut own, dynos): (Vec<_>, Vec<_>) = dynos.into_iter().partition(is_own);
        Ok(Self { scaled: scaled.collect(), dynos, releases, own: own.pop() })
    }
}

/// A dyno that runs.
pub(super) struct Running {
    name: String,
    state: String,
    sort: Sort,
}

impl Running {
    /// How to get rid of it: a one-off dyno has to be stopped by hand, others go by themselves.
    pub(super) fn stopped_by(&self, app: &str) -> Option<String> {
        (self.sort == Sort::OneOff).then(|| format!("heroku ps:stop {} -a {app}", self.name))
    }
}

impl fmt::Display for Running {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({})", self.name, self.state)
    }
}

impl From<Dyno> for Running {
    fn from(dyno: Dyno) -> Self {
        let sort = Sort::of(&dyno);
        Self { name: dyno.name, state: dyno.state, sort }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Web,
    Release,
    OneOff,
    Process,
}

impl Sort {
    /// By the type; the name's first part is what one-off dynos are known by (`run.1234`, `scheduler.1234`).
    fn of(dyno: &Dyno) -> Self {
        let first = dyno.name.split('.').next().unwrap_or_default();
        match (dyno.process_type.as_str(), first) {
            ("web", _) => Self::Web,
            ("release", _) => Self::Release,
            ("run" | "scheduler", _) | (_, "run" | "scheduler") => Self::OneOff,
            _ => Self::Process,
        }
    }
}
