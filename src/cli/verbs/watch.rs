use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use clap::Args;
use jiff::Timestamp;

use crate::cli::audience::Audience;
use crate::cli::clock::SystemClock;
use crate::cli::desk::Desk;
use crate::cli::failure::Failure;
use crate::cli::interrupt;
use crate::cli::reach::has_its_own_time;
use crate::cli::run_choice::RunChoice;
use crate::cli::scene::WatchScene;
use crate::cli::stopping;
use hcops_engine::Stop;
use hcops_engine::watch::{Watch, Watched};
use hcops_journal::{ReadJournal, RunState};
use hcops_model::{Clock, EVENT_VERSION, Entry, Event, Exit, Happening, Moment, Needs, Progress, RunId, Verdict};
use hcops_terminal::{Keys, moment, wrap};

/// Follow a run that another process carries out, until it is over or stands still
///
/// Shows what the run's own terminal shows, and changes nothing; it can be watched from any number of terminals. `q` or
/// Ctrl-C ends the watching, not the run (exit 130). `s` asks the run to stop at its next safe point, as `hcops stop` does.
/// It ends as the run's own process ended: 0 when the run is done, 20 when it is aborted, 10 and others when it is parked,
/// 130 when nobody drives it any more.
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    run: RunChoice,
}

/// Follows the run.
///
/// # Errors
/// When there is no such run, or its journal cannot be read.
pub(in crate::cli) async fn run(arguments: Arguments, desk: &Desk) -> Result<Exit, Failure> {
    let open = desk.store().open_read(&arguments.run.any(desk)?)?;
    let keys = if desk.interactive { Keys::at_terminal() } else { Keys::none() };
    let (clock, heard) = clock_of(&open)?;
    let audience = Audience::watching(desk, clock);
    let stop = Stop::new();
    let scene = WatchScene::new(desk, audience.stage.clone(), keys.switch());
    interrupt::listen_at(&stop, &desk.printer, Arc::new(scene));
    let watcher = Watcher { desk, run: open.run, audience, keys, stop, heard, asking: false };
    watcher.follow(Watch::new(desk.store().directory(open.run))).await
}

struct Watcher<'a> {
    desk: &'a Desk,
    run: RunId,
    audience: Audience,
    keys: Keys,
    /// The wish to end the watching.
    stop: Stop,
    heard: Arc<HeardClock>,
    /// Whether the next key answers the question whether the run is to stop.
    asking: bool,
}

impl Watcher<'_> {
    async fn follow(mut self, mut watch: Watch) -> Result<Exit, Failure> {
        self.tell_keys();
        loop {
            let stop = self.stop.clone();
            tokio::select! {
                biased;
                watched = watch.next(&SystemClock, &stop) => match watched? {
                    Some(Watched::Fact(line)) => self.hear(line.at, Happening::Fact(line)),
                    Some(Watched::Progress(at, progress)) => self.hear(at, Happening::Progress { at, progress: *progress }),
                    Some(Watched::StandsStill) => return Ok(watch.state().map_or(Exit::Interrupted, |state| self.stands_still(state))),
                    None if self.stop.is_requested() => return Ok(Exit::Interrupted),
                    None => return Ok(watch.state().map_or(Exit::Interrupted, exit_of)),
                },
                key = self.keys.next() => {
                    if let Some(exit) = self.press(key).await? {
                        return Ok(exit);
                    }
                }
            }
        }
    }

    fn hear(&mut self, at: Timestamp, happening: Happening) {
        self.heard.set(at);
        let goes_on = match &happening {
            Happening::Fact(line) => !matches!(line.entry, Entry::Closed { .. }),
            Happening::Progress { progress, .. } => !matches!(progress, Progress::Needs { .. } | Progress::Left { .. }),
        };
        self.audience.listener.hear(&Event { v: EVENT_VERSION, run: self.run, happening });
        if goes_on {
            self.audience.stage.raise();
        }
    }

    /// The run waits for a person, or for somebody to take it up: said as its own process would have said it.
    fn stands_still(&mut self, state: &RunState) -> Exit {
        let (progress, exit) = match state.parked.clone() {
            Some(needs) => {
                let exit = exit_of_needs(&needs);
                (Progress::Needs { needs: Box::new(needs) }, exit)
            }
            None => (self.left(state), Exit::Interrupted),
        };
        self.hear(state.at, Happening::Progress { at: state.at, progress });
        exit
    }

    fn left(&self, state: &RunState) -> Progress {
        let zone = &self.desk.appearance.zone;
        let note = match &state.stopped {
            Some(stopped) => format!("Nobody drives it since {}. {}", moment(stopped.at, zone), stopped.wish.told()),
            None => format!("Nobody drives it since {}: its process is gone.", moment(state.at, zone)),
        };
        Progress::Left {
            note,
            command: format!("hcops resume {}", self.run),
            writes_off: None,
            exit: Exit::Interrupted.code(),
        }
    }

    fn tell_keys(&self) {
        if self.keys.are_heard() {
            self.say("Watching: `q` ends the watching, `s` asks the run to stop at its next safe point.");
        }
    }

    fn say(&self, text: &str) {
        let appearance = &self.desk.appearance;
        let lines = wrap(&appearance.tell(text), appearance.columns, "", "");
        self.audience.stage.aside(|| self.desk.printer.note_lines(&lines));
    }

    async fn press(&mut self, key: char) -> Result<Option<Exit>, Failure> {
        match (std::mem::take(&mut self.asking), key) {
            (true, 'y') => self.ask_to_stop().await?,
            (true, _) => self.say("Not asked; the run goes on."),
            (false, 'q') => {
                self.say("The watching ends, the run goes on.");
                return Ok(Some(Exit::Interrupted));
            }
            (false, 's') => {
                self.asking = true;
                self.say("Ask the run to stop at its next safe point? y/n");
            }
            (false, _) => {}
        }
        Ok(None)
    }

    async fn ask_to_stop(&self) -> Result<(), Failure> {
        let sentence = match stopping::ask(self.desk, self.run).await? {
            Some(holder) => {
                format!("Requested of {} on {}; in effect once it says that it stopped.", holder.by, holder.place())
            }
            None => "It stands still already.".to_owned(),
        };
        self.say(&sentence);
        Ok(())
    }
}

/// As the run's own process ended, or would end now.
fn exit_of(state: &RunState) -> Exit {
    match state.closed {
        Some(verdict) if verdict == Verdict::Aborted && state.has_skipped() => Exit::Failed,
        Some(Verdict::Aborted) => Exit::Aborted,
        Some(Verdict::Done) if !state.attested_against_sight().is_empty() => Exit::VerificationFailed,
        Some(Verdict::Done) => Exit::Done,
        Some(Verdict::Failed) => Exit::Failed,
        None => Exit::Interrupted,
    }
}

fn exit_of_needs(needs: &Needs) -> Exit {
    let known = Exit::ALL.iter().map(|(exit, _)| *exit).find(|exit| exit.code() == needs.exit);
    known.unwrap_or(Exit::NeedsPerson)
}

/// The time of what was heard last, for a run whose time is simulated; for any other the machine's.
struct HeardClock {
    simulated: bool,
    newest: Mutex<Timestamp>,
}

fn clock_of(open: &ReadJournal) -> Result<(Arc<dyn Clock>, Arc<HeardClock>), Failure> {
    let state = RunState::fold(&open.lines)?;
    let newest = Mutex::new(state.opened_at);
    let heard = Arc::new(HeardClock { simulated: has_its_own_time(&state.origin), newest });
    Ok((heard.clone(), heard))
}

impl HeardClock {
    fn set(&self, at: Timestamp) {
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }
}

#[async_trait]
impl Clock for HeardClock {
    fn now(&self) -> Timestamp {
        if self.simulated { *self.newest.lock().unwrap_or_else(PoisonError::into_inner) } else { SystemClock.now() }
    }

    fn moment(&self) -> Moment {
        if self.simulated { Moment::of(self.now()) } else { SystemClock.moment() }
    }

    async fn sleep(&self, duration: Duration) {
        SystemClock.sleep(duration).await;
    }
}
