use std::path::Path;

use super::house::House;

const SHELLS: [(&str, &str); 4] =
    [("bash", "hcops.bash"), ("zsh", "_hcops"), ("fish", "hcops.fish"), ("powershell", "_hcops.ps1")];

#[test]
fn the_scripts_in_completions_are_current() {
    for (shell, file) in SHELLS {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions").join(file);
        let told = House::new().hcops(&["completions", shell]);
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            kept == told.stdout,
            "completions/{file} is not current; remedy: cargo run -- completions {shell} > completions/{file}"
        );
    }
}
