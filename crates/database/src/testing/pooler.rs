use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use hcops_model::DatabaseUrl;
use hcops_simulator::postgres::Cluster;

/// What a pooler does with settings in the request to connect that it does not know. PgBouncer turns them down unless
/// it is configured to ignore them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pooler {
    TurnsDown,
    Swallows,
}

/// A stand-in for PgBouncer: it passes everything on, except the `options` of the request to connect.
pub(crate) struct RunningPooler {
    port: u16,
    task: JoinHandle<()>,
}

impl RunningPooler {
    pub(crate) fn url(&self, server: &Cluster) -> DatabaseUrl {
        let behind = server.url("postgres");
        DatabaseUrl::new(behind.open().replace(&format!(":{}/", server.port()), &format!(":{}/", self.port)))
    }
}

impl Drop for RunningPooler {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(crate) async fn pooler(server: &Cluster, strictness: Pooler) -> RunningPooler {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let behind = server.port();
    let task = tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(pass_on(client, behind, strictness));
        }
    });
    RunningPooler { port, task }
}

async fn pass_on(mut client: TcpStream, behind: u16, strictness: Pooler) -> std::io::Result<()> {
    let length = client.read_u32().await?;
    let mut body = vec![0; length as usize - 4];
    client.read_exact(&mut body).await?;
    let (body, had_options) = without_options(&body);
    if had_options && strictness == Pooler::TurnsDown {
        return client.write_all(&turned_down()).await;
    }
    let mut server = TcpStream::connect(("127.0.0.1", behind)).await?;
    server.write_u32(u32::try_from(body.len() + 4).unwrap()).await?;
    server.write_all(&body).await?;
    copy_bidirectional(&mut client, &mut server).await.map(drop)
}

/// The startup message is a version and then names and values, each ended by a zero byte.
fn without_options(body: &[u8]) -> (Vec<u8>, bool) {
    let (version, pairs) = body.split_at(4);
    let words: Vec<&[u8]> = pairs.split(|byte| *byte == 0).collect();
    let kept: Vec<&[u8]> =
        words.chunks(2).filter(|pair| pair[0] != b"options" && !pair[0].is_empty()).flatten().copied().collect();
    let had_options = words.chunks(2).any(|pair| pair[0] == b"options");
    let mut rebuilt = version.to_vec();
    for word in kept {
        rebuilt.extend_from_slice(word);
        rebuilt.push(0);
    }
    rebuilt.push(0);
    (rebuilt, had_options)
}

fn turned_down() -> Vec<u8> {
    let fields = b"SFATAL\0C08P01\0Munsupported startup parameter in options: default_transaction_read_only\0\0";
    let mut message = vec![b'E'];
    message.extend_from_slice(&u32::try_from(fields.len() + 4).unwrap().to_be_bytes());
    message.extend_from_slice(fields);
    message
}
