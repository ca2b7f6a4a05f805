//! Whether the account may do what a plan does. It is seen beforehand where Heroku shows it: a refusal in the middle
//! leaves apps silent until somebody with more rights comes.

use super::reach::Reach;
use hcops_heroku::platform::Collaborator;
use hcops_model::{Fault, FaultKind, Happened, Plan};

/// The permission that is needed on each app of a plan (Dev Center, App Permissions and Allowed Actions): paid add-ons are
/// added, changed and removed with it; dynos are scaled, config vars and maintenance mode set with `deploy` as well. With
/// which of them an add-on of another app is attached is not said there, so that only this one is certain.
const NEEDED: &str = "operate";

/// What is in the way: one refusal for each app on which the account's permissions are shown and are not enough. Where they
/// are not shown nothing is said.
pub(super) async fn objections(reach: &Reach, plan: &Plan) -> Vec<Fault> {
    let Some(email) = reach.account.as_ref().and_then(|account| account.email.as_deref()) else { return Vec::new() };
    let mut found = Vec::new();
    for app in apps_of(plan) {
        let people = reach.clients.platform.collaborators(app).await.unwrap_or_default();
        let own = people.iter().find(|person| person.user.email.eq_ignore_ascii_case(email));
        found.extend(own.filter(|own| own.lacks(NEEDED)).map(|own| objection(app, own)));
    }
    found
}

fn apps_of(plan: &Plan) -> Vec<&str> {
    let silenced = plan.facts["apps"].as_array().into_iter().flatten().filter_map(|app| app["name"].as_str());
    let owner = plan.facts["database"]["owner_app"].as_str();
    let mut apps: Vec<&str> = std::iter::once(plan.app.as_str()).chain(owner).chain(silenced).collect();
    apps.sort_unstable_by_key(|app| (*app != plan.app, *app));
    apps.dedup();
    apps
}

fn objection(app: &str, own: &Collaborator) -> Fault {
    let has: Vec<&str> = own.permissions.iter().map(|permission| permission.name.as_str()).collect();
    let email = &own.user.email;
    let saw =
        format!("the account {email} has on {app} the permissions {} only, and {NEEDED} is needed", has.join(", "));
    let why = "Heroku would refuse a step in the middle, with the apps silent, until somebody with more rights comes.";
    let remedy = format!(
        "Have a person with the permission `manage` give it (`heroku access:update {email} -a {app} --permissions deploy,operate`), or \
         log in with another account; then plan again."
    );
    Fault::new(FaultKind::Refused, saw, why, remedy)
        .with_happened(Happened::No)
        .with_command(format!("heroku access -a {app}"))
}
