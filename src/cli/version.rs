//! Which hcops this is. Journals and reports keep the bare version; here also what it was built from.

/// `0.1.0 (abc1234 2026-11-22)`: version, commit and its date, as far as they are known where it was built.
pub(super) const SHORT: &str = env!("HCOPS_VERSION");

/// The date of the commit; empty where it is not known.
pub(super) const DATE: &str = env!("HCOPS_DATE");

/// The same as [`SHORT`], with the compiler and the target that it was built for, a line each.
pub(super) const fn long() -> &'static str {
    concat!(env!("HCOPS_VERSION"), "\n", env!("HCOPS_RUSTC"), "\n", env!("HCOPS_TARGET"))
}
