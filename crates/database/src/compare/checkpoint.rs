use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::crew::Question;
use super::side::Which;

/// Where a comparison keeps what it has read, so that another process can go on after this one was killed.
///
/// Nothing that is kept shows a row: only how many rows a piece of a table has and the sum of their hashes.
pub trait Checkpoint: Send + Sync {
    /// The lines that were kept so far, oldest first, without a last one whose writing was cut short.
    fn earlier(&self) -> Vec<String>;

    /// Forgets all lines and begins with this one.
    ///
    /// # Errors
    /// The reason, in words, when it cannot be kept. The comparison goes on without.
    fn begin(&self, line: &str) -> Result<(), String>;

    /// Keeps one line more.
    ///
    /// # Errors
    /// As [`Checkpoint::begin`].
    fn add(&self, line: &str) -> Result<(), String>;

    /// Called when the comparison is complete: nothing of it is needed any more.
    fn finish(&self);
}

/// What became of a checkpoint.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resumption {
    /// Pieces of tables that an earlier process had read, and that were not read again.
    pub pieces: u64,
    /// Why everything was read again although there was a checkpoint.
    pub begun_again: Option<String>,
    /// Why this comparison could not be resumed if it were interrupted.
    pub trouble: Option<String>,
}

/// What must be the same for an answer to be used again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    #[serde(rename = "hcops comparison checkpoint")]
    pub(super) format: u32,
    /// A digest of everything that is asked of every piece.
    pub(super) plan: String,
    /// What both databases show; see [`super::side::Side::mark`].
    pub(super) marks: [String; 2],
}

/// The format of the lines. Another one is never read.
const FORMAT: u32 = 1;

/// The words that every checkpoint begins with.
pub(super) const BEGINNING: &str = "{\"hcops comparison checkpoint\":";

/// What one piece of a table was answered with.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    work: usize,
    side: Which,
    from: u64,
    lines: Vec<Vec<Option<String>>>,
}

/// The lines of one answer.
pub(super) type Lines = Vec<Vec<Option<String>>>;

/// Answers of an earlier process, by table and first block.
pub(super) type Answers = HashMap<(usize, u64), Lines>;

/// The checkpoint of a comparison that is under way.
pub(super) struct Kept {
    store: Arc<dyn Checkpoint>,
    state: Mutex<State>,
}

struct State {
    earlier: [Answers; 2],
    told: Resumption,
}

impl Kept {
    /// Takes up what an earlier process kept if it still holds, and begins again otherwise.
    pub(super) fn open(store: Arc<dyn Checkpoint>, header: &Header) -> Self {
        let (earlier, begun_again) = match read(&store.earlier(), header) {
            Ok(answers) => (Some(answers), None),
            Err(why) => (None, why),
        };
        let mut told = Resumption { begun_again, ..Resumption::default() };
        if earlier.is_none() {
            told.trouble = store.begin(&line_of(header)).err();
        }
        Self { store, state: Mutex::new(State { earlier: earlier.unwrap_or_default(), told }) }
    }

    /// Hands out what an earlier process read of one side.
    pub(super) fn take_earlier(&self, which: Which) -> Answers {
        std::mem::take(&mut self.state().earlier[which.index()])
    }

    pub(super) fn note_reused(&self, pieces: u64) {
        self.state().told.pieces += pieces;
    }

    /// Keeps an answer. After the first one that cannot be kept no other is: a later process begins again.
    pub(super) fn add(&self, side: Which, work: usize, from: u64, lines: &Lines) {
        let line = line_of(&Answer { work, side, from, lines: lines.clone() });
        let mut state = self.state();
        if state.told.trouble.is_none() {
            state.told.trouble = self.store.add(&line).err();
        }
    }

    /// Forgets everything that was kept, and tells what became of it.
    pub(super) fn finish(&self) -> Resumption {
        self.store.finish();
        self.state().told.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Header {
    pub(super) fn of(questions: &[Question], chunk_bytes: u64, marks: [String; 2]) -> Self {
        let mut digest = Sha256::new();
        digest.update(chunk_bytes.to_be_bytes());
        for question in questions {
            let sizes = question.blocks.iter().chain(&question.bytes);
            sizes.for_each(|size| digest.update(size.to_be_bytes()));
            digest.update([u8::from(question.divisible)]);
            digest.update(question.statement.len().to_be_bytes());
            digest.update(&question.statement);
        }
        let plan = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Self { format: FORMAT, plan, marks }
    }
}

/// The answers of an earlier process; or the reason, where there is a checkpoint, why they must not be used.
fn read(lines: &[String], wanted: &Header) -> Result<[Answers; 2], Option<String>> {
    let Some((first, rest)) = lines.split_first() else { return Err(None) };
    let unreadable = || Some("it cannot be read".to_owned());
    let header: Header = serde_json::from_str(first).map_err(|_| unreadable())?;
    reason_against(&header, wanted).map_or(Ok(()), |why| Err(Some(why)))?;
    let mut answers = [Answers::new(), Answers::new()];
    for line in rest {
        let answer: Answer = serde_json::from_str(line).map_err(|_| unreadable())?;
        answers[answer.side.index()].insert((answer.work, answer.from), answer.lines);
    }
    Ok(answers)
}

fn reason_against(header: &Header, wanted: &Header) -> Option<String> {
    let moved = |which: Which| header.marks[which.index()] != wanted.marks[which.index()];
    if header.format != wanted.format {
        Some("another version of hcops wrote it".to_owned())
    } else if moved(Which::Old) {
        Some("it cannot be shown that the old database is unchanged since".to_owned())
    } else if moved(Which::New) {
        Some("it cannot be shown that the new database is unchanged since".to_owned())
    } else if header.plan != wanted.plan {
        Some("other tables are compared, or in another way".to_owned())
    } else {
        None
    }
}

fn line_of(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{BEGINNING, Header, Which, line_of, read};
    use crate::compare::crew::Question;

    fn question(statement: &str) -> Question {
        Question { blocks: [8, 9], bytes: [8_192, 9_000], divisible: true, statement: statement.to_owned() }
    }

    fn header() -> Header {
        Header::of(&[question("one"), question("two")], 32, ["a".to_owned(), "b".to_owned()])
    }

    const ANSWER: &str = r#"{"work":1,"side":"new","from":4,"lines":[["0","5",null]]}"#;

    #[test]
    fn what_was_kept_is_read_by_table_side_and_block() {
        let kept = [line_of(&header()), ANSWER.to_owned()];
        assert!(kept[0].starts_with(BEGINNING));
        let answers = read(&kept, &header()).unwrap();
        let lines = &answers[Which::New.index()][&(1, 4)];
        assert_eq!(lines[0], [Some("0".to_owned()), Some("5".to_owned()), None]);
        assert!(answers[Which::Old.index()].is_empty());
    }

    #[test]
    fn whatever_is_not_the_same_makes_it_begin_again() {
        let plan = |questions: &[Question], chunk| Header {
            marks: header().marks,
            ..Header::of(questions, chunk, Default::default())
        };
        for other in [
            Header { marks: ["a".to_owned(), "c".to_owned()], ..header() },
            Header { marks: ["c".to_owned(), "b".to_owned()], ..header() },
            Header { format: 2, ..header() },
            plan(&[question("one")], 32),
            plan(&[question("one"), question("two")], 33),
            plan(&[question("one"), question("2")], 32),
            plan(&[question("one"), Question { blocks: [8, 10], ..question("two") }], 32),
        ] {
            assert!(read(&[line_of(&other), ANSWER.to_owned()], &header()).unwrap_err().is_some(), "{other:?}");
        }
    }

    #[test]
    fn a_line_that_cannot_be_read_makes_it_begin_again_and_nothing_is_no_reason() {
        for line in ["", "{}", "\0\0\0", &ANSWER[..20]] {
            assert!(read(&[line_of(&header()), line.to_owned()], &header()).unwrap_err().is_some());
        }
        assert_eq!(read(&[], &header()).unwrap_err(), None);
    }
}
