use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Notify;
use tokio::time::timeout;
use tokio_postgres::config::SslMode;
use tokio_postgres::{AsyncMessage, Client, Config, Connection, SimpleQueryMessage};

use hcops_model::{DatabaseUrl, Fault, FaultKind, Happened, NOT_REACHED};

use super::address::Address;
use super::encryption::connector;
use super::plain::{self, Refused};
use super::refusal::{has_no_tls, is_cancelled, is_from_pooler, refusal};
use super::simulated::refuse_without_server;

/// How a session is to be.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// No statement takes longer than this; the server ends it.
    pub statement_limit: Duration,
    /// Whether more than one statement must meet the same server process.
    pub sessions: Sessions,
    /// How long a server may take until it has let us in: to be reached, to agree on TLS, to check the password.
    pub connect_limit: Duration,
    /// How much longer than its limit a statement is waited for. The server ends it at the limit; one that does not
    /// answer even then never will.
    pub grace: Duration,
}

/// Whether a check needs a server process of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sessions {
    /// A pooler in between does no harm: every statement stands for itself.
    Shared,
    /// A pooler is refused: snapshots, settings or notifications must outlive a statement.
    Own,
}

impl Manner {
    /// For short questions: ten seconds a statement, through a pooler or not.
    pub const QUESTION: Self = Self {
        statement_limit: Duration::from_secs(10),
        sessions: Sessions::Shared,
        connect_limit: Duration::from_secs(15),
        grace: Duration::from_secs(5),
    };
    /// For reading whole tables in pieces: ten minutes a statement, no pooler.
    pub const LONG_READ: Self =
        Self { statement_limit: Duration::from_secs(600), sessions: Sessions::Own, ..Self::QUESTION };
}

/// From this limit on a statement that reaches it is a long read.
const LONG: Duration = Duration::from_secs(60);

/// Waiting for a lock longer than this would queue others behind us.
const LOCK_LIMIT: Duration = Duration::from_secs(2);

/// One connection to a database that can only read.
///
/// It uses the simple query protocol, which every pooler passes on, and the asynchronous driver itself: the driver's
/// blocking face would cost a thread for each connection and cannot be given up half-way.
pub struct Session {
    client: Client,
    url: DatabaseUrl,
    manner: Manner,
    pooled: bool,
    version: u32,
    rung: Arc<Notify>,
    /// Whether a statement was given up without an answer: what comes next on this connection would be its answer.
    given_up: AtomicBool,
    /// Whether the newest statement was ended at its limit or cancelled.
    cancelled: AtomicBool,
}

impl Session {
    /// Connects. The session refuses writes from its first moment: the setting travels with the request to connect.
    ///
    /// # Errors
    /// [`FaultKind::Usage`] for a URL that cannot be read, [`FaultKind::Unauthorized`] and [`FaultKind::NotFound`] as the
    /// server says, [`FaultKind::Transient`] when it cannot be reached, [`FaultKind::Refused`] when a pooler is in
    /// between and [`Sessions::Own`] is asked for, or when the database is only simulated
    /// ([`super::is_simulated_without_server`]).
    pub async fn open(url: &DatabaseUrl, manner: Manner) -> Result<Self, Fault> {
        let address = Address::of(url)?;
        refuse_without_server(&address.config, &url.place())?;
        let rung = Arc::new(Notify::new());
        let (client, takes_settings) = connect(&address, url, manner, &rung).await?;
        let mut session = Self {
            client,
            url: url.clone(),
            manner,
            pooled: !takes_settings,
            version: 0,
            rung,
            given_up: false.into(),
            cancelled: false.into(),
        };
        session.look_around().await?;
        if session.pooled && manner.sessions == Sessions::Own {
            return Err(pooler_in_between(url));
        }
        Ok(session)
    }

    /// Whether a pooler such as PgBouncer is in between.
    #[must_use]
    pub const fn is_pooled(&self) -> bool {
        self.pooled
    }

    /// The server's version as a number: 170011 is 17.11.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// The server's major version.
    #[must_use]
    pub const fn major(&self) -> u32 {
        self.version / 10_000
    }

    /// The database it is connected to.
    #[must_use]
    pub const fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// The rows of one `select`, each read from its JSON form.
    ///
    /// # Errors
    /// As the server refuses; [`FaultKind::Unreadable`] when a row does not have the expected fields.
    pub async fn rows<T: DeserializeOwned>(&self, select: &str) -> Result<Vec<T>, Fault> {
        self.rows_under("", select).await
    }

    /// As [`Session::rows`], under settings that hold for this question only: `set local … = …;`.
    ///
    /// # Errors
    /// As [`Session::rows`].
    pub async fn rows_under<T: DeserializeOwned>(&self, settings: &str, select: &str) -> Result<Vec<T>, Fault> {
        // What is sent at once is one transaction, so that the settings end with it.
        let question = format!("{settings} select row_to_json(hcops_row)::text from ({select}) hcops_row");
        let lines = self.lines(&question).await?;
        let texts = lines.into_iter().filter_map(|mut line| line.pop().flatten());
        texts.map(|text| serde_json::from_str(&text).map_err(|fault| self.unreadable(&fault.to_string()))).collect()
    }

    /// The only row of one `select`.
    ///
    /// # Errors
    /// As [`Session::rows`]; [`FaultKind::Unreadable`] when there is none.
    pub async fn row<T: DeserializeOwned>(&self, select: &str) -> Result<T, Fault> {
        self.rows(select).await?.pop().ok_or_else(|| self.unreadable("there is no row"))
    }

    /// As [`Session::row`] under a limit of its own; nothing where the server ended the statement there, or somebody
    /// cancelled it: asked again it would take as long. Not through a pooler.
    ///
    /// # Errors
    /// As [`Session::row`].
    pub async fn row_within<T: DeserializeOwned>(&self, limit: Duration, select: &str) -> Result<Option<T>, Fault> {
        let settings = format!("set local statement_timeout = '{}ms';", limit.as_millis().max(1));
        match self.rows_under(&settings, select).await {
            Err(_) if self.cancelled.load(Ordering::SeqCst) => Ok(None),
            rows => rows?.pop().map(Some).ok_or_else(|| self.unreadable("there is no row")),
        }
    }

    /// The rows of one statement as the server prints them; a NULL is absent.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn lines(&self, statement: &str) -> Result<Vec<Vec<Option<String>>>, Fault> {
        if self.pooled { self.lines_apart(statement).await } else { self.send(statement).await }
    }

    /// Asks to be told of notifications on this channel; [`Session::notified`] waits for them.
    ///
    /// # Errors
    /// As the server refuses: a follower does.
    pub async fn listen(&self, channel: &str) -> Result<(), Fault> {
        self.lines(&format!("listen {}", postgres_protocol::escape::escape_identifier(channel))).await.map(drop)
    }

    /// Waits for a notification, or for the end of the connection, whichever comes first. Several that came meanwhile count
    /// as one.
    pub async fn notified(&self) {
        self.rung.notified().await;
    }

    /// Whether the connection is lost.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.client.is_closed() || self.given_up.load(Ordering::SeqCst)
    }

    /// Waits for no answer that is not there at once.
    #[cfg(test)]
    pub(super) const fn hurry(&mut self) {
        (self.manner.statement_limit, self.manner.grace) = (Duration::ZERO, Duration::ZERO);
    }

    /// Through a pooler the settings must travel with the statement, in a transaction of its own.
    async fn lines_apart(&self, statement: &str) -> Result<Vec<Vec<Option<String>>>, Fault> {
        let settings: String =
            settings(self.manner).iter().map(|(name, value)| format!("set local {name} = '{value}';")).collect();
        let answer = self.send(&format!("begin read only; {settings} {statement}; commit")).await;
        if answer.is_err() {
            // The first fault is the one to tell.
            let cancelled = self.cancelled.load(Ordering::SeqCst);
            let _ = self.send("rollback").await;
            self.cancelled.store(cancelled, Ordering::SeqCst);
        }
        answer
    }

    async fn send(&self, statement: &str) -> Result<Vec<Vec<Option<String>>>, Fault> {
        if self.given_up.load(Ordering::SeqCst) {
            return Err(self.unanswered());
        }
        let limit = self.manner.statement_limit + self.manner.grace;
        let Ok(answer) = timeout(limit, self.client.simple_query(statement)).await else {
            self.given_up.store(true, Ordering::SeqCst);
            return Err(self.unanswered());
        };
        self.cancelled.store(answer.as_ref().is_err_and(is_cancelled), Ordering::SeqCst);
        let messages = answer.map_err(|error| self.refused(&error))?;
        Ok(messages.into_iter().filter_map(cells).collect())
    }

    async fn look_around(&mut self) -> Result<(), Fault> {
        let line = self
            .send("select current_setting('server_version_num'), coalesce(current_setting('hcops.direct', true), '')")
            .await?
            .pop()
            .unwrap_or_default();
        let text = |index: usize| line.get(index).cloned().flatten().unwrap_or_default();
        self.version = text(0).parse().map_err(|_| self.unreadable("the server does not tell its version"))?;
        // Some poolers are told to swallow settings that they do not know.
        self.pooled = self.pooled || text(1) != "on";
        Ok(())
    }

    /// A short question that was late may be quicker in a moment; one that was read for minutes would be late again, and is
    /// not repeated by itself.
    fn refused(&self, error: &tokio_postgres::Error) -> Fault {
        let mut fault = refusal(error, &self.url, "A question to the database failed");
        if is_cancelled(error) && self.manner.statement_limit >= LONG {
            fault.kind = FaultKind::Refused;
            fault.why = format!(
                "hcops lets no question take longer than {} minutes.",
                self.manner.statement_limit.as_secs() / 60
            );
        }
        fault
    }

    fn unanswered(&self) -> Fault {
        let limit = self.manner.statement_limit + self.manner.grace;
        no_answer(&self.url, &format!("did not answer a question within {} s", limit.as_secs()))
    }

    fn unreadable(&self, what: &str) -> Fault {
        Fault::new(
            FaultKind::Unreadable,
            format!("The answer of {} cannot be read: {what}.", self.url.place()),
            "hcops does not guess what a database said.",
            "Report this with the server's version; nothing was changed.",
        )
        .with_happened(Happened::No)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Session").field("url", &self.url).field("pooled", &self.pooled).finish_non_exhaustive()
    }
}

/// A text as an SQL literal.
pub(crate) fn literal(text: &str) -> String {
    postgres_protocol::escape::escape_literal(text)
}

fn cells(message: SimpleQueryMessage) -> Option<Vec<Option<String>>> {
    match message {
        SimpleQueryMessage::Row(row) => Some((0..row.len()).map(|index| row.get(index).map(str::to_owned)).collect()),
        _ => None,
    }
}

fn settings(manner: Manner) -> [(&'static str, String); 5] {
    [
        ("default_transaction_read_only", "on".to_owned()),
        ("statement_timeout", format!("{}ms", manner.statement_limit.as_millis())),
        ("lock_timeout", format!("{}ms", LOCK_LIMIT.as_millis())),
        ("idle_in_transaction_session_timeout", "0".to_owned()),
        ("search_path", "pg_catalog".to_owned()),
    ]
}

/// Connects with our settings; where a pooler turns them down, without.
async fn connect(
    address: &Address,
    url: &DatabaseUrl,
    manner: Manner,
    rung: &Arc<Notify>,
) -> Result<(Client, bool), Fault> {
    let mut config = address.config.clone();
    let ours: Vec<String> = settings(manner).iter().map(|(name, value)| format!("-c {name}={value}")).collect();
    let theirs = config.get_options().unwrap_or_default().to_owned();
    config.options(format!("{theirs} {} -c hcops.direct=on", ours.join(" ")).trim());
    let attempt = async |config: &Config| {
        let limit = manner.connect_limit;
        let late = |_| no_answer(url, &format!("did not let us in within {} s", limit.as_secs()));
        timeout(limit, attempt(config, address, url, rung)).await.map_err(late)?
    };
    match attempt(&config).await? {
        Ok(client) => Ok((client, true)),
        Err(error) if is_from_pooler(&error) => match attempt(&address.config).await? {
            Ok(client) => Ok((client, false)),
            Err(error) => Err(refusal(&error, url, "The connection failed")),
        },
        Err(error) => Err(refusal(&error, url, "The connection failed")),
    }
}

async fn attempt(
    config: &Config,
    address: &Address,
    url: &DatabaseUrl,
    rung: &Arc<Notify>,
) -> Result<Result<Client, tokio_postgres::Error>, Fault> {
    let mut config = config.clone();
    if address.overheard && config.get_ssl_mode() == SslMode::Prefer {
        config.ssl_mode(SslMode::Require);
    } else if address.overheard {
        return overheard(&config, url, rung).await;
    }
    match config.connect(connector(&address.trust)?).await {
        Ok((client, connection)) => Ok(Ok(carried(client, connection, rung))),
        Err(error) if address.overheard && has_no_tls(&error) => overheard(&config, url, rung).await,
        Err(error) => Ok(Err(error)),
    }
}

/// Connects where others may listen on the way.
async fn overheard(
    config: &Config,
    url: &DatabaseUrl,
    rung: &Arc<Notify>,
) -> Result<Result<Client, tokio_postgres::Error>, Fault> {
    match plain::connect(config).await {
        Ok((client, connection)) => Ok(Ok(carried(client, connection, rung))),
        Err(Refused::Driver(error)) => Ok(Err(error)),
        Err(Refused::Unreached(error)) => Err(no_answer(url, &format!("cannot be reached ({error})"))),
        Err(Refused::ClearText) => Err(clear_text(url)),
    }
}

/// It ends when the client is dropped; what breaks it is told by the client's next question.
fn carried<S, T>(client: Client, connection: Connection<S, T>, rung: &Arc<Notify>) -> Client
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    tokio::spawn(carry(connection, Arc::clone(rung)));
    client
}

/// Moves what is sent and received, until the connection ends.
async fn carry<S, T>(mut connection: Connection<S, T>, rung: Arc<Notify>)
where
    S: AsyncRead + AsyncWrite + Unpin,
    T: AsyncRead + AsyncWrite + Unpin,
{
    while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
        if matches!(message, AsyncMessage::Notification(_)) {
            rung.notify_one();
        }
    }
    rung.notify_one();
}

fn no_answer(url: &DatabaseUrl, what: &str) -> Fault {
    Fault::new(
        FaultKind::Transient,
        format!("{} {what}.", url.place()),
        "A server that is reached and keeps silent is overloaded or stuck, or something on the way holds its answers \
         back. This says nothing about the data.",
        "Look at the database's state (heroku pg:info, heroku pg:ps) and at the network between here and there, then try \
         again.",
    )
    .with_code(NOT_REACHED)
    .with_happened(Happened::No)
}

fn clear_text(url: &DatabaseUrl) -> Fault {
    Fault::new(
        FaultKind::Refused,
        format!("{} asks for the password in clear text, on a connection without TLS.", url.place()),
        "Whoever listens on the way would have the password. It was not sent.",
        "Demand TLS with sslmode=require in the URL, or have the server check passwords by scram-sha-256.",
    )
    .with_happened(Happened::No)
}

fn pooler_in_between(url: &DatabaseUrl) -> Fault {
    Fault::new(
        FaultKind::Refused,
        format!("A connection pooler answers at {}.", url.place()),
        "This check needs a server process of its own: one snapshot for several connections, settings and notifications \
         do not survive in a pooler, which may give each transaction another process.",
        "Use the database's own URL, from the config var without _CONNECTION_POOL in its name.",
    )
    .with_happened(Happened::No)
}
