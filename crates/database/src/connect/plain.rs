//! A connection without TLS to another machine, which never hands out the password as it is.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::tls::NoTlsStream;
use tokio_postgres::{Client, Config, Connection, NoTls};

/// Why there is no connection.
pub(super) enum Refused {
    /// The server asked for the password in clear text.
    ClearText,
    /// No connection could be made.
    Unreached(io::Error),
    /// The driver's own words.
    Driver(tokio_postgres::Error),
}

/// Connects without TLS. Only the first host is tried.
pub(super) async fn connect(config: &Config) -> Result<(Client, Connection<Wary, NoTlsStream>), Refused> {
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let host = match (config.get_hostaddrs().first(), config.get_hosts().first()) {
        (Some(address), _) => address.to_string(),
        (None, Some(Host::Tcp(name))) => name.clone(),
        (None, _) => "localhost".to_owned(),
    };
    let stream = TcpStream::connect((host.as_str(), port)).await.map_err(Refused::Unreached)?;
    let asked = Arc::new(AtomicBool::new(false));
    let wary = Wary { stream, watch: Watch::default(), asked: Arc::clone(&asked) };
    let plain = config.clone().ssl_mode(SslMode::Disable).to_owned();
    plain
        .connect_raw(wary, NoTls)
        .await
        .map_err(|error| if asked.load(Ordering::SeqCst) { Refused::ClearText } else { Refused::Driver(error) })
}

/// A stream that breaks when the server asks for the password in clear text, before the driver has seen that.
pub(super) struct Wary {
    stream: TcpStream,
    watch: Watch,
    asked: Arc<AtomicBool>,
}

impl AsyncRead for Wary {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(context, buffer);
        if matches!(read, Poll::Ready(Ok(()))) && this.watch.sees_clear_text(&buffer.filled()[before..]) {
            this.asked.store(true, Ordering::SeqCst);
            return Poll::Ready(Err(io::Error::other("the server asks for the password in clear text")));
        }
        read
    }
}

impl AsyncWrite for Wary {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

/// Follows the server's messages until it has let us in (PostgreSQL: "Message Formats", `Authentication…`).
#[derive(Debug, Default)]
struct Watch {
    /// The beginning of the present message: its letter, its length, and of an authentication what is asked for.
    head: Vec<u8>,
    /// Bytes of the present message that are passed over.
    rest: usize,
    let_in: bool,
}

/// The letter of an authentication message, and what it may ask for.
const AUTHENTICATION: u8 = b'R';
const LET_IN: [u8; 4] = [0, 0, 0, 0];
const CLEAR_TEXT: [u8; 4] = [0, 0, 0, 3];

impl Watch {
    fn sees_clear_text(&mut self, bytes: &[u8]) -> bool {
        for byte in bytes {
            if self.let_in {
                return false;
            }
            if self.rest > 0 {
                self.rest -= 1;
                continue;
            }
            self.head.push(*byte);
            let [letter, length @ ..] = self.head.as_slice() else { continue };
            let Some((length, asked)) = length.split_first_chunk::<4>() else { continue };
            // The length counts itself.
            let body = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX).saturating_sub(4);
            if *letter == AUTHENTICATION && body >= 4 && asked.len() < 4 {
                continue;
            }
            match asked {
                asked if asked == CLEAR_TEXT => return true,
                asked if asked == LET_IN => self.let_in = true,
                _ => {}
            }
            self.rest = body - asked.len().min(body);
            self.head.clear();
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::{Refused, Watch, connect};

    const CLEAR_TEXT: &[u8] = b"R\0\0\0\x08\0\0\0\x03";

    #[test]
    fn a_request_for_the_password_is_seen_however_it_is_cut() {
        let notice = b"N\0\0\0\x06ab";
        let whole = [notice, CLEAR_TEXT].concat();
        for cut in 0..=whole.len() {
            let mut watch = Watch::default();
            let seen = watch.sees_clear_text(&whole[..cut]) || watch.sees_clear_text(&whole[cut..]);
            assert!(seen, "{cut}");
        }
        let mut let_in = Watch::default();
        assert!(!let_in.sees_clear_text(b"R\0\0\0\x0c\0\0\0\x05saltR\0\0\0\x08\0\0\0\0"));
        assert!(!let_in.sees_clear_text(CLEAR_TEXT), "rows may hold anything");
    }

    #[tokio::test]
    async fn a_server_that_asks_for_clear_text_gets_none() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = tokio::spawn(async move {
            let (mut client, _) = listener.accept().await.unwrap();
            let mut startup = [0; 1024];
            let _ = client.read(&mut startup).await.unwrap();
            client.write_all(CLEAR_TEXT).await.unwrap();
            let mut said = Vec::new();
            // The connection may be reset, which is as good as its end.
            let _ = client.read_to_end(&mut said).await;
            said
        });
        let config = format!("postgres://u:hunter2@127.0.0.1:{port}/n").parse().unwrap();
        assert!(matches!(connect(&config).await, Err(Refused::ClearText)));
        let said = server.await.unwrap();
        assert!(!said.windows(7).any(|some| some == b"hunter2"), "{said:?}");
    }
}
