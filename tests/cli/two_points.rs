//! A plan with two points of no return says which of them is meant, what is behind the run, and what leaving means.

use super::house::{House, Told};

const NEW: &str = "acme-crm-pg-b3026d";

fn words(text: &str) -> String {
    text.split_whitespace().filter(|word| *word != "|").collect::<Vec<_>>().join(" ")
}

/// All of these are said.
fn says(told: &Told, parts: &[&str]) {
    let said = words(&format!("{}{}", told.stdout, told.stderr));
    for part in parts {
        assert!(said.contains(part), "{part}: {told}");
    }
}

#[test]
fn each_of_two_points_of_no_return_is_told_as_the_one_it_is() {
    for procedure in ["version-upgrade", "plan-change"] {
        let house = House::new();
        let rehearse = ["rehearse", procedure, "--scenario", "custom-url", "--databases", "none", "--non-interactive"];
        let follower: &[&str] = if procedure == "plan-change" { &["--method", "follower"] } else { &[] };
        let there = ["--answer", "promote=there", "--answer", "attach-as=there"];
        let first = house.hcops(&[&rehearse[..], follower, &there].concat());
        assert_eq!(first.exit, 10, "{procedure}: {first}");
        says(
            &first,
            &[
                "There are 2 points of no return, and each asks for its name: step ",
                "Until the first, step ",
                "---- POINT OF NO RETURN 1 of 2: ",
                "---- POINT OF NO RETURN 2 of 2: ",
                "Point of no return 1 of 2: Promote ",
                "Leaving here: writes stay off until the run goes on (`hcops resume RUN`) or is turned back (`hcops abort RUN`).",
                "To turn back, and restore what was before: hcops abort RUN",
            ],
        );
        assert!(!words(&first.stderr).contains("Already behind the run"), "{procedure}: {first}");
        let run = house.only_run();
        let name = words(&first.stderr).split("--confirm ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
        let second = house.hcops(&["resume", &run, "--confirm", &name, "--non-interactive"]);
        assert_eq!(second.exit, 10, "{procedure}: {second}");
        let about_the_second = [
            "Point of no return 2 of 2: Attach ",
            "What becomes impossible: Nothing that is not impossible already, since a point of no return is behind the run",
            "Already behind the run, and not to be undone: point of no return 1 of 2, Promote ",
            "Leaving here: writes stay off, and the run can no longer be turned back: only `hcops resume RUN` leads on.",
        ];
        says(&second, &about_the_second);
        says(&second, &["POINT OF NO RETURN 1 of 2 passed with "]);
        assert!(!words(&second.stderr).contains("To turn back"), "{procedure}: {second}");
        let shown = house.hcops(&["show", &run]);
        says(&shown, &about_the_second);
        says(&shown, &["POINT OF NO RETURN 2 of 2"]);
        says(&house.hcops(&["report", &run]), &[&format!("1 of 2: **{name}**")]);
        says(&house.hcops(&["report", &run, "--format", "html"]), &["1 of 2 passed", "point of no return 1 of 2"]);
    }
}

#[test]
fn the_only_point_of_no_return_is_told_as_ever() {
    let house = House::new();
    let rehearse = ["rehearse", "version-upgrade", "--databases", "none", "--non-interactive"];
    let told = house.hcops(&[&rehearse[..], &["--answer", "promote=there"]].concat());
    says(&told, &["is the point of no return: it asks for the name", "Point of no return: Promote "]);
    assert!(!words(&told.stderr).contains(" 1 of 1"), "{told}");
    let done = house.hcops(&["resume", "--confirm", NEW, "--non-interactive"]);
    says(&done, &["POINT OF NO RETURN passed with "]);
}
