//! Builds again when a runbook is added: the macro that embeds the folder only notices files that it already knows.

fn main() {
    println!("cargo::rerun-if-changed=runbooks");
    println!("cargo::rerun-if-changed=build.rs");
}
