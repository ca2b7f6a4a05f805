use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use jiff::Timestamp;
use postgres_protocol::escape::escape_literal;
use serde::{Deserialize, Serialize};

use super::TrafficFault;
use super::lines::Lines;
use super::rollback::Rollback;

/// A simulated Salesforce, as a list of everything that ever arrived in it or was changed in it.
///
/// It takes what it is given: a change that is sent twice is there twice. Whoever does not know whether a change arrived
/// has to ask.
#[derive(Debug)]
pub(super) struct Salesforce {
    lines: Lines<Line>,
    /// Everything that was sent here, oldest first.
    pub(super) arrivals: Vec<Arrival>,
    by_change: HashMap<i64, usize>,
    by_entry: HashMap<String, usize>,
    records: HashMap<(String, String, String), String>,
    /// Salesforce's own changes, by number.
    pub(super) made: BTreeMap<i64, Made>,
    /// When Salesforce's own changes were brought into a database.
    pub(super) brought: Vec<Bringing>,
    at_home: BTreeSet<i64>,
    rollbacks: Vec<Rollback>,
    /// What is turned down.
    pub(super) rejections: Option<Rejections>,
}

/// Which changes Salesforce turns down. Without these it takes everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejections {
    /// Every so many-th change, by its number.
    pub every: u64,
    /// Salesforce's words, as they appear in `sf_message`.
    pub message: String,
}

/// A change as Connect sends it.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    /// The organisation.
    pub(super) org: String,
    /// Salesforce's name of the object.
    pub(super) object: String,
    /// `INSERT`, `UPDATE` or `DELETE`.
    pub(super) action: String,
    /// The record's Salesforce id, where it is known.
    pub(super) sfid: Option<String>,
    /// What the record is found by while it has no Salesforce id: its external id, or where it is in the database.
    pub(super) key: String,
    /// The number of the change; writers that number nothing have none.
    pub(super) change: Option<i64>,
    /// The entry of the trigger log.
    pub(super) entry: String,
    /// From which database it comes.
    pub(super) source: Source,
}

/// Where Connect reads or writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Source {
    /// The Connect add-on's name.
    pub(super) connection: String,
    /// The database's add-on name.
    pub(super) database: String,
    /// The add-on's name of the database where its contents began.
    pub(super) origin: String,
    /// The simulated time.
    pub(super) moment: Timestamp,
}

/// A change that arrived in Salesforce.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Arrival {
    /// Its own number.
    pub(super) number: i64,
    pub(super) org: String,
    pub(super) object: String,
    pub(super) action: String,
    /// The record; a rejected new one has none.
    pub(super) sfid: Option<String>,
    /// What the record is found by while it has no Salesforce id.
    pub(super) key: String,
    /// The number of the change.
    pub(super) change: Option<i64>,
    /// The entry of the trigger log.
    pub(super) entry: String,
    /// Why it was turned down, if it was.
    pub(super) rejected: Option<String>,
    #[serde(flatten)]
    pub(super) source: Source,
}

/// A change that was made in Salesforce itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Made {
    /// Its number.
    pub(super) number: i64,
    /// The record: the number of the change that made it.
    pub(super) record: i64,
    pub(super) org: String,
    pub(super) object: String,
    pub(super) sfid: String,
    /// The schema of the mapped table.
    pub(super) schema: String,
    /// The mapped table.
    pub(super) table: String,
    #[serde(flatten)]
    pub(super) source: Source,
}

/// Salesforce's own changes in a database, acknowledged by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Bringing {
    /// Its own number.
    pub(super) number: i64,
    /// Numbers of the changes.
    pub(super) changes: Vec<i64>,
    #[serde(flatten)]
    pub(super) source: Source,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Arrived(Arrival),
    Made(Made),
    Brought(Bringing),
    RolledBack(Rollback),
}

impl Salesforce {
    /// Opens the list in this file.
    pub(super) fn open(path: &Path) -> Result<Self, TrafficFault> {
        let (lines, before) = Lines::open(path)?;
        let mut salesforce = Self {
            lines,
            arrivals: Vec::new(),
            by_change: HashMap::new(),
            by_entry: HashMap::new(),
            records: HashMap::new(),
            made: BTreeMap::new(),
            brought: Vec::new(),
            at_home: BTreeSet::new(),
            rollbacks: Vec::new(),
            rejections: None,
        };
        before.into_iter().for_each(|line| salesforce.take(line));
        Ok(salesforce)
    }

    /// The highest number that was given out here.
    pub(super) fn highest(&self) -> i64 {
        let made = self.made.keys().next_back().copied().unwrap_or_default();
        let arrived = self.arrivals.last().map_or(0, |arrival| arrival.number);
        let brought = self.brought.last().map_or(0, |bringing| bringing.number);
        made.max(arrived).max(brought)
    }

    /// What became of a change, if it arrived.
    pub(super) fn answer(&self, sent: &Sent) -> Option<&Arrival> {
        let index = match sent.change {
            Some(change) => self.by_change.get(&change),
            None => self.by_entry.get(&sent.entry),
        };
        index.and_then(|index| self.arrivals.get(*index))
    }

    /// Takes changes, each with a number of its own, and returns what became of each.
    pub(super) fn receive(&mut self, sent: Vec<(i64, Sent)>) -> Result<Vec<Arrival>, TrafficFault> {
        let from = self.arrivals.len();
        let mut lines = Vec::with_capacity(sent.len());
        let mut young = HashMap::new();
        for (number, sent) in sent {
            let arrival = self.judge(number, sent, &young);
            if let Some(sfid) = &arrival.sfid {
                young.insert(key_of(&arrival), sfid.clone());
            }
            lines.push(Line::Arrived(arrival));
        }
        self.note(lines)?;
        Ok(self.arrivals[from..].to_vec())
    }

    /// Notes changes that people make in Salesforce.
    pub(super) fn make(&mut self, changes: Vec<Made>) -> Result<(), TrafficFault> {
        self.note(changes.into_iter().map(Line::Made).collect())
    }

    /// Notes that a database has acknowledged some of them.
    pub(super) fn brought(&mut self, bringing: Bringing) -> Result<(), TrafficFault> {
        self.note(vec![Line::Brought(bringing)])
    }

    /// What was brought into a database after the moment that was gone back to has to be brought again.
    pub(super) fn rolled_back(&mut self, rollback: Rollback) -> Result<(), TrafficFault> {
        if self.rollbacks.contains(&rollback) { Ok(()) } else { self.note(vec![Line::RolledBack(rollback)]) }
    }

    /// Changes that no database of this origin has acknowledged to this connection, in their order.
    pub(super) fn not_brought(&self, origin: &str, connection: &str) -> Vec<Made> {
        let waits = |made: &&Made| {
            made.source.origin == origin && made.source.connection == connection && !self.is_brought(made.number)
        };
        self.made.values().filter(waits).cloned().collect()
    }

    /// Whether any database has acknowledged this change.
    pub(super) fn is_brought(&self, number: i64) -> bool {
        self.at_home.contains(&number)
    }

    fn judge(&self, number: i64, sent: Sent, young: &HashMap<(String, String, String), String>) -> Arrival {
        let rejected = self.rejections.as_ref().filter(|rejections| {
            let every = i64::try_from(rejections.every).unwrap_or(i64::MAX).max(1);
            sent.change.unwrap_or(number) % every == 0
        });
        let rejected = rejected.map(|rejections| rejections.message.clone());
        let mut arrival = Arrival {
            number,
            org: sent.org,
            object: sent.object,
            action: sent.action,
            sfid: sent.sfid,
            key: sent.key,
            change: sent.change,
            entry: sent.entry,
            rejected,
            source: sent.source,
        };
        if arrival.sfid.is_none() {
            let key = key_of(&arrival);
            arrival.sfid = young.get(&key).or_else(|| self.records.get(&key)).cloned();
        }
        if arrival.sfid.is_none() && arrival.rejected.is_none() && arrival.action != "DELETE" {
            arrival.sfid = Some(new_id(number, &arrival.object));
        }
        arrival
    }

    fn note(&mut self, lines: Vec<Line>) -> Result<(), TrafficFault> {
        self.lines.append(&lines)?;
        lines.into_iter().for_each(|line| self.take(line));
        Ok(())
    }

    fn take(&mut self, line: Line) {
        match line {
            Line::Arrived(arrival) => {
                let index = self.arrivals.len();
                if let Some(change) = arrival.change {
                    self.by_change.insert(change, index);
                }
                self.by_entry.insert(arrival.entry.clone(), index);
                if let Some(sfid) = &arrival.sfid {
                    self.records.insert(key_of(&arrival), sfid.clone());
                }
                self.arrivals.push(arrival);
            }
            Line::Made(made) => drop(self.made.insert(made.number, made)),
            Line::Brought(bringing) => {
                self.at_home.extend(&bringing.changes);
                self.brought.push(bringing);
            }
            Line::RolledBack(rollback) => {
                let given_up = |it: &&Bringing| rollback.gives_up(&it.source.database, it.source.moment, it.number);
                for number in self.brought.iter().filter(given_up).flat_map(|bringing| &bringing.changes) {
                    self.at_home.remove(number);
                }
                self.rollbacks.push(rollback);
            }
        }
    }
}

fn key_of(arrival: &Arrival) -> (String, String, String) {
    (arrival.org.clone(), arrival.object.clone(), arrival.key.clone())
}

/// Ids of new records begin here, so that they differ from those of the records that were there from the beginning.
const FIRST_NEW: i64 = 900_000_000_000;

/// The id of a record that was there from the beginning, as an SQL expression of the expression of its number.
pub(super) fn seeded_id(number: &str, object: &str) -> String {
    let (prefix, suffix) = frame(object);
    format!("({} || lpad(({number})::text, 12, '0') || {})", escape_literal(&prefix), escape_literal(&suffix))
}

/// The id of the record that this number made.
pub(super) fn new_id(number: i64, object: &str) -> String {
    let (prefix, suffix) = frame(object);
    format!("{prefix}{:012}{suffix}", FIRST_NEW + number)
}

/// The first three letters, which tell the object, and the last three, which tell which letters are capitals: so the
/// eighteen letters differ even where capitals are not told apart.
fn frame(object: &str) -> (String, String) {
    let prefix = match object {
        "Account" => "001".to_owned(),
        "Contact" => "003".to_owned(),
        "User" => "005".to_owned(),
        "Opportunity" => "006".to_owned(),
        "Lead" => "00Q".to_owned(),
        "Case" => "500".to_owned(),
        other => {
            let sum = other.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
            format!("a{:02x}", sum % 256)
        }
    };
    let capitals = prefix.chars().enumerate().filter(|(_, letter)| letter.is_ascii_uppercase());
    let bits: u8 = capitals.map(|(place, _)| 1_u8 << place).sum();
    let suffix = format!("{}AA", char::from(b'A' + bits));
    (prefix, suffix)
}

#[cfg(test)]
mod tests {
    use super::{frame, new_id, seeded_id};

    #[test]
    fn ids_have_eighteen_letters_and_a_true_ending() {
        assert_eq!(new_id(17, "Account"), "001900000000017AAA");
        assert_eq!(frame("Lead").1, "EAA", "the third letter is a capital");
        assert_eq!(seeded_id("n", "Lead"), "('00Q' || lpad((n)::text, 12, '0') || 'EAA')");
        assert_eq!(new_id(1, "Order__c").len(), 18);
    }
}
