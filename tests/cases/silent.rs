//! An API that never answers.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener as Listener;

/// An API that takes every connection and answers nothing but that it is no simulator.
pub(crate) struct Silent {
    port: u16,
}

impl Silent {
    pub(crate) fn start() -> Self {
        let listener = Listener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            let mut held = Vec::new();
            for stream in listener.incoming().map_while(Result::ok) {
                let mut line = String::new();
                let _gone = BufReader::new(&stream).read_line(&mut line);
                if line.contains("simulator") {
                    let _gone =
                        write!(&stream, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                } else {
                    held.push(stream);
                }
            }
        });
        Self { port }
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}
