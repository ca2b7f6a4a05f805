use hcops_model::RunId;

/// The fewest characters of an id that are shown.
///
/// An id begins with the time at which its run was opened, in milliseconds and in hexadecimal. Eight digits are the same
/// for all runs of 65 seconds: an id that somebody has just noted down would become ambiguous as soon as they begin a run
/// for the next app. With ten digits, and the hyphen, two runs would have to begin within a quarter of a second.
const FEWEST: usize = 11;

/// The runs of this machine, of whose ids people see only as much as tells one from the others.
#[derive(Debug, Clone, Default)]
pub struct RunNames(Vec<RunId>);

impl RunNames {
    /// No runs besides the one that is named.
    #[must_use]
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// The names of these runs.
    #[must_use]
    pub const fn of(runs: Vec<RunId>) -> Self {
        Self(runs)
    }

    /// The shortest beginning of the run's id that no other run has, of at least eleven characters. It names the run in
    /// every command.
    #[must_use]
    pub fn short(&self, run: RunId) -> String {
        let whole = run.to_string();
        let shared = |other: &RunId| {
            let other = other.to_string();
            whole.bytes().zip(other.bytes()).take_while(|(mine, theirs)| mine == theirs).count()
        };
        let most_shared = self.0.iter().filter(|other| **other != run).map(shared).max().unwrap_or(0);
        let mut length = (most_shared + 1).max(FEWEST);
        // A hyphen tells nobody apart.
        if whole.as_bytes().get(length - 1) == Some(&b'-') {
            length += 1;
        }
        whole.chars().take(length).collect()
    }

    /// A sentence about this run, with its id shortened.
    pub(super) fn within(&self, sentence: &str, run: Option<RunId>) -> String {
        run.map_or_else(|| sentence.to_owned(), |run| sentence.replace(&run.to_string(), &self.short(run)))
    }

    /// A command of `hcops` with the id of its run shortened.
    pub(super) fn shorten(&self, command: &str) -> String {
        let mut words: Vec<String> = command.split(' ').map(str::to_owned).collect();
        if let [hcops, verb, name, ..] = words.as_mut_slice()
            && hcops.as_str() == "hcops"
            && ABOUT_A_RUN.contains(&verb.as_str())
            && let Ok(run) = name.parse()
        {
            *name = self.short(RunId(run));
        }
        words.join(" ")
    }
}

/// The commands whose first word after the verb names a run.
const ABOUT_A_RUN: [&str; 7] = ["resume", "abort", "answer", "show", "watch", "stop", "report"];

#[cfg(test)]
mod tests {
    use super::RunNames;
    use hcops_model::RunId;

    fn run(text: &str) -> RunId {
        RunId(text.parse().expect("an id"))
    }

    const FIRST: &str = "0199c5f0-1111-7222-8333-444455556666";
    const SAME_MOMENT: &str = "0199c5f0-1112-7222-8333-444455556666";
    const LATER: &str = "0199c5f1-0000-7222-8333-444455556666";

    #[test]
    fn as_much_is_shown_as_tells_one_from_the_others() {
        let names = RunNames::of(vec![run(FIRST), run(LATER)]);
        assert_eq!(names.short(run(FIRST)), "0199c5f0-11");
        assert_eq!(names.short(run(SAME_MOMENT)), "0199c5f0-1112", "one that began after the others were listed");
        let names = RunNames::of(vec![run(FIRST), run(SAME_MOMENT)]);
        assert_eq!(names.short(run(FIRST)), "0199c5f0-1111");
        let twin = "0199c5f0-1111-8222-8333-444455556666";
        assert_eq!(RunNames::of(vec![run(FIRST), run(twin)]).short(run(FIRST)), "0199c5f0-1111-7");
    }

    #[test]
    fn a_sentence_has_the_short_name() {
        let told = format!("run {FIRST} opened by ada");
        assert_eq!(RunNames::none().within(&told, Some(run(FIRST))), "run 0199c5f0-11 opened by ada");
        assert_eq!(RunNames::none().within(&told, None), told);
    }

    #[test]
    fn only_the_name_of_a_run_is_shortened_in_a_command() {
        let names = RunNames::none();
        for (command, shown) in [
            (format!("hcops resume {FIRST} --confirm new"), "hcops resume 0199c5f0-11 --confirm new".to_owned()),
            (
                format!("hcops answer {FIRST} connection {LATER}"),
                format!("hcops answer 0199c5f0-11 connection {LATER}"),
            ),
            (format!("hcops connect resume {FIRST}"), format!("hcops connect resume {FIRST}")),
            ("heroku login".to_owned(), "heroku login".to_owned()),
        ] {
            assert_eq!(names.shorten(&command), shown);
        }
    }
}
