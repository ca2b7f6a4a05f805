//! What hcops plans nothing on, because nobody says that it works.

use hcops_heroku::platform::{Addon, App};
use hcops_model::{Fault, FaultKind, Happened};

/// An Advanced database has another API (`GET /data/postgres/v1/…`), and other commands.
pub(super) fn advanced(addon: &Addon) -> Fault {
    let (name, plan, app) = (&addon.name, &addon.plan.name, &addon.app.name);
    refused(
        format!("{name} is on the plan {plan}: Advanced databases are followed and upgraded by other commands"),
        "No statement of Heroku's was found that Heroku Connect works with Postgres Advanced, so hcops plans nothing on it.",
    )
    .with_command(format!("heroku data:pg:info {name} -a {app}"))
}

/// Fir runs in Private Spaces only, without Shield.
pub(super) fn fir(app: &App) -> Fault {
    refused(
        format!("{} runs on the Fir generation of Heroku's platform", app.name),
        "No statement of Heroku's was found that Heroku Connect works with apps on Fir, which run in Private Spaces only and \
         without Shield, so hcops plans nothing for them.",
    )
    .with_command(format!("heroku apps:info -a {}", app.name))
}

fn refused(saw: String, why: &str) -> Fault {
    let remedy = "Ask Heroku's support before anything is done to it.";
    Fault::new(FaultKind::Unsupported, saw, why, remedy).with_happened(Happened::No)
}
