use serde::Deserialize;
use serde_json::{Value, json};

use hcops_model::{Digest, Plan};

use super::diagnostic::{Diagnostic, Diagnostics};
use super::source::Source;

const AGAIN: &str = "make the plan again with `hcops plan … -o plan.json` and have it reviewed";

/// The text of `plan.json`: the plan with its digest beside it.
#[must_use]
pub fn save_plan(plan: &Plan) -> String {
    let document = json!({ "digest": plan.digest(), "plan": plan });
    format!("{document:#}\n")
}

/// Reads the text of a `plan.json`; findings name `file`.
///
/// # Errors
/// When the file is torn or not a plan; when another version of hcops wrote it in another format; when the plan does not
/// fit its digest, so that it is not what was reviewed.
pub fn load_plan(file: &str, text: &str) -> Result<Plan, Diagnostics> {
    let source = Source::new(file, text);
    let refuse = |finding: Diagnostic| Diagnostics::of(&source, vec![finding]);
    let document: Value = serde_json::from_str(text).map_err(|error| refuse(not_json(&source, &error)))?;
    let (Some(digest), Some(plan)) = (document.get("digest").and_then(Value::as_str), document.get("plan")) else {
        let finding = Diagnostic::error("this is not a plan: it has no `digest` with a `plan` beside it");
        return Err(refuse(finding.help("give the file that `hcops plan … -o plan.json` wrote")));
    };
    if let Some(finding) = foreign_format(plan) {
        return Err(refuse(finding));
    }
    let plan = Plan::deserialize(plan).map_err(|error| {
        refuse(Diagnostic::error(format!("the plan can't be read: {error}")).because("edited or damaged").help(AGAIN))
    })?;
    if plan.digest() == Digest(digest.to_owned()) { Ok(plan) } else { Err(refuse(edited(&source, digest, &plan))) }
}

fn not_json(source: &Source, error: &serde_json::Error) -> Diagnostic {
    let offset = offset_of(&source.text, error.line(), error.column());
    let (message, why) = if error.is_eof() {
        ("the plan is torn: the file ends in the middle".to_owned(), "it ends here")
    } else {
        (format!("the plan is not JSON: {error}"), "it stops making sense here")
    };
    Diagnostic::error(message).at(&(offset..offset)).because(why).help(AGAIN)
}

/// Byte offset of a line and column as `serde_json` counts them: both from 1, columns in bytes.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let mut offset = (start + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

fn foreign_format(plan: &Value) -> Option<Diagnostic> {
    let format = plan.get("format").and_then(Value::as_u64)?;
    if format == u64::from(Plan::FORMAT) {
        return None;
    }
    let tool = plan.get("tool").and_then(Value::as_str).unwrap_or("unknown");
    let age = if format > u64::from(Plan::FORMAT) { "newer" } else { "older" };
    let message = format!("the plan has format {format}, and this hcops runs format {} only", Plan::FORMAT);
    let help = format!("run it with hcops {tool}, which made it; or {AGAIN}");
    Some(Diagnostic::error(message).because(format!("it was made by {age} hcops {tool}")).help(help))
}

fn edited(source: &Source, digest: &str, plan: &Plan) -> Diagnostic {
    let offset = source.text.find(digest).unwrap_or_default();
    Diagnostic::error("the plan does not fit its digest")
        .at(&(offset..offset + digest.len()))
        .because(format!("what stands below has the digest {}", plan.digest().short()))
        .help(format!("it was changed after it was made, so it is not what was reviewed; {AGAIN}"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{facts, planned};
    use super::*;

    fn saved() -> String {
        save_plan(&planned(&[("to", "17")], &facts()).expect("a plan"))
    }

    fn refusal(text: &str) -> String {
        load_plan("reviewed.json", text).expect_err("this should have been refused").to_string()
    }

    #[test]
    fn what_is_saved_loads_again() {
        let plan = planned(&[("to", "17")], &facts()).expect("a plan");
        let loaded = load_plan("reviewed.json", &save_plan(&plan)).expect("as it was saved");
        assert_eq!(loaded, plan);
        assert_eq!(save_plan(&loaded), save_plan(&plan));
    }

    #[test]
    fn a_file_that_is_torn_anywhere_is_refused() {
        let whole = saved();
        let end = whole.trim_end().len();
        // Every byte at both ends, where the frame is; between them a sample, since each try reads the whole text.
        let tried = (0..end).filter(|length| *length < 400 || *length > end - 200 || *length % 61 == 0);
        for length in tried.filter(|length| whole.is_char_boundary(*length)) {
            assert!(load_plan("reviewed.json", &whole[..length]).is_err(), "torn at {length} and taken");
        }
        let said = refusal(&whole[..100]);
        assert!(
            said.contains("the plan is torn") && said.contains("reviewed.json:4:") && said.contains("hcops plan"),
            "{said}"
        );
    }

    #[test]
    fn a_plan_that_was_edited_no_longer_fits_its_digest() {
        let said = refusal(&saved().replace("standard-0", "premium-0"));
        assert!(said.contains("does not fit its digest") && said.contains("reviewed.json:2:"), "{said}");
        let said = refusal(&saved().replace("\"limit\": 14400", "\"limit\": \"4h\""));
        assert!(said.contains("can't be read"), "{said}");
    }

    #[test]
    fn another_format_is_named_with_the_version_that_made_it() {
        let newer = saved().replacen("\"format\": 1", "\"format\": 2", 1).replacen(
            "\"tool\": \"0.1.0\"",
            "\"tool\": \"9.0.0\"",
            1,
        );
        let said = refusal(&newer);
        assert!(said.contains("format 2") && said.contains("newer hcops 9.0.0"), "{said}");
    }

    #[test]
    fn other_files_are_not_plans() {
        for text in ["", "[]", "{}", "null", "{\"digest\": \"x\"}", "not json", "{\"digest\": 1, \"plan\": {}}"] {
            assert!(load_plan("reviewed.json", text).is_err(), "{text:?} was taken");
        }
    }
}
