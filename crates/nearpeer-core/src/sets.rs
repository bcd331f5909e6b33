//! Sets of codes a person, made for counting overlaps fast.

use crate::roster::Code;

/// One set a person. Small vocabularies become bitsets; large ones stay sorted lists.
#[derive(Debug, Clone)]
pub(crate) struct Sets {
    known: Vec<bool>,
    sizes: Vec<u32>,
    form: Form,
}

#[derive(Debug, Clone)]
enum Form {
    Bits { words: usize, bits: Vec<u64> },
    Lists(Vec<Box<[Code]>>),
}

/// Above this many words a person, sorted lists are smaller and no slower.
const MAX_WORDS: usize = 16;

impl Sets {
    /// The sets of `people` people from `list`, with codes below `vocabulary`.
    pub(crate) fn new<'a>(
        people: usize,
        vocabulary: usize,
        list: impl Fn(usize) -> Option<&'a [Code]>,
    ) -> Self {
        let lists = || (0..people).map(|ix| list(ix).unwrap_or_default());
        let words = vocabulary.div_ceil(64).max(1);
        let form = if words <= MAX_WORDS {
            let mut bits = vec![0u64; words * people];
            for (ix, codes) in lists().enumerate() {
                for &code in codes {
                    bits[ix * words + code as usize / 64] |= 1 << (code % 64);
                }
            }
            Form::Bits { words, bits }
        } else {
            Form::Lists(lists().map(Box::from).collect())
        };
        Self {
            known: (0..people).map(|ix| list(ix).is_some()).collect(),
            sizes: lists().map(|codes| codes.len() as u32).collect(),
            form,
        }
    }

    /// The words of a bitset, if the sets are bitsets.
    pub(crate) fn words(&self) -> Option<usize> {
        match self.form {
            Form::Bits { words, .. } => Some(words),
            Form::Lists(_) => None,
        }
    }

    /// The person's bitset; empty where the sets are lists.
    #[inline]
    pub(crate) fn bits(&self, ix: usize) -> &[u64] {
        match &self.form {
            Form::Bits { words, bits } => &bits[ix * words..][..*words],
            Form::Lists(_) => &[],
        }
    }

    /// How many codes the person has, if the list was given.
    #[inline]
    pub(crate) fn known_size(&self, ix: usize) -> Option<u32> {
        self.known[ix].then(|| self.sizes[ix])
    }

    /// How many people have each code, of bitsets.
    pub(crate) fn counts(&self) -> Vec<u32> {
        let Form::Bits { words, bits } = &self.form else {
            return Vec::new();
        };
        let mut counts = vec![0; words * 64];
        for (place, &word) in bits.iter().enumerate() {
            let mut left = word;
            while left > 0 {
                counts[place % words * 64 + left.trailing_zeros() as usize] += 1;
                left &= left - 1;
            }
        }
        counts
    }

    /// The 128 codes that `ranks` puts first as bits, the first in the highest.
    pub(crate) fn ranked(&self, ix: usize, ranks: &[usize]) -> u128 {
        let bits = self.bits(ix);
        let ranked = (0..128).zip(ranks);
        ranked.fold(0, |ranked, (place, code)| {
            let has = u128::from(bits[code / 64] >> (code % 64) & 1);
            ranked | has << (127 - place)
        })
    }

    /// Whether the person's list was given at all.
    pub(crate) fn is_known(&self, ix: usize) -> bool {
        self.known[ix]
    }

    /// How many codes the person has.
    pub(crate) fn size(&self, ix: usize) -> u32 {
        self.sizes[ix]
    }

    /// The size of the largest set.
    pub(crate) fn largest(&self) -> u32 {
        self.sizes.iter().copied().max().unwrap_or(0)
    }

    /// How many codes person `a` of this side shares with person `b` of the `other`.
    #[inline]
    pub(crate) fn shared(&self, a: usize, other: &Self, b: usize) -> u32 {
        match (&self.form, &other.form) {
            (Form::Bits { words: 1, bits }, Form::Bits { bits: others, .. }) => {
                (bits[a] & others[b]).count_ones()
            }
            (Form::Bits { words, bits }, Form::Bits { bits: others, .. }) => {
                let (a, b) = (a * words, b * words);
                bits[a..a + words]
                    .iter()
                    .zip(&others[b..b + words])
                    .map(|(x, y)| (x & y).count_ones())
                    .sum()
            }
            (Form::Lists(lists), Form::Lists(others)) => {
                let mut count = 0;
                each_shared(&lists[a], &others[b], |_| count += 1);
                count
            }
            _ => unreachable!("both sides share one vocabulary, and with it the form"),
        }
    }

    /// Whether person `ix` has this code.
    #[inline]
    pub(crate) fn has(&self, ix: usize, code: Code) -> bool {
        match &self.form {
            Form::Bits { words, bits } => {
                bits[ix * words + code as usize / 64] >> (code % 64) & 1 == 1
            }
            Form::Lists(lists) => lists[ix].binary_search(&code).is_ok(),
        }
    }
}

/// Calls `visit` with every code that stands in both sorted lists.
pub(crate) fn each_shared(a: &[Code], b: &[Code], mut visit: impl FnMut(Code)) {
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                visit(a[i]);
                i += 1;
                j += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bitsets_and_lists_count_the_same() {
        let left: [&[Code]; 3] = [&[0, 5, 63], &[], &[1, 2, 64, 700]];
        let right: [&[Code]; 2] = [&[5, 63, 64], &[0, 2, 700, 701]];
        for vocabulary in [702, 100_000] {
            let a = Sets::new(3, vocabulary, |ix| Some(left[ix]));
            let b = Sets::new(2, vocabulary, |ix| Some(right[ix]));
            let counts: Vec<u32> = (0..3)
                .flat_map(|i| [a.shared(i, &b, 0), a.shared(i, &b, 1)])
                .collect();
            assert_eq!(counts, [2, 1, 0, 0, 1, 2], "{vocabulary}");
            assert!(a.has(2, 700) && !a.has(0, 700));
        }
    }
}
