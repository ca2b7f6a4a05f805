//! Output that is written by a thread of its own: whoever prints never waits for whoever reads.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Bytes that wait to be written at most. What is oldest is left out beyond that: what was told last says how to go on.
const ROOM: usize = 1 << 20;
/// Time before a stream that takes nothing just now (`EAGAIN`) is tried again.
const BETWEEN_TRIES: Duration = Duration::from_millis(20);

/// Which of the two streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// Standard output.
    Data,
    /// Standard error.
    Notes,
}

/// A queue before one stream, or before both where they lead to the same place, so that their lines keep their order.
#[derive(Clone)]
pub(super) struct Outlet(Arc<Shared>);

struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
    /// The line that says how many were left out.
    notices: [fn(u64) -> String; 2],
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Piece>,
    bytes: usize,
    /// Where a piece is being written, perhaps for hours.
    writing: Option<Target>,
    /// Lines left out and not yet told of.
    left_out: [u64; 2],
    gone: [bool; 2],
    pictures: usize,
    /// How often something drawn was left out: what is on the screen is not known then.
    drawings_lost: u64,
}

struct Piece {
    target: Target,
    kind: Kind,
    bytes: Vec<u8>,
}

/// What is missed when it is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Lines, which are counted.
    Lines,
    /// A picture that the next one replaces.
    Picture,
    /// What moves the cursor or stands before what is typed.
    Drawing,
}

/// Where an outlet writes to.
pub(super) type Sink = Box<dyn Write + Send>;

impl Outlet {
    /// Begins to write to these: `data` and `notes`, each with the notice about lines that were left out there.
    pub(super) fn open(data: Option<Sink>, notes: Option<Sink>, notices: [fn(u64) -> String; 2]) -> Self {
        let shared = Arc::new(Shared { queue: Mutex::default(), changed: Condvar::new(), notices });
        let writer = Arc::clone(&shared);
        let mut sinks = [data, notes];
        // It ends with the process: a write that nobody takes cannot be called off.
        std::thread::spawn(move || {
            loop {
                let (target, bytes) = writer.next();
                let written = sinks[target as usize].as_mut().map_or(Ok(()), |sink| writer.put(sink, &bytes));
                writer.settle(target, &written);
            }
        });
        Self(shared)
    }

    /// Takes something to write; never waits.
    pub(super) fn push(&self, target: Target, kind: Kind, bytes: Vec<u8>) {
        let mut queue = self.0.locked();
        if queue.gone[target as usize] {
            return;
        }
        queue.add(Piece { target, kind, bytes });
        self.0.changed.notify_all();
    }

    /// Whether a picture still waits to be written: another one would only wait behind it.
    pub(super) fn has_picture(&self) -> bool {
        self.0.locked().pictures > 0
    }

    /// How often something drawn was left out.
    pub(super) fn drawings_lost(&self) -> u64 {
        self.0.locked().drawings_lost
    }

    /// Writes nothing more to this stream.
    pub(super) fn leave(&self, target: Target) {
        self.0.locked().leave(target);
        self.0.changed.notify_all();
    }

    /// Waits until everything is written, at most for `limit`; says whether it is.
    pub(super) fn drain(&self, limit: Option<Duration>) -> bool {
        let queue = self.0.locked();
        let busy = |queue: &mut Queue| !queue.is_done();
        match limit {
            Some(limit) => {
                let waited = self.0.changed.wait_timeout_while(queue, limit, busy);
                !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
            }
            None => {
                drop(self.0.changed.wait_while(queue, busy).unwrap_or_else(PoisonError::into_inner));
                true
            }
        }
    }
}

impl Shared {
    fn locked(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next piece; first of all how many lines are missing before it.
    fn next(&self) -> (Target, Vec<u8>) {
        let queue = self.locked();
        let mut queue =
            self.changed.wait_while(queue, |queue| queue.is_empty()).unwrap_or_else(PoisonError::into_inner);
        let (target, bytes) = match queue.take_missing() {
            Some((target, missing)) => (target, format!("{}\n", self.notices[target as usize](missing)).into_bytes()),
            None => queue.take().map_or((Target::Notes, Vec::new()), |piece| (piece.target, piece.bytes)),
        };
        queue.writing = Some(target);
        (target, bytes)
    }

    fn put(&self, sink: &mut Sink, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            match sink.write(rest) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(count) => rest = &rest[count..],
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    drop(self.changed.wait_timeout(self.locked(), BETWEEN_TRIES));
                }
                Err(error) => return Err(error),
            }
        }
        sink.flush()
    }

    fn settle(&self, target: Target, written: &io::Result<()>) {
        let mut queue = self.locked();
        queue.writing = None;
        if written.is_err() {
            queue.leave(target);
        }
        self.changed.notify_all();
    }
}

impl Queue {
    fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.left_out == [0, 0]
    }

    fn is_done(&self) -> bool {
        self.is_empty() && self.writing.is_none_or(|target| self.gone[target as usize])
    }

    /// A stream where lines are missing, and how many.
    fn take_missing(&mut self) -> Option<(Target, u64)> {
        let target = [Target::Data, Target::Notes].into_iter().find(|target| self.left_out[*target as usize] > 0)?;
        Some((target, std::mem::take(&mut self.left_out[target as usize])))
    }

    fn add(&mut self, piece: Piece) {
        self.bytes += piece.bytes.len();
        self.pictures += usize::from(piece.kind == Kind::Picture);
        self.waiting.push_back(piece);
        while self.bytes > ROOM && self.waiting.len() > 1 {
            if let Some(oldest) = self.take() {
                self.miss(&oldest);
            }
        }
    }

    fn take(&mut self) -> Option<Piece> {
        let piece = self.waiting.pop_front()?;
        self.bytes -= piece.bytes.len();
        self.pictures -= usize::from(piece.kind == Kind::Picture);
        Some(piece)
    }

    fn miss(&mut self, piece: &Piece) {
        match piece.kind {
            Kind::Lines => {
                let lines = piece.bytes.iter().filter(|byte| **byte == b'\n').count();
                self.left_out[piece.target as usize] += lines as u64;
            }
            Kind::Picture | Kind::Drawing => self.drawings_lost += 1,
        }
    }

    fn leave(&mut self, target: Target) {
        self.gone[target as usize] = true;
        self.left_out[target as usize] = 0;
        let (kept, left): (VecDeque<_>, VecDeque<_>) = self.waiting.drain(..).partition(|piece| piece.target != target);
        self.waiting = kept;
        self.bytes -= left.iter().map(|piece| piece.bytes.len()).sum::<usize>();
        self.pictures -= left.iter().filter(|piece| piece.kind == Kind::Picture).count();
    }
}

/// The two streams of this process, and whether they lead to the same place.
#[cfg(unix)]
pub(super) fn streams() -> (Sink, Sink, bool) {
    use std::fs::File;
    use std::os::fd::AsFd;
    use std::os::unix::fs::MetadataExt;

    // A stream of its own, because the standard library's are locked while somebody writes to them.
    let own = |stream: io::Result<std::os::fd::OwnedFd>| stream.map(File::from).ok();
    let out = own(io::stdout().as_fd().try_clone_to_owned());
    let err = own(io::stderr().as_fd().try_clone_to_owned());
    let place = |file: &Option<File>| {
        file.as_ref().and_then(|file| file.metadata().ok()).map(|about| (about.dev(), about.ino()))
    };
    let together = place(&out).is_some() && place(&out) == place(&err);
    let out: Sink = out.map_or_else(|| Box::new(io::stdout()) as Sink, |file| Box::new(file));
    let err: Sink = err.map_or_else(|| Box::new(io::stderr()) as Sink, |file| Box::new(file));
    (out, err, together)
}

/// The two streams of this process, which are taken to lead to the same place.
#[cfg(not(unix))]
pub(super) fn streams() -> (Sink, Sink, bool) {
    (Box::new(io::stdout()), Box::new(io::stderr()), true)
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read, Write};
    use std::sync::{Arc, Condvar, Mutex};
    use std::time::Duration;

    use super::{Kind, Outlet, ROOM, Target};

    /// A reader that takes nothing until it is let go.
    #[derive(Clone, Default)]
    struct Stalled(Arc<Gate>);

    #[derive(Default)]
    struct Gate {
        taken: Mutex<Taken>,
        opened: Condvar,
    }

    #[derive(Default)]
    struct Taken {
        open: bool,
        bytes: Vec<u8>,
    }

    impl Stalled {
        fn let_go(&self) {
            self.0.taken.lock().unwrap().open = true;
            self.0.opened.notify_all();
        }

        fn read(&self) -> String {
            String::from_utf8(self.0.taken.lock().unwrap().bytes.clone()).unwrap()
        }
    }

    impl Write for Stalled {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut taken = self.0.opened.wait_while(self.0.taken.lock().unwrap(), |taken| !taken.open).unwrap();
            taken.bytes.extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn notice(count: u64) -> String {
        format!("[{count} left out]")
    }

    /// The lines that the notices in it count.
    fn left_out(read: &str) -> usize {
        let counts = read.lines().filter_map(|line| line.strip_prefix('[')?.split(' ').next()?.parse::<usize>().ok());
        counts.sum()
    }

    fn outlet(reader: &Stalled) -> Outlet {
        Outlet::open(Some(Box::new(reader.clone())), Some(Box::new(reader.clone())), [notice, notice])
    }

    fn line(outlet: &Outlet, text: &str) {
        outlet.push(Target::Notes, Kind::Lines, format!("{text}\n").into_bytes());
    }

    const SOON: Option<Duration> = Some(Duration::from_millis(50));

    #[test]
    fn what_nobody_reads_is_left_out_from_the_oldest_and_counted() {
        let reader = Stalled::default();
        let outlet = outlet(&reader);
        let long = "x".repeat(1023);
        let lines = 2 * ROOM / 1024;
        for _ in 0..lines {
            line(&outlet, &long);
        }
        line(&outlet, "the last word");
        assert!(!outlet.drain(SOON), "nobody reads");
        reader.let_go();
        assert!(outlet.drain(None));
        let read = reader.read();
        let kept = read.lines().filter(|line| line.starts_with('x')).count();
        assert_eq!(left_out(&read), lines - kept, "{} lines read", read.lines().count());
        assert!(kept < lines && read.len() < ROOM + 8192, "{} bytes", read.len());
        assert!(read.ends_with("the last word\n"));
    }

    #[test]
    fn everything_is_written_in_its_order_where_somebody_reads() {
        let reader = Stalled::default();
        reader.let_go();
        let outlet = outlet(&reader);
        for nth in 0..1000 {
            let target = if nth % 3 == 0 { Target::Data } else { Target::Notes };
            outlet.push(target, Kind::Lines, format!("{nth}\n").into_bytes());
        }
        assert!(outlet.drain(None));
        assert_eq!(
            reader.read().lines().map(str::to_owned).collect::<Vec<_>>(),
            (0..1000).map(|nth: i32| nth.to_string()).collect::<Vec<_>>()
        );
    }

    #[test]
    fn only_one_picture_waits_and_one_that_was_lost_is_known() {
        let reader = Stalled::default();
        let outlet = outlet(&reader);
        line(&outlet, "being written");
        assert!(!outlet.has_picture());
        outlet.push(Target::Notes, Kind::Picture, b"picture".to_vec());
        assert!(outlet.has_picture());
        for _ in 0..=ROOM / 1024 {
            line(&outlet, &"x".repeat(1024));
        }
        assert_eq!((outlet.has_picture(), outlet.drawings_lost()), (false, 1));
        reader.let_go();
        assert!(outlet.drain(None));
        assert!(!reader.read().contains("picture"));
    }

    #[test]
    fn a_reader_that_is_gone_is_not_waited_for() {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let outlet = Outlet::open(None, Some(Box::new(writer)), [notice, notice]);
        line(&outlet, "for nobody");
        assert!(outlet.drain(None));
        line(&outlet, "for nobody either");
        assert!(outlet.drain(SOON));
    }

    /// 64 kB is what a pipe holds: the writer stands still in the middle of a line, and the line is whole later.
    #[test]
    fn a_full_pipe_holds_up_nobody_and_tears_no_line() {
        let (mut reader, writer) = io::pipe().unwrap();
        let outlet = Outlet::open(Some(Box::new(writer)), None, [notice, notice]);
        for nth in 0..4000 {
            outlet.push(Target::Data, Kind::Lines, format!("{nth:04} {}\n", "x".repeat(594)).into_bytes());
        }
        assert!(!outlet.drain(SOON), "nobody reads");
        let reading = std::thread::spawn(move || {
            let mut read = vec![0; 64 << 10];
            let mut all = Vec::new();
            // The newest line is never left out.
            while !(all.ends_with(b"\n") && String::from_utf8_lossy(&all).contains("\n3999 ")) {
                let count = reader.read(&mut read).unwrap();
                all.extend_from_slice(&read[..count]);
            }
            String::from_utf8(all).unwrap()
        });
        assert!(outlet.drain(None));
        let read = reading.join().unwrap();
        assert!(read.lines().all(|line| line.len() == 599 || line.starts_with('[')), "no line is torn");
        let kept = read.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_digit())).count();
        assert_eq!(left_out(&read), 4000 - kept);
    }
}
