//! What a tree has decided on the way to a node.

use std::collections::BTreeMap;

use crate::certificate::stages::LevelNode;
use crate::roster::Role;
use crate::units::{MenteeIx, MentorIx};

/// What a node of a tree splits by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Split {
    /// Whether the person is in any pair.
    Person(Role, u32),
    /// Whether the mentor is in this mode.
    Mode(u32, u32),
    /// Whether the pair is in the match.
    Pair(u32, u32),
    /// Whether the pair is in the match and meets at this place.
    Place(u32, u32, u32),
}

impl Split {
    /// The node that splits so, with the nodes for no and for yes.
    pub(super) fn node(self, left_out: usize, chosen: usize) -> LevelNode {
        let pair = |mentee, mentor, place| LevelNode::Pair {
            mentee: MenteeIx(mentee),
            mentor: MentorIx(mentor),
            place,
            left_out,
            chosen,
        };
        match self {
            Self::Person(Role::Mentee, ix) => LevelNode::Mentee {
                mentee: MenteeIx(ix),
                left_out,
                chosen,
            },
            Self::Person(Role::Mentor, ix) => LevelNode::Mentor {
                mentor: MentorIx(ix),
                left_out,
                chosen,
            },
            Self::Mode(mentor, mode) => LevelNode::Mode {
                mentor: MentorIx(mentor),
                mode,
                left_out,
                chosen,
            },
            Self::Pair(mentee, mentor) => pair(mentee, mentor, None),
            Self::Place(mentee, mentor, place) => pair(mentee, mentor, Some(place)),
        }
    }
}

/// What is decided of one pair.
#[derive(Debug, Clone, Default)]
pub(super) struct OfPair {
    /// Whether it is in the match.
    pub(super) chosen: Option<bool>,
    /// Where it meets.
    pub(super) at: Option<u32>,
    /// Where it does not meet.
    not_at: Vec<u32>,
}

impl OfPair {
    /// Whether the pair may meet at a place.
    pub(super) fn may_meet(&self, place: u32) -> bool {
        self.chosen != Some(false)
            && self.at.is_none_or(|at| at == place)
            && !self.not_at.contains(&place)
    }
}

/// All that is decided.
#[derive(Debug, Clone, Default)]
pub(super) struct Decided {
    pairs: BTreeMap<(u32, u32), OfPair>,
    people: [BTreeMap<u32, bool>; 2],
    /// By mentor and mode.
    modes: BTreeMap<(u32, u32), bool>,
}

impl Decided {
    pub(super) fn is_empty(&self) -> bool {
        let people = self.people.iter().all(BTreeMap::is_empty);
        self.pairs.is_empty() && people && self.modes.is_empty()
    }

    pub(super) fn insert(&mut self, split: Split, yes: bool) {
        match split {
            Split::Person(role, ix) => {
                self.people[role as usize].insert(ix, yes);
            }
            Split::Mode(mentor, mode) => {
                self.modes.insert((mentor, mode), yes);
                if yes {
                    self.people[Role::Mentor as usize].insert(mentor, true);
                }
            }
            Split::Pair(mentee, mentor) => {
                self.pairs.entry((mentee, mentor)).or_default().chosen = Some(yes);
            }
            Split::Place(mentee, mentor, place) => {
                let of_pair = self.pairs.entry((mentee, mentor)).or_default();
                if yes {
                    of_pair.chosen = Some(true);
                    of_pair.at = Some(place);
                } else {
                    of_pair.not_at.push(place);
                }
            }
        }
    }

    /// Whether the person is in any pair.
    pub(super) fn takes_part(&self, role: Role, ix: u32) -> Option<bool> {
        self.people[role as usize].get(&ix).copied()
    }

    /// Whether the mentor may be in a mode.
    pub(super) fn may_be_in(&self, mentor: u32, mode: u32) -> bool {
        let mut modes = self.modes.range((mentor, 0)..=(mentor, u32::MAX));
        modes.all(|((_, of), is_in)| (*of == mode) == *is_in)
    }

    /// Whether the mode is decided to be the mentor's, or not to be.
    pub(super) fn is_in(&self, mentor: u32, mode: u32) -> Option<bool> {
        match self.may_be_in(mentor, mode) {
            false => Some(false),
            true => self.modes.get(&(mentor, mode)).copied(),
        }
    }

    /// Whether the pair is in the match.
    pub(super) fn chooses(&self, mentee: u32, mentor: u32) -> bool {
        let of_pair = self.pair(mentee, mentor);
        of_pair.is_some_and(|of_pair| of_pair.chosen == Some(true))
    }

    pub(super) fn pair(&self, mentee: u32, mentor: u32) -> Option<&OfPair> {
        self.pairs.get(&(mentee, mentor))
    }

    /// The pairs that are in the match.
    pub(super) fn chosen(&self) -> impl Iterator<Item = (u32, u32)> {
        let chosen = self.pairs.iter();
        let chosen = chosen.filter(|(_, of_pair)| of_pair.chosen == Some(true));
        chosen.map(|(pair, _)| *pair)
    }

    /// Whether the pair is left out, because it or one of its people is.
    pub(super) fn leaves_out(&self, mentee: u32, mentor: u32) -> bool {
        self.pair(mentee, mentor)
            .is_some_and(|of_pair| of_pair.chosen == Some(false))
            || self.takes_part(Role::Mentee, mentee) == Some(false)
            || self.takes_part(Role::Mentor, mentor) == Some(false)
    }

    /// By person of a side: the fewest and, of those who are left out, the most pairs.
    pub(super) fn loads(&self, role: Role) -> BTreeMap<u32, (u32, Option<u32>)> {
        let mut loads: BTreeMap<u32, (u32, Option<u32>)> = BTreeMap::new();
        for (mentee, mentor) in self.chosen() {
            let person = if role == Role::Mentee { mentee } else { mentor };
            loads.entry(person).or_default().0 += 1;
        }
        for (person, takes) in &self.people[role as usize] {
            let load = loads.entry(*person).or_default();
            match takes {
                true => load.0 = load.0.max(1),
                false => *load = (0, Some(0)),
            }
        }
        loads
    }
}
