//! A request to stop, left beside the journal for the process that drives the run.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::files::{io_fault, replace_file};
use crate::lease::{Holder, holder_of, is_held};
use hcops_model::{JournalFault, StopCause, StopWish};

const REQUEST: &str = "stop.json";

/// Who asks which process to stop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopRequest {
    /// The person.
    pub by: String,
    /// Their machine.
    pub machine: String,
    /// When, by that machine's clock.
    pub at: Timestamp,
    /// The fence of the lease that is asked to end. A request outlives nobody: the next holder has another fence.
    pub fence: u64,
}

impl StopRequest {
    /// Leaves the request in the run's directory.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn put_into(&self, directory: &Path) -> Result<(), JournalFault> {
        let path = directory.join(REQUEST);
        let text = serde_json::to_vec(self).unwrap_or_default();
        replace_file(&path, &text).map_err(|error| io_fault("write", &path, &error))
    }

    /// The request that lies in the run's directory, whomever it is meant for.
    #[must_use]
    pub fn lying_in(directory: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(directory.join(REQUEST)).ok()?).ok()
    }

    /// Takes away whatever request lies in the run's directory.
    pub fn remove_from(directory: &Path) {
        // One that cannot be removed is addressed to a holder that is gone, and means nothing to the next.
        let _ = std::fs::remove_file(directory.join(REQUEST));
    }

    fn wish(self) -> StopWish {
        StopWish {
            cause: StopCause::Requested,
            by: Some(self.by),
            machine: Some(self.machine),
            asked_at: Some(self.at),
        }
    }
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// It lies there for the process that drives the run.
    Requested(Holder),
    /// Nobody drives the run: it stands still already, and nothing was left behind.
    StandsStill,
    /// The process that takes the run at this moment does not hold it yet; ask again.
    NotYet,
}

/// Asks the process that drives the run in this directory to stop.
///
/// # Errors
/// When the request cannot be written.
pub fn ask_to_stop(directory: &Path, by: &str, machine: &str, at: Timestamp) -> Result<Asked, JournalFault> {
    if !is_held(directory) {
        StopRequest::remove_from(directory);
        return Ok(Asked::StandsStill);
    }
    let Some(holder) = holder_of(directory).filter(|holder| holder.fence > 0) else { return Ok(Asked::NotYet) };
    let request = StopRequest { by: by.to_owned(), machine: machine.to_owned(), at, fence: holder.fence };
    request.put_into(directory)?;
    // It may have ended between the look and the letter.
    if !is_held(directory) {
        StopRequest::remove_from(directory);
        return Ok(Asked::StandsStill);
    }
    Ok(Asked::Requested(holder))
}

/// The request that the present holder of the run has not followed yet.
#[must_use]
pub fn pending_request(directory: &Path) -> Option<StopRequest> {
    let request = StopRequest::lying_in(directory)?;
    let holder = holder_of(directory)?;
    (request.fence == holder.fence && is_held(directory)).then_some(request)
}

/// Where the holder of a run looks for requests.
#[derive(Debug, Clone)]
pub struct Letterbox {
    directory: PathBuf,
    fence: u64,
}

impl Letterbox {
    /// The letterbox of the run in this directory, for its holder under this fence. What lies in it from before is
    /// taken away.
    #[must_use]
    pub fn open(directory: &Path, fence: u64) -> Self {
        let stale = StopRequest::lying_in(directory).is_none_or(|request| request.fence != fence);
        if stale {
            StopRequest::remove_from(directory);
        }
        Self { directory: directory.to_owned(), fence }
    }

    /// The request that lies there for this holder.
    #[must_use]
    pub fn look(&self) -> Option<StopWish> {
        let request = StopRequest::lying_in(&self.directory)?;
        (request.fence == self.fence).then(|| request.wish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lease::Lease;

    fn request(fence: u64) -> StopRequest {
        StopRequest { by: "ada".into(), machine: "engine-room".into(), at: Timestamp::UNIX_EPOCH, fence }
    }

    #[test]
    fn a_request_to_an_earlier_holder_is_for_nobody_and_is_cleared_away() {
        let directory = tempfile::tempdir().unwrap();
        request(1).put_into(directory.path()).unwrap();
        let letterbox = Letterbox::open(directory.path(), 2);
        assert_eq!(StopRequest::lying_in(directory.path()), None);
        request(1).put_into(directory.path()).unwrap();
        assert_eq!(letterbox.look(), None, "it came late, to a holder that is gone");
    }

    #[test]
    fn what_cannot_be_read_is_no_request() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join(REQUEST), "{\"by\":").unwrap();
        let letterbox = Letterbox { directory: directory.path().to_owned(), fence: 1 };
        assert_eq!(letterbox.look(), None);
        let _ = Letterbox::open(directory.path(), 1);
        assert!(!directory.path().join(REQUEST).exists());
    }

    #[test]
    fn only_who_drives_the_run_is_asked_and_nothing_is_left_behind_otherwise() {
        let directory = tempfile::tempdir().unwrap();
        let ask = || ask_to_stop(directory.path(), "ada", "engine-room", Timestamp::UNIX_EPOCH).unwrap();
        request(1).put_into(directory.path()).unwrap();
        assert_eq!(ask(), Asked::StandsStill);
        assert_eq!(StopRequest::lying_in(directory.path()), None);
        let holder = Holder::this_process("ann", "night-shift", Timestamp::UNIX_EPOCH);
        let mut lease = Lease::take(directory.path(), holder).unwrap();
        assert_eq!(ask(), Asked::NotYet);
        lease.set_fence(3).unwrap();
        let held = lease.holder().clone();
        assert_eq!((ask(), held.fence), (Asked::Requested(held), 3));
        assert_eq!(pending_request(directory.path()).unwrap().fence, 3);
        drop(lease);
        assert_eq!(pending_request(directory.path()), None, "whoever was asked is gone");
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        request(1).put_into(directory.path()).unwrap();
        let mode = std::fs::metadata(directory.path().join(REQUEST)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1, "no draft is left");
    }
}
