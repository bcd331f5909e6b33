//! Whom a rule rules out for a person: from a list, or from the kinds of people that it tells apart.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use super::reads::Trait;
use crate::roster::{People, Role, Roster};

/// Bytes of bitsets that one rule may keep for each side; beyond, a person's is made whenever it is asked for.
const KEPT: usize = 64 << 20;

/// How a rule's answers are found.
pub(super) enum By<'r> {
    /// By side and person: the others who are listed with this person; and whether it is those that are ruled out, or the
    /// rest.
    List([Vec<Vec<u32>>; 2], bool),
    Kinds {
        /// Whether the rule forbids the pair.
        forbids: Box<dyn Fn(usize, usize) -> bool + Send + Sync + 'r>,
        kinds: [Kinds; 2],
    },
}

/// The people of one side, told apart as far as a rule tells them.
pub(super) struct Kinds {
    /// By person.
    of: Vec<u32>,
    /// One person of each kind.
    people: Vec<usize>,
    /// By kind: who is ruled out, once somebody has asked; nothing where there are too many kinds to keep that.
    kept: Vec<OnceLock<RuledOut>>,
}

/// A set of people on the other side.
#[derive(Clone)]
pub(super) struct RuledOut {
    pub(super) bits: Vec<u64>,
    pub(super) count: usize,
}

impl RuledOut {
    fn new(bits: Vec<u64>) -> Self {
        let count = bits.iter().map(|word| word.count_ones() as usize).sum();
        Self { bits, count }
    }
}

impl<'r> By<'r> {
    pub(super) fn list(
        roster: &Roster,
        pairs: impl Iterator<Item = (usize, usize)>,
        forbidden: bool,
    ) -> Self {
        let mut listed = [roster.mentees(), roster.mentors()].map(|side| vec![vec![]; side.len()]);
        for (mentee, mentor) in pairs {
            listed[0][mentee].push(mentor as u32);
            listed[1][mentor].push(mentee as u32);
        }
        Self::List(listed, forbidden)
    }

    pub(super) fn kinds(
        roster: &'r Roster,
        forbids: impl Fn(usize, usize) -> bool + Send + Sync + 'r,
        read: impl Fn(&'r People, usize) -> [Trait<'r>; 2] + Sync,
    ) -> Self {
        let (mentees, mentors) = (roster.mentees(), roster.mentors());
        Self::Kinds {
            forbids: Box::new(forbids),
            kinds: [
                Kinds::new(mentees, mentors.len(), &read),
                Kinds::new(mentors, mentees.len(), &read),
            ],
        }
    }

    /// Whom of the `others` the rule rules out for a person.
    pub(super) fn ruled_out(&self, role: Role, ix: usize, others: usize) -> Cow<'_, RuledOut> {
        let side = role as usize;
        match self {
            Self::List(listed, forbidden) => {
                let mut bits = vec![0; others.div_ceil(64)];
                for &other in &listed[side][ix] {
                    bits[other as usize / 64] |= 1 << (other % 64);
                }
                if !forbidden {
                    for word in &mut bits {
                        *word = !*word;
                    }
                    if let Some(last) = bits.last_mut().filter(|_| !others.is_multiple_of(64)) {
                        *last &= (1 << (others % 64)) - 1;
                    }
                }
                Cow::Owned(RuledOut::new(bits))
            }
            Self::Kinds { forbids, kinds } => {
                let made = || {
                    let forbidden: Vec<bool> = (kinds[1 - side].people.iter())
                        .map(|one| match role {
                            Role::Mentee => forbids(ix, *one),
                            Role::Mentor => forbids(*one, ix),
                        })
                        .collect();
                    let of = kinds[1 - side].of.chunks(64);
                    let word = |kinds: &[u32]| {
                        let bits = (0u32..).zip(kinds);
                        bits.fold(0, |word, (bit, kind)| {
                            word | u64::from(forbidden[*kind as usize]) << bit
                        })
                    };
                    RuledOut::new(of.map(word).collect())
                };
                match kinds[side].kept.get(kinds[side].of[ix] as usize) {
                    Some(kept) => Cow::Borrowed(kept.get_or_init(made)),
                    None => Cow::Owned(made()),
                }
            }
        }
    }
}

impl Kinds {
    fn new<'r>(
        people: &'r People,
        others: usize,
        read: &(impl Fn(&'r People, usize) -> [Trait<'r>; 2] + Sync),
    ) -> Self {
        let mut known = HashMap::new();
        let mut somebody: Vec<usize> = Vec::new();
        let of = (0..people.len()).map(|ix| {
            *known.entry(read(people, ix)).or_insert_with(|| {
                somebody.push(ix);
                somebody.len() as u32 - 1
            })
        });
        let of = of.collect();
        let is_small = somebody.len() * others.div_ceil(8) <= KEPT;
        let kept = if is_small { somebody.len() } else { 0 };
        Self {
            of,
            kept: (0..kept).map(|_| OnceLock::new()).collect(),
            people: somebody,
        }
    }
}
