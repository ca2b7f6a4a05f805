use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// Single keys, for a screen that is only watched: heard at once and not shown. Ctrl-C and Ctrl-Z stay signals.
pub struct Keys {
    pressed: Option<UnboundedReceiver<char>>,
    mode: system::Mode,
}

impl Keys {
    /// Listens at the terminal of standard input; hears nothing where there is none, or where another job has it.
    #[must_use]
    pub fn at_terminal() -> Self {
        let Some(mode) = system::Mode::of_terminal() else { return Self::none() };
        let (send, pressed) = unbounded_channel();
        mode.quiet();
        // Reading cannot be called off: the thread ends with the process, or when nobody hears it any more.
        std::thread::spawn(move || {
            while let Some(key) = system::read() {
                if send.send(key).is_err() {
                    return;
                }
            }
        });
        Self { pressed: Some(pressed), mode }
    }

    /// Hears nothing.
    #[must_use]
    pub fn none() -> Self {
        Self { pressed: None, mode: system::Mode::default() }
    }

    /// Whether keys are heard.
    #[must_use]
    pub const fn are_heard(&self) -> bool {
        self.pressed.is_some()
    }

    /// The next key, in lower case.
    pub async fn next(&mut self) -> char {
        match &mut self.pressed {
            Some(pressed) => match pressed.recv().await {
                Some(key) => key.to_ascii_lowercase(),
                None => std::future::pending().await,
            },
            None => std::future::pending().await,
        }
    }

    /// Gives the terminal back for a while, and takes it again.
    #[must_use]
    pub fn switch(&self) -> KeySwitch {
        KeySwitch(self.mode.clone())
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        self.mode.restore();
    }
}

/// What gives the terminal back while the process is suspended.
#[derive(Clone)]
pub struct KeySwitch(system::Mode);

impl KeySwitch {
    /// The terminal is as it was.
    pub fn off(&self) {
        self.0.restore();
    }

    /// Keys are heard again.
    pub fn on(&self) {
        self.0.quiet();
    }
}

/// Forgets what was typed before anybody was asked: a key that was pressed for something else must choose nothing.
pub(super) fn forget_typed() {
    system::forget_typed();
}

#[cfg(unix)]
mod system {
    use std::io::Read;

    use rustix::process::getpgrp;
    use rustix::stdio::stdin;
    use rustix::termios::{
        LocalModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcgetpgrp, tcsetattr,
    };

    /// How the terminal was before.
    #[derive(Clone, Default)]
    pub(super) struct Mode(Option<Termios>);

    impl Mode {
        pub(super) fn of_terminal() -> Option<Self> {
            let in_front = tcgetpgrp(stdin()).is_ok_and(|group| group == getpgrp());
            in_front.then(|| tcgetattr(stdin()).ok()).flatten().map(|mode| Self(Some(mode)))
        }

        pub(super) fn quiet(&self) {
            let Some(mut mode) = self.0.clone() else { return };
            mode.local_modes -= LocalModes::ICANON | LocalModes::ECHO;
            let _ = tcsetattr(stdin(), OptionalActions::Now, &mode);
        }

        pub(super) fn restore(&self) {
            if let Some(mode) = &self.0 {
                let _ = tcsetattr(stdin(), OptionalActions::Now, mode);
            }
        }
    }

    pub(super) fn forget_typed() {
        // Without a terminal there is nothing to forget.
        let _ = tcflush(stdin(), QueueSelector::IFlush);
    }

    pub(super) fn read() -> Option<char> {
        let mut byte = [0];
        match std::io::stdin().read(&mut byte) {
            Ok(1) => Some(char::from(byte[0])),
            Ok(_) | Err(_) => None,
        }
    }
}

#[cfg(not(unix))]
mod system {
    #[derive(Clone, Default)]
    pub(super) struct Mode;

    impl Mode {
        pub(super) const fn of_terminal() -> Option<Self> {
            None
        }

        pub(super) const fn quiet(&self) {}

        pub(super) const fn restore(&self) {}
    }

    pub(super) const fn forget_typed() {}

    pub(super) const fn read() -> Option<char> {
        None
    }
}
