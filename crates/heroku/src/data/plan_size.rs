/// Whether a plan, by its whole name or its level, is of the Advanced tier, which the Data API calls `performance`
/// (heroku/typescript-api-schema, dist/data/types.d.ts, `PostgresInfoResult`). It has an API of its own.
#[must_use]
pub fn is_advanced(plan: &str) -> bool {
    let level = plan.rsplit(':').next().unwrap_or(plan);
    ["advanced", "performance"].iter().any(|tier| level.starts_with(tier))
}

/// Gigabytes that a plan holds (docs/heroku/platform.md, "Plans"). The plans' endpoint does not tell them.
/// Nothing for a plan that is not in that list.
#[must_use]
pub fn gigabytes(plan: &str) -> Option<u64> {
    let level = plan.rsplit(':').next().unwrap_or(plan);
    match level {
        "essential-0" => return Some(1),
        "essential-1" => return Some(10),
        "essential-2" => return Some(32),
        _ => {}
    }
    let (tier, number) = level.rsplit_once('-')?;
    if !matches!(tier, "standard" | "premium" | "private" | "shield") {
        return None;
    }
    Some(match number {
        "0" => 64,
        "2" => 256,
        "3" => 512,
        "4" => 768,
        "5" => 1_000,
        "6" => 1_500,
        "7" => 2_000,
        "8" => 3_000,
        "9" => 4_000,
        _ => return None,
    })
}
