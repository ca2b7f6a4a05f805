use std::collections::VecDeque;

use super::checkpoint::Answers;
use super::crew::{Gather, Question};
use super::pieces::Piece;
use super::side::Which;

/// Which pieces are still to be read, and what was gathered from those that were.
pub(super) struct Ledger<G> {
    works: Vec<Work<G>>,
    waiting: [VecDeque<Piece>; 2],
}

struct Work<G> {
    shares: [Share<G>; 2],
    given_up: Option<String>,
}

/// One side of one table.
struct Share<G> {
    gathered: G,
    moment: u32,
    read: Vec<Piece>,
    pieces: usize,
}

/// What was found out about one table.
pub(super) enum Finding<G> {
    /// Both sides, each from one moment.
    Gathered(G, G),
    /// Why it could not be read.
    Unreadable(String),
}

impl<G: Gather> Ledger<G> {
    /// Everything is still to be read, the largest tables first, in the same order on both sides.
    pub(super) fn new(questions: &[Question], cut: impl Fn(usize, &Question, Which) -> Vec<Piece>) -> Self {
        let mut order: Vec<usize> = (0..questions.len()).collect();
        order.sort_by_key(|work| std::cmp::Reverse(questions[*work].bytes.iter().max().copied()));
        let mut ledger = Self { works: Vec::new(), waiting: [VecDeque::new(), VecDeque::new()] };
        for (work, question) in questions.iter().enumerate() {
            let shares = Which::BOTH.map(|which| Share::of(cut(work, question, which).len()));
            ledger.works.push(Work { shares, given_up: None });
        }
        for work in order {
            for which in Which::BOTH {
                ledger.waiting[which.index()].extend(cut(work, &questions[work], which));
            }
        }
        ledger
    }

    /// Books the answers that an earlier process was given, and returns the pieces that need not be read, with their rows.
    pub(super) fn restore(&mut self, which: Which, mut answers: Answers) -> Vec<(Piece, u64)> {
        let mut restored = Vec::new();
        for piece in std::mem::take(&mut self.waiting[which.index()]) {
            match answers.remove(&(piece.work, piece.from)) {
                Some(lines) => restored.push((piece.clone(), self.book(which, piece, 0, lines))),
                None => self.waiting[which.index()].push_back(piece),
            }
        }
        restored
    }

    pub(super) fn has_work(&mut self) -> bool {
        Which::BOTH.into_iter().any(|which| self.waiting(which) > 0)
    }

    /// Pieces of this side that are still to be read.
    pub(super) fn waiting(&mut self, which: Which) -> usize {
        let works = &self.works;
        self.waiting[which.index()].retain(|piece| works[piece.work].given_up.is_none());
        self.waiting[which.index()].len()
    }

    /// The next piece of this side.
    pub(super) fn take(&mut self, which: Which) -> Option<Piece> {
        while let Some(piece) = self.waiting[which.index()].pop_front() {
            if self.works[piece.work].given_up.is_none() {
                return Some(piece);
            }
        }
        None
    }

    /// Books the answer about a piece that was read at `moment` and returns how many rows it told of.
    ///
    /// A table is put together from one moment only: an answer from an older one is asked for again, and one from a newer
    /// one makes all earlier answers void.
    pub(super) fn book(&mut self, which: Which, piece: Piece, moment: u32, lines: Vec<Vec<Option<String>>>) -> u64 {
        let work = piece.work;
        let share = &mut self.works[work].shares[which.index()];
        if moment < share.moment {
            self.waiting[which.index()].push_back(piece);
            return 0;
        }
        if moment > share.moment {
            self.waiting[which.index()].extend(share.start_again(moment));
        }
        let before = share.gathered.rows();
        if let Err(why) = share.gathered.add(lines) {
            self.give_up(work, why);
            return 0;
        }
        let rows = share.gathered.rows() - before;
        share.read.push(piece);
        self.settle_if_complete(work);
        rows
    }

    /// Reads no further piece of this table.
    pub(super) fn give_up(&mut self, work: usize, why: String) {
        self.works[work].given_up.get_or_insert(why);
    }

    pub(super) fn take_findings(&mut self) -> Vec<Finding<G>> {
        self.works.drain(..).map(Work::into_finding).collect()
    }

    fn settle_if_complete(&mut self, work: usize) {
        let [old, new] = &mut self.works[work].shares;
        if old.is_complete() && new.is_complete() {
            G::settle(&mut old.gathered, &mut new.gathered);
        }
    }
}

impl<G: Gather> Share<G> {
    fn of(pieces: usize) -> Self {
        Self { gathered: G::default(), moment: 0, read: Vec::new(), pieces }
    }

    fn is_complete(&self) -> bool {
        self.read.len() == self.pieces
    }

    fn start_again(&mut self, moment: u32) -> Vec<Piece> {
        self.moment = moment;
        self.gathered = G::default();
        std::mem::take(&mut self.read)
    }
}

impl<G: Gather> Work<G> {
    fn into_finding(self) -> Finding<G> {
        match self.given_up {
            Some(why) => Finding::Unreadable(why),
            None => {
                let [old, new] = self.shares;
                Finding::Gathered(old.gathered, new.gathered)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::crew::Question;
    use super::super::pieces;
    use super::super::side::Which;
    use super::super::tally::Tally;
    use super::{Finding, Ledger};

    fn ledger(tables: &[u64]) -> Ledger<Tally> {
        let questions: Vec<Question> = tables
            .iter()
            .map(|blocks| Question {
                blocks: [*blocks, *blocks],
                bytes: [blocks * 8192, blocks * 8192],
                divisible: true,
                statement: String::new(),
            })
            .collect();
        Ledger::new(&questions, |work, question, _| pieces::cut(work, question.blocks[0], question.bytes[0], 8192))
    }

    fn answer(rows: u64) -> Vec<Vec<Option<String>>> {
        vec![vec![Some("0".into()), Some(rows.to_string()), Some("1".into())]]
    }

    #[test]
    fn the_largest_table_comes_first_on_both_sides() {
        let mut ledger = ledger(&[1, 3, 2]);
        for which in Which::BOTH {
            let order: Vec<usize> = std::iter::from_fn(|| ledger.take(which)).map(|piece| piece.work).collect();
            assert_eq!(order, [1, 1, 1, 2, 2, 0]);
        }
    }

    #[test]
    fn a_newer_moment_voids_what_was_read_and_asks_for_it_again() {
        let mut ledger = ledger(&[3]);
        let [first, second, third] = std::array::from_fn(|_| ledger.take(Which::Old).unwrap());
        assert_eq!(ledger.book(Which::Old, first.clone(), 0, answer(10)), 10);
        assert_eq!(ledger.book(Which::Old, second, 1, answer(20)), 20);
        assert_eq!(ledger.take(Which::Old), Some(first.clone()), "read before the moment moved on");
        assert_eq!(ledger.book(Which::Old, first.clone(), 1, answer(11)), 11);
        assert_eq!(ledger.book(Which::Old, third.clone(), 0, answer(30)), 0, "read too early");
        assert_eq!(ledger.take(Which::Old), Some(third.clone()));
        ledger.book(Which::Old, third, 1, answer(31));
        let Some(Finding::Gathered(old, _)) = ledger.take_findings().pop() else { panic!("it was given up") };
        assert_eq!(old.rows, 62);
    }

    #[test]
    fn what_an_earlier_process_read_is_not_read_again_and_counts() {
        let mut ledger = ledger(&[3]);
        let answers = [((0, 1), answer(20)), ((9, 9), answer(1))].into_iter().collect();
        let restored = ledger.restore(Which::Old, answers);
        assert_eq!(restored.iter().map(|(piece, rows)| (piece.from, *rows)).collect::<Vec<_>>(), [(1, 20)]);
        for rows in [10, 30] {
            let piece = ledger.take(Which::Old).unwrap();
            assert_ne!(piece.from, 1);
            ledger.book(Which::Old, piece, 0, answer(rows));
        }
        assert_eq!((ledger.waiting(Which::Old), ledger.waiting(Which::New)), (0, 3));
        let Some(Finding::Gathered(old, _)) = ledger.take_findings().pop() else { panic!("it was given up") };
        assert_eq!(old.rows, 60);
    }

    #[test]
    fn a_table_that_is_complete_keeps_its_moment() {
        let mut ledger = ledger(&[1, 1]);
        let first = ledger.take(Which::New).unwrap();
        ledger.book(Which::New, first, 0, answer(5));
        let second = ledger.take(Which::New).unwrap();
        ledger.book(Which::New, second, 1, answer(6));
        assert_eq!(ledger.waiting(Which::New), 0);
    }

    #[test]
    fn a_table_that_cannot_be_read_takes_its_pieces_along() {
        let mut ledger = ledger(&[3, 1]);
        let piece = ledger.take(Which::Old).unwrap();
        ledger.give_up(piece.work, "permission denied".into());
        assert_eq!((ledger.waiting(Which::Old), ledger.waiting(Which::New)), (1, 1));
        assert!(matches!(&ledger.take_findings()[0], Finding::Unreadable(why) if why == "permission denied"));
    }

    #[test]
    fn a_table_is_as_large_as_its_larger_side() {
        let question = |bytes| Question { blocks: [1, 1], bytes, divisible: true, statement: String::new() };
        let questions = [question([8192, 4 * 8192]), question([2 * 8192, 2 * 8192])];
        let mut ledger: Ledger<Tally> = Ledger::new(&questions, |work, _, _| pieces::cut(work, 1, 8192, 8192));
        assert_eq!(ledger.take(Which::Old).map(|piece| piece.work), Some(0));
    }

    #[test]
    fn there_is_work_as_long_as_one_piece_of_one_side_waits() {
        let mut ledger = ledger(&[1]);
        ledger.take(Which::Old).unwrap();
        assert!(ledger.has_work());
        ledger.take(Which::New).unwrap();
        assert!(!ledger.has_work());
    }

    #[test]
    fn a_table_is_given_up_once_and_none_of_its_pieces_is_read_any_more() {
        let mut ledger = ledger(&[3, 1]);
        let piece = ledger.take(Which::Old).unwrap();
        let unreadable = vec![vec![Some("0".into()), Some("many".into()), Some("1".into())]];
        assert_eq!(ledger.book(Which::Old, piece.clone(), 0, unreadable), 0);
        ledger.give_up(piece.work, "another reason".into());
        assert_eq!(ledger.take(Which::Old).map(|next| next.work), Some(1));
        assert!(matches!(&ledger.take_findings()[0], Finding::Unreadable(why) if why.contains("many")));
    }

    #[test]
    fn what_is_equal_goes_when_both_sides_are_complete_and_not_before() {
        let line = |rows: u64, sum: u64| vec![vec![Some("0".into()), Some(rows.to_string()), Some(sum.to_string())]];
        let read = |new: [(u64, u64); 2]| {
            let mut ledger = ledger(&[2]);
            for (which, answers) in [(Which::Old, [(5, 1), (7, 1)]), (Which::New, new)] {
                for (rows, sum) in answers {
                    let piece = ledger.take(which).unwrap();
                    ledger.book(which, piece, 0, line(rows, sum));
                }
            }
            let Some(Finding::Gathered(old, new)) = ledger.take_findings().pop() else { panic!("it was given up") };
            (old.buckets, new.buckets)
        };
        let (old, new) = read([(6, 1), (6, 1)]);
        assert!(old.is_empty() && new.is_empty(), "{old:?} {new:?}");
        // A part of the new side is as much as the whole of the old one.
        let (old, new) = read([(12, 2), (1, 1)]);
        assert_eq!((old.get(&0), new.get(&0)), (Some(&(12, 2)), Some(&(13, 3))));
    }
}
