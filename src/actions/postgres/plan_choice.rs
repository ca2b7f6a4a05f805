//! Which of the plans that Heroku offers would do.

use crate::heroku::data::gigabytes;
use crate::heroku::platform::Plan;

/// Whether a plan can be used in a private space, or outside one; nothing where Heroku does not say.
pub(super) fn is_allowed(plan: &Plan, space: Option<&str>) -> Option<bool> {
    match space {
        Some(_) => plan.installable_inside_private_network,
        None => plan.installable_outside_private_network,
    }
}

/// The smallest plan of the same tier as `like` that holds so many gigabytes and can be used in that place.
pub(super) fn smallest_that_fits<'plans>(
    plans: &'plans [Plan],
    like: &str,
    size: u64,
    space: Option<&str>,
) -> Option<&'plans str> {
    let tier = |name: &str| name.rsplit_once('-').map_or(name, |(tier, _)| tier).to_owned();
    let fits = |plan: &&Plan| {
        tier(&plan.name) == tier(like)
            && is_allowed(plan, space) != Some(false)
            && gigabytes(&plan.name).is_some_and(|limit| limit >= size)
    };
    plans.iter().filter(fits).min_by_key(|plan| gigabytes(&plan.name)).map(|plan| plan.name.as_str())
}
