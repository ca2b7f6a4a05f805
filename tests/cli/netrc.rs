//! The netrc file of people: with comments, other entries, macros, marks of editors. The token that is sent is the entry's.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::thread;

use super::house::House;
use super::simulated::Simulator;

/// The token of each request, as a server on this machine hears it; the server answers 401.
fn listening() -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let place = listener.local_addr().unwrap().to_string();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for mut stream in listener.incoming().take(50).flatten() {
            let mut request = [0_u8; 8192];
            let count = stream.read(&mut request).unwrap_or(0);
            let text = String::from_utf8_lossy(&request[..count]).into_owned();
            let token = text.lines().find_map(|line| line.strip_prefix("authorization: ")).unwrap_or("-").to_owned();
            if text.contains(" /apps/") {
                let _ = tell.send(token);
            }
            let status = if text.contains("/simulator/") { "404 Not Found" } else { "401 Unauthorized" };
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}");
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (place, told)
}

#[test]
fn the_entry_is_found_in_every_file_that_the_official_client_reads() {
    let entry = "machine PLACE\n  login me@acme.example\n  password GOOD\n";
    let files: [Vec<u8>; 9] = [
        format!("# machine PLACE login old@acme.example password OLD\n{entry}").into_bytes(),
        format!("# the password of the robot account\n{entry}").into_bytes(),
        format!("{entry}  # password OLD\n").into_bytes(),
        format!("machine ftp.acme.example login a password OLD\nmacdef init\n  machine PLACE password OLD\n\n{entry}")
            .into_bytes(),
        [b"# caf\xe9\n".to_vec(), entry.as_bytes().to_vec()].concat(),
        [b"\xef\xbb\xbf".to_vec(), entry.as_bytes().to_vec()].concat(),
        entry.replace('\n', "\r\n").into_bytes(),
        b"machine PLACE login me@acme.example password GOOD # mine".to_vec(),
        format!("default login anonymous password OLD\n{entry}").into_bytes(),
    ];
    for file in files {
        let (place, told) = listening();
        let house = House::new().with("HEROKU_HOST", &format!("http://{place}"));
        let at = b"PLACE".as_slice();
        let mut text = Vec::new();
        let mut rest = file.as_slice();
        while let Some(found) = rest.windows(at.len()).position(|window| window == at) {
            text.extend_from_slice(&rest[..found]);
            text.extend_from_slice(place.as_bytes());
            rest = &rest[found + at.len()..];
        }
        text.extend_from_slice(rest);
        std::fs::write(house.path(".netrc"), text).unwrap();
        let status = house.hcops(&["status", "-a", "acme-crm"]);
        let said = status.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(told.try_recv().as_deref(), Ok("Bearer GOOD"), "{file:?}: {status}");
        assert!(said.contains("The token came from netrc") && status.exit == 1, "what is refused is known: {status}");
    }
}

#[test]
fn a_netrc_that_cannot_be_read_is_told() {
    let house = House::new().with("HEROKU_HOST", "http://127.0.0.1:1");
    std::fs::create_dir(house.path(".netrc")).unwrap();
    let told = house.hcops(&["status", "-a", "acme-crm"]);
    let said = told.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("netrc cannot be read (HOUSE/.netrc: it is not a file)") && told.exit == 1, "{told}");
}

#[test]
fn a_refused_token_is_told_with_the_place_that_it_came_from() {
    let simulator = Simulator::start("standard");
    simulator.post("/simulator/faults", "\"unauthorized\"");
    for verb in [["status", "-a", "acme-crm"], ["plan", "-a", "acme-crm"]] {
        let words = if verb[0] == "plan" { vec!["plan", "sync-pause", "-a", "acme-crm"] } else { verb.to_vec() };
        let told = simulator.house().hcops(&words);
        let said = told.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(told.exit, 1, "{told}");
        assert!(said.contains("came from HEROKU_API_KEY") && said.contains("unset HEROKU_API_KEY"), "{told}");
    }
}
