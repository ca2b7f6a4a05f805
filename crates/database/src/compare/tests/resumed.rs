//! Comparisons whose process was killed.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use crate::testing::{VirtualClock, old_and_copy};
use hcops_model::DatabaseUrl;
use hcops_simulator::postgres::Cluster;

use super::super::{
    Checkpoint, CheckpointFile, Comparison, Options, Phase, Progress, Resumption, Verdict, compare_resumable,
};
use super::told;

/// Lines in memory, which outlive the comparison.
#[derive(Default)]
struct Lines(Mutex<Vec<String>>);

impl Checkpoint for Lines {
    fn earlier(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    fn begin(&self, line: &str) -> Result<(), String> {
        *self.0.lock().unwrap() = vec![line.to_owned()];
        Ok(())
    }

    fn add(&self, line: &str) -> Result<(), String> {
        self.0.lock().unwrap().push(line.to_owned());
        Ok(())
    }

    fn finish(&self) {
        self.0.lock().unwrap().clear();
    }
}

/// Pieces of one block, so that there are many.
fn small_pieces() -> Options {
    Options { chunk_bytes: 8_192, ..Options::default() }
}

async fn resumed(urls: &[DatabaseUrl; 2], options: &Options, lines: Arc<dyn Checkpoint>) -> Comparison {
    let watch = Arc::new(|_: &Progress| ());
    compare_resumable(&urls[0], &urls[1], options, Arc::new(VirtualClock::default()), watch, lines).await.unwrap()
}

/// Begins a comparison and drops it in the middle of the contents, as if it had been killed.
async fn cut_in_the_middle(urls: &[DatabaseUrl; 2], lines: Arc<dyn Checkpoint>) {
    let (middle, reached) = tokio::sync::oneshot::channel();
    let middle = Mutex::new(Some(middle));
    let watch = Arc::new(move |progress: &Progress| {
        if progress.phase == Phase::Contents && progress.bytes > progress.bytes_in_all / 2 {
            middle.lock().unwrap().take().map(|middle| middle.send(()));
        }
    });
    let clock = Arc::new(VirtualClock::default());
    let options = small_pieces();
    tokio::select! {
        biased;
        _ = reached => {}
        _ = compare_resumable(&urls[0], &urls[1], &options, clock, watch, Arc::clone(&lines)) => panic!("it was not cut"),
    }
    // Its connections end one after the other, as those of a killed process do.
    while Arc::strong_count(&lines) > 2 {
        tokio::task::yield_now().await;
    }
}

fn urls(old: &Cluster, new: &Cluster) -> [DatabaseUrl; 2] {
    [old.url("app"), new.url("app")]
}

fn resumption(comparison: &Comparison) -> &Resumption {
    comparison.resumption.as_ref().unwrap()
}

#[tokio::test]
async fn another_process_goes_on_at_the_piece_and_comes_to_the_same_verdict() {
    let Some((old, new)) = old_and_copy() else { return };
    let script =
        "set session_replication_role = replica; update salesforce.account set name = 'Other' where id in (1, 3000)";
    new.run("app", script).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint");
    let file = Arc::new(CheckpointFile::open(&path).unwrap());
    cut_in_the_middle(&urls(&old, &new), Arc::clone(&file) as _).await;
    drop(file);

    let file = Arc::new(CheckpointFile::open(&path).unwrap());
    let answers = file.earlier().len() as u64 - 1;
    assert!(answers > 10, "{:?}", file.earlier());
    let comparison = resumed(&urls(&old, &new), &small_pieces(), file).await;
    assert_eq!(resumption(&comparison), &Resumption { pieces: answers, ..Resumption::default() });
    assert_eq!(comparison.verdict, Verdict::DifferencesFound);
    let table = comparison.differing_tables().next().unwrap();
    assert_eq!((table.old_rows, table.new_rows, table.differing), (3_000, 3_000, 2), "{}", told(&comparison));
    assert!(!path.exists(), "nothing of it is needed any more");
}

#[tokio::test]
async fn a_checkpoint_holds_no_row_and_no_password() {
    let Some((old, new)) = old_and_copy() else { return };
    let lines = Arc::new(Lines::default());
    cut_in_the_middle(&urls(&old, &new), Arc::clone(&lines) as _).await;
    let kept = lines.earlier().join("\n");
    let password = url::Url::parse(old.url("app").open()).unwrap().password().unwrap().to_owned();
    assert!(!kept.contains(&password) && !kept.contains("Account") && !kept.contains("salesforce"), "{kept}");
}

#[tokio::test]
async fn a_database_that_changed_meanwhile_is_read_again_from_the_beginning() {
    let Some((old, new)) = old_and_copy() else { return };
    for (server, which) in [(&old, "old"), (&new, "new")] {
        let lines = Arc::new(Lines::default());
        cut_in_the_middle(&urls(&old, &new), Arc::clone(&lines) as _).await;
        // Taken back, so that only what the server shows can tell.
        server.run("app", "begin; select txid_current(); rollback").unwrap();
        let comparison = resumed(&urls(&old, &new), &small_pieces(), lines).await;
        let told = resumption(&comparison);
        assert_eq!(told.pieces, 0);
        assert!(told.begun_again.as_ref().unwrap().contains(which), "{told:?}");
        assert_eq!(comparison.verdict, Verdict::NoDifferenceFound);
    }
}

#[tokio::test]
async fn a_change_between_the_two_processes_is_found() {
    let Some((old, new)) = old_and_copy() else { return };
    let lines = Arc::new(Lines::default());
    cut_in_the_middle(&urls(&old, &new), Arc::clone(&lines) as _).await;
    let script = "set session_replication_role = replica; update salesforce.account set name = 'Other'";
    new.run("app", script).unwrap();
    let comparison = resumed(&urls(&old, &new), &small_pieces(), lines).await;
    assert_eq!(comparison.verdict, Verdict::DifferencesFound);
    assert_eq!(comparison.differing_tables().next().unwrap().differing, 3_000);
}

#[tokio::test]
async fn other_options_and_unreadable_lines_begin_again() {
    let Some((old, new)) = old_and_copy() else { return };
    let lines = Arc::new(Lines::default());
    cut_in_the_middle(&urls(&old, &new), Arc::clone(&lines) as _).await;
    let kept = lines.earlier();
    let by_text = Options { by_text: true, ..small_pieces() };
    let comparison = resumed(&urls(&old, &new), &by_text, lines).await;
    assert!(resumption(&comparison).begun_again.is_some() && resumption(&comparison).pieces == 0);

    let mut torn = kept;
    torn.push("{\"work\":0".to_owned());
    let comparison = resumed(&urls(&old, &new), &small_pieces(), Arc::new(Lines(Mutex::new(torn)))).await;
    assert!(resumption(&comparison).begun_again.is_some() && resumption(&comparison).pieces == 0);
    assert_eq!(comparison.verdict, Verdict::NoDifferenceFound);
}

/// A disk that is full after a few lines.
struct Full(AtomicU64);

impl Checkpoint for Full {
    fn earlier(&self) -> Vec<String> {
        Vec::new()
    }

    fn begin(&self, _: &str) -> Result<(), String> {
        Ok(())
    }

    fn add(&self, _: &str) -> Result<(), String> {
        let kept = self.0.fetch_add(1, Ordering::SeqCst);
        if kept < 3 { Ok(()) } else { Err("no space left".to_owned()) }
    }

    fn finish(&self) {}
}

#[tokio::test]
async fn a_checkpoint_that_cannot_be_written_does_not_stop_the_comparison() {
    let Some((old, new)) = old_and_copy() else { return };
    let full = Arc::new(Full(AtomicU64::new(0)));
    let comparison = resumed(&urls(&old, &new), &small_pieces(), Arc::clone(&full) as _).await;
    assert_eq!(comparison.verdict, Verdict::NoDifferenceFound);
    assert_eq!(resumption(&comparison).trouble.as_deref(), Some("no space left"));
    assert_eq!(full.0.load(Ordering::SeqCst), 4, "nothing is written behind a gap");
}
