/// A range of blocks of one table on one side: what one statement reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// Which table, by its place in the list of work.
    pub(super) work: usize,
    /// The first block.
    pub(super) from: u64,
    /// The block behind the last one. The last piece is open, so that it takes in what lies behind the size seen earlier.
    pub(super) to: Option<u64>,
    /// About as many bytes.
    pub(super) bytes: u64,
}

impl Piece {
    /// The condition on the table's rows, or nothing when the piece is the whole table.
    pub(super) fn condition(&self, alias: &str) -> Option<String> {
        let from = (self.from > 0).then(|| format!("{alias}.ctid >= '({},0)'::tid", self.from));
        let to = self.to.map(|to| format!("{alias}.ctid < '({to},0)'::tid"));
        match (from, to) {
            (None, None) => None,
            (Some(one), None) | (None, Some(one)) => Some(one),
            (Some(from), Some(to)) => Some(format!("{from} and {to}")),
        }
    }
}

/// Cuts a table into pieces of about `chunk` bytes, out-of-line storage counted in. Never fewer than one piece.
pub(super) fn cut(work: usize, blocks: u64, bytes: u64, chunk: u64) -> Vec<Piece> {
    let wanted = bytes.div_ceil(chunk.max(1)).clamp(1, blocks.max(1));
    let step = blocks.max(1).div_ceil(wanted);
    let count = blocks.max(1).div_ceil(step);
    (0..count)
        .map(|number| Piece {
            work,
            from: number * step,
            to: (number + 1 < count).then(|| (number + 1) * step),
            bytes: bytes / count,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::cut;

    #[test]
    fn a_small_table_is_one_piece_without_condition() {
        for blocks in [0, 1, 100] {
            let pieces = cut(0, blocks, blocks * 8192, 32 << 20);
            assert_eq!(pieces.len(), 1);
            assert_eq!(pieces[0].condition("t"), None);
        }
    }

    #[test]
    fn conditions_name_both_ends_except_the_last() {
        let pieces = cut(0, 100, 100 * 8192, 40 * 8192);
        let conditions: Vec<_> = pieces.iter().map(|piece| piece.condition("t").unwrap()).collect();
        assert_eq!(
            conditions,
            ["t.ctid < '(34,0)'::tid", "t.ctid >= '(34,0)'::tid and t.ctid < '(68,0)'::tid", "t.ctid >= '(68,0)'::tid"]
        );
    }

    #[test]
    fn much_out_of_line_makes_pieces_of_few_blocks() {
        assert_eq!(cut(0, 10, 10 << 30, 32 << 20).len(), 10);
    }

    proptest! {
        #[test]
        fn pieces_cover_every_block_once(blocks in 0_u64..5_000, bytes in 0_u64..(1 << 40), chunk in 0_u64..(1 << 30)) {
            let pieces = cut(7, blocks, bytes, chunk);
            prop_assert_eq!(pieces[0].from, 0);
            prop_assert_eq!(pieces.last().unwrap().to, None);
            for pair in pieces.windows(2) {
                prop_assert_eq!(pair[0].to, Some(pair[1].from));
                prop_assert!(pair[0].from < pair[1].from);
            }
        }
    }
}
