//! Inputs that are spoiled by a seed: the same seed spoils the same.
//!
//! `HCOPS_FUZZ=SEED:COUNT` tries this seed and those that follow from it; `HCOPS_FUZZ=SEED` this one alone.

use serde_json::{Value, json};

/// The seeds that are tried: as many as usual, or what was asked for. The first one is the seed itself, so that whoever reads
/// the seed of a failing case can try that one again.
#[expect(clippy::disallowed_methods, reason = "the developer's choice comes in here")]
pub(crate) fn seeds(first: u64, usual: usize) -> Vec<u64> {
    let (first, count) = match std::env::var("HCOPS_FUZZ").ok().filter(|asked| !asked.is_empty()) {
        None => (first, usual),
        Some(asked) => {
            let (seed, count) = asked.split_once(':').unwrap_or((&asked, "1"));
            (seed.parse().expect("HCOPS_FUZZ=SEED:COUNT"), count.parse().expect("HCOPS_FUZZ=SEED:COUNT"))
        }
    };
    let mut dice = Dice::of(first);
    std::iter::once(first).chain(std::iter::repeat_with(|| dice.next() % 1_000_000_000)).take(count).collect()
}

/// A source of numbers (splitmix64).
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// The dice of one thing among many, whenever it is met.
    pub(crate) fn for_thing(seed: u64, name: &str) -> Self {
        let mut dice = Self(seed);
        for byte in name.bytes() {
            dice.0 ^= u64::from(byte);
            dice.next();
        }
        dice
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is not 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    pub(crate) fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// What is done to one value of a JSON document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Harm {
    Absent,
    Null,
    OtherType,
    HugeNumber,
    LongText,
    DeepNesting,
    UnknownWord,
}

/// All of them.
pub(crate) const HARMS: &[Harm] = &[
    Harm::Absent,
    Harm::Null,
    Harm::OtherType,
    Harm::HugeNumber,
    Harm::LongText,
    Harm::DeepNesting,
    Harm::UnknownWord,
];

/// Harms one value of the document, and says which; nothing where none can be harmed so.
pub(crate) fn harm_value(value: &mut Value, harm: Harm, dice: &mut Dice) -> String {
    let mut places = Vec::new();
    collect(value, &mut String::new(), &mut places);
    let is_word = |place: &String| WORDS.iter().any(|word| place.ends_with(word));
    let fits = |place: &String| harm != Harm::UnknownWord || is_word(place);
    let places: Vec<String> = places.into_iter().filter(fits).collect();
    if places.is_empty() {
        return String::new();
    }
    let place = dice.one_of(&places).clone();
    let was = value.pointer(&place).cloned().unwrap_or_default();
    if harm == Harm::Absent {
        let (parent, key) = place.rsplit_once('/').unwrap();
        if let Some(Value::Object(fields)) = value.pointer_mut(parent) {
            fields.remove(&key.replace("~1", "/").replace("~0", "~"));
        }
    } else if let Some(one) = value.pointer_mut(&place) {
        *one = harmed(one, harm, dice);
    }
    format!("  at {place}, which was {was:.80}")
}

/// Keys whose values are words of a fixed list.
const WORDS: &[&str] = &["/state", "/status", "/kind", "/verdict", "/seen", "/sort", "/effect", "/access"];

/// Pointers to the values of keys.
fn collect(value: &Value, place: &mut String, places: &mut Vec<String>) {
    let length = place.len();
    let mut inner = |key: &str, value: &Value, is_key: bool| {
        place.push('/');
        place.push_str(&key.replace('~', "~0").replace('/', "~1"));
        if is_key {
            places.push(place.clone());
        }
        collect(value, place, places);
        place.truncate(length);
    };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| inner(key, value, true)),
        Value::Array(items) => items.iter().enumerate().for_each(|(at, item)| inner(&at.to_string(), item, false)),
        _ => (),
    }
}

fn harmed(value: &Value, harm: Harm, dice: &mut Dice) -> Value {
    match harm {
        Harm::HugeNumber => [json!(1e300), json!(u64::MAX), json!(i64::MIN), json!(-1)][dice.below(4)].clone(),
        Harm::LongText => json!("x".repeat(200_000)),
        Harm::DeepNesting => (0..100).fold(value.clone(), |value, _| json!([value])),
        Harm::UnknownWord => json!("quux"),
        Harm::OtherType => match value {
            Value::String(_) => [json!(7), json!([]), json!({}), json!(true)][dice.below(4)].clone(),
            Value::Number(number) => [json!(number.to_string()), json!(false), json!([number])][dice.below(3)].clone(),
            Value::Bool(is) => [json!(is.to_string()), json!(u8::from(*is)), json!({})][dice.below(3)].clone(),
            Value::Null => [json!({}), json!("null"), json!(0)][dice.below(3)].clone(),
            Value::Array(_) => [json!({}), json!("[]"), json!(0)][dice.below(3)].clone(),
            Value::Object(_) => [json!([value]), json!("{}"), json!(0)][dice.below(3)].clone(),
        },
        _ => Value::Null,
    }
}

/// Bytes of a text with some of them spoiled: lines left out, doubled, exchanged, cut; bytes changed, cut off, repeated;
/// another encoding.
pub(crate) fn harm_text(text: &str, dice: &mut Dice) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=dice.below(3) {
        bytes = harm_bytes(bytes, dice);
    }
    bytes
}

fn harm_bytes(mut bytes: Vec<u8>, dice: &mut Dice) -> Vec<u8> {
    const ODD: &[&[u8]] = &[
        b"\0",
        b"\xff",
        b"\xf0\x9f",
        b"\"",
        b"\n",
        b"[",
        b"{",
        b"${",
        b"\xe2\x80\xa8",
        b"\\u",
        b"99999999999999999999",
    ];
    let at = dice.below(bytes.len() + 1);
    match dice.below(10) {
        0..=3 => return harm_lines(&bytes, dice),
        4 => bytes.truncate(at),
        5 if at < bytes.len() => bytes[at] = dice.next().to_le_bytes()[0],
        6 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
        7 => {
            bytes.splice(at..at, dice.one_of(ODD).iter().copied());
        }
        8 => {
            let end = (at + dice.below(200)).min(bytes.len());
            let part = bytes[at..end].to_vec();
            let to = dice.below(bytes.len() + 1);
            bytes.splice(to..to, part.repeat(1 + dice.below(50)));
        }
        _ => return encoded(&bytes, dice),
    }
    bytes
}

fn harm_lines(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    if lines.is_empty() {
        return Vec::new();
    }
    let (at, other) = (dice.below(lines.len()), dice.below(lines.len()));
    match dice.below(5) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(other, lines[at]),
        2 => lines.swap(at, other),
        3 => lines[at] = &lines[at][..dice.below(lines[at].len() + 1)],
        _ => lines.truncate(at),
    }
    lines.concat()
}

/// The same text as another program would save it.
fn encoded(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    let units = |of: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(of).collect::<Vec<u8>>();
    match dice.below(5) {
        0 => [b"\xef\xbb\xbf", bytes].concat(),
        1 => [b"\xff\xfe", &*units(u16::to_le_bytes)].concat(),
        2 => [b"\xfe\xff", &*units(u16::to_be_bytes)].concat(),
        3 => units(u16::to_le_bytes),
        _ => text.replace('\n', "\r\n").into_bytes(),
    }
}
