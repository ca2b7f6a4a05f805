//! The netrc file, read as the official client reads it (netrc-parser; heroku-cli-command, credential-manager-core), and as
//! curl and git do where that reads more: comments, macros, quotes, several words on a line.
//!
//! One difference is meant: an entry that is commented out is no entry here, and the official parser takes it for one.

/// The password of this machine: of its first entry, as in the official parser, and there the last one.
pub(super) fn password(text: &str, machine: &str) -> Option<String> {
    let mut words = Words::of(text);
    let (mut entry, mut found): (Option<String>, Option<Option<String>>) = (None, None);
    while let Some(word) = words.next() {
        match word.text.as_str() {
            "machine" => {
                entry = words.value_of(&word).filter(|name| name == machine);
                if entry.is_some() && found.is_some() {
                    break;
                }
                if entry.is_some() {
                    found = Some(None);
                }
            }
            "default" => entry = None,
            "macdef" => words.leave_macro(),
            "password" => {
                let value = words.value_of(&word);
                if entry.is_some() && value.is_some() {
                    found = Some(value);
                }
            }
            // `login`, `account`, and whatever others have added: a word and its value.
            _ if words.is_next_on(word.line) => drop(words.next()),
            _ => (),
        }
    }
    found.flatten().filter(|password| !password.is_empty())
}

/// Words that begin an entry or a part of one.
const KEYS: [&str; 6] = ["machine", "default", "login", "password", "account", "macdef"];

struct Word {
    text: String,
    line: usize,
    quoted: bool,
}

/// The words of the file without its comments, from the last to the first.
struct Words {
    rest: Vec<Word>,
    /// The lines without anything, which end macros.
    empty: Vec<usize>,
}

impl Words {
    fn of(text: &str) -> Self {
        let text = text.trim_start_matches('\u{feff}');
        let (mut rest, mut empty) = (Vec::new(), Vec::new());
        for (number, line) in text.lines().enumerate() {
            if line.trim().is_empty() {
                empty.push(number);
            }
            split(line, number, &mut rest);
        }
        rest.reverse();
        Self { rest, empty }
    }

    fn next(&mut self) -> Option<Word> {
        self.rest.pop()
    }

    fn is_next_on(&self, line: usize) -> bool {
        self.rest.last().is_some_and(|next| next.line == line)
    }

    /// The value of this word; on a later line no word that begins a part is one.
    fn value_of(&mut self, word: &Word) -> Option<String> {
        let next = self.rest.last()?;
        let begins_a_part = !next.quoted && next.line != word.line && KEYS.contains(&next.text.as_str());
        if begins_a_part { None } else { self.rest.pop().map(|word| word.text) }
    }

    /// A macro ends with an empty line, or with the file (ftp(1)).
    fn leave_macro(&mut self) {
        let Some(line) = self.rest.last().map(|word| word.line) else { return };
        let after = self.empty.partition_point(|empty| *empty <= line);
        let end = self.empty.get(after).copied().unwrap_or(usize::MAX);
        while self.rest.last().is_some_and(|word| word.line < end) {
            self.rest.pop();
        }
    }
}

/// The words of one line, up to a word that begins a comment.
fn split(line: &str, number: usize, words: &mut Vec<Word>) {
    let mut rest = line.trim_start();
    while !rest.is_empty() && !rest.starts_with('#') {
        let (text, quoted, after) = match quoted(rest) {
            Some((text, after)) => (text, true, after),
            None => {
                let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                (rest[..end].to_owned(), false, &rest[end..])
            }
        };
        words.push(Word { text, line: number, quoted });
        rest = after.trim_start();
    }
}

/// A word in double quotes, as curl writes them, and what comes after; nothing where the quotes do not end.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut inside = String::new();
    let mut characters = text.strip_prefix('"')?.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((inside, &text[at + 2..])),
            '\\' => inside.extend(characters.next().map(|(_, escaped)| escaped)),
            other => inside.push(other),
        }
    }
    None
}

/// The text of the file: UTF-8 with or without a byte order mark, UTF-16 with one (as some editors on Windows write it);
/// bytes that are neither stay visible as such, so that only the word that they are in cannot be used.
pub(super) fn text_of(bytes: &[u8]) -> String {
    let wide = |read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| read([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HOST: &str = "api.heroku.com";

    #[test]
    fn what_people_write_is_read() {
        let entry = "machine api.heroku.com\n  login me@x\n  password GOOD\n";
        let cases = [
            entry.to_owned(),
            format!("# machine api.heroku.com login old password OLD\n{entry}"),
            format!("#machine api.heroku.com password OLD\n{entry}"),
            format!("# the password of the robot account\n{entry}"),
            format!("{entry}  # password OLD\n"),
            format!("{entry}#password OLD\n"),
            "machine api.heroku.com # mine\n  login me@x # me\n  password GOOD # of today\n".to_owned(),
            "machine api.heroku.com login me@x password GOOD # comment".to_owned(),
            "machine api.heroku.com\tlogin\tme@x\tpassword\tGOOD".to_owned(),
            "machine\n  api.heroku.com\nlogin\n  me@x\npassword\n  GOOD".to_owned(),
            entry.replace('\n', "\r\n"),
            format!("\u{feff}{entry}"),
            format!(
                "machine ftp.x login a password b\nmacdef init\n  machine api.heroku.com password OLD\n  quit\n\n{entry}"
            ),
            format!("default login anonymous password OLD\n{entry}"),
            format!("{entry}default login anonymous password OLD\n"),
            format!("{entry}machine api.heroku.com password OLD\n"),
            format!("machine other.x password OLD\n{entry}machine git.heroku.com password OLD\n"),
            "machine api.heroku.com\n  login \"me at x\"\n  password \"GOOD\"\n".to_owned(),
            "machine api.heroku.com\n  method interactive\n  org acme\n  password GOOD\n".to_owned(),
            "machine api.heroku.com login machine password GOOD".to_owned(),
            "machine api.heroku.com\n  password OLD\n  password GOOD\n".to_owned(),
            format!("this file is the password store\n{entry}"),
            format!("machine caf\u{fffd}.x password OLD\n{entry}"),
        ];
        for text in cases {
            assert_eq!(password(&text, HOST).as_deref(), Some("GOOD"), "{text}");
        }
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        for text in [
            "",
            "machine",
            "machine api.heroku.com",
            "machine api.heroku.com password",
            "machine api.heroku.com login me\nmachine other password OLD",
            "machine api.heroku.com\nmachine other\n  password OLD",
            "# machine api.heroku.com password OLD",
            "default password OLD",
            "macdef init\nmachine api.heroku.com password OLD",
            "machine api.heroku.com password \"\"",
            "machine api.heroku.com.evil.example password OLD",
        ] {
            assert_eq!(password(text, HOST), None, "{text}");
        }
    }

    #[test]
    fn bytes_of_every_sort_become_text() {
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let entry = "machine api.heroku.com password GOOD";
        let mut little = vec![0xff, 0xfe];
        little.extend(wide(entry));
        let latin = b"# m\xfcde\nmachine api.heroku.com password GOOD\n".to_vec();
        for bytes in [entry.as_bytes().to_vec(), [b"\xef\xbb\xbf", entry.as_bytes()].concat(), little, latin] {
            assert_eq!(password(&text_of(&bytes), HOST).as_deref(), Some("GOOD"), "{bytes:?}");
        }
        assert_eq!(password(&text_of(b"\xff\xfem"), HOST), None);
    }

    /// How an entry may be written.
    fn written(name: &str, password: &str, form: u8) -> String {
        match form % 5 {
            0 => format!("machine {name}\n  login me\n  password {password}\n"),
            1 => format!("machine {name} login me password {password}\n"),
            2 => format!("# machine {name} password old\nmachine {name} # mine\n\tpassword {password} # this\n"),
            3 => format!("machine\t{name}\r\nlogin me\r\npassword \"{password}\"\r\n\r\n"),
            _ => format!(
                "macdef m\n machine {name} password old\n\nmachine {name}\n  account x\n  password {password}\n"
            ),
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = password(&text_of(&bytes), HOST);
        }

        #[test]
        fn no_words_panic(words in proptest::collection::vec(
            prop_oneof![Just("machine"), Just("password"), Just("macdef"), Just("default"), Just("#"), Just("\""), Just("\n"),
                Just("\n\n"), Just("api.heroku.com"), Just("\\"), Just("x")], 0..30)) {
            let _ = password(&words.join(" "), HOST);
            let _ = password(&words.concat(), HOST);
        }

        /// The first entry of a machine is the one that counts, however the entries are written.
        #[test]
        fn each_machine_has_the_password_of_its_first_entry(
            entries in proptest::collection::vec(("[a-c]\\.x", "[A-Za-z0-9#-]{0,1}[A-Za-z0-9][A-Za-z0-9#-]{0,12}", any::<u8>()), 0..8)
        ) {
            let entries: Vec<_> = entries.into_iter().map(|(name, password, form)| (name, format!("P{password}"), form)).collect();
            let text: String = entries.iter().map(|(name, password, form)| written(name, password, *form)).collect();
            for name in ["a.x", "b.x", "c.x"] {
                let naive = entries.iter().find(|entry| entry.0 == name).map(|entry| entry.1.clone());
                prop_assert_eq!(password(&text, name), naive, "{}", text);
            }
        }
    }
}
