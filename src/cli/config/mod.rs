//! The config file: defaults of the person or machine for what flags and variables leave open.

mod document;
mod masked;
mod place;

pub(super) use document::{Addresses, Written, is_address};
pub(super) use place::{ConfigFile, read};

/// Where notices go is as secret as what posts them there: whoever has the address can post in hcops' name.
pub(super) const REMARK: &str = "note: others on this machine can read the config file, and an address that notices go to \
                                 may hold a token; `chmod 600` closes it";
