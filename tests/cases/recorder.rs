//! An API that keeps what it was sent.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener as Listener;
use std::sync::mpsc::{Receiver, channel};

/// An API that refuses every token and keeps what it was sent.
pub(crate) struct Recorder {
    port: u16,
    seen: Receiver<String>,
}

impl Recorder {
    pub(crate) fn start() -> Self {
        let listener = Listener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (tell, seen) = channel();
        // It ends with the process: nothing is left waiting for it.
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let lines = BufReader::new(&stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty());
                let lines: Vec<String> = lines.collect();
                let headers = lines.iter().filter_map(|line| line.split_once(": "));
                headers.filter(|(name, _)| name.eq_ignore_ascii_case("authorization")).for_each(|(_, value)| {
                    let _nobody_asks_any_more = tell.send(value.to_owned());
                });
                let simulator = lines.first().is_some_and(|line| line.contains("/simulator"));
                let status = if simulator { "404 Not Found" } else { "401 Unauthorized" };
                let body = r#"{"id": "unauthorized", "message": "Invalid credentials provided."}"#;
                let head = format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nConnection: close\r\n");
                let _gone = write!(&stream, "{head}Content-Length: {}\r\n\r\n{body}", body.len());
            }
        });
        Self { port, seen }
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    /// Every `Authorization` that came so far.
    pub(crate) fn authorizations(&self) -> Vec<String> {
        self.seen.try_iter().collect()
    }
}
