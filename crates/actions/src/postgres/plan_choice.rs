//! Which of the plans that Heroku offers would do.

use hcops_heroku::data::gigabytes;
use hcops_heroku::platform::Plan;

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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_smallest_plan_of_the_same_tier_that_holds_as_much_is_named() {
        let plan = |name: &str, private: bool| {
            let name = format!("heroku-postgresql:{name}");
            serde_json::from_value(json!({"id": name, "name": name, "installable_inside_private_network": private,
                "installable_outside_private_network": !private}))
            .unwrap()
        };
        let plans = [
            plan("standard-2", false),
            plan("standard-0", false),
            plan("premium-0", false),
            plan("standard-1", true),
            plan("standard-3", false),
        ];
        let smallest = |size, space| smallest_that_fits(&plans, "heroku-postgresql:standard-0", size, space);
        assert_eq!(smallest(64, None), Some("heroku-postgresql:standard-0"));
        assert_eq!(smallest(65, None), Some("heroku-postgresql:standard-2"));
        assert_eq!(smallest(1, Some("space")), None);
        assert_eq!(smallest(u64::MAX, None), None);
    }
}
