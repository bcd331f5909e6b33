//! Who would rather have whom, over eligible pairs that are streamed.

use crate::pairs::{Pairs, RosterPairs, Sweep};
use crate::program::IntegerProgram;
use crate::programme::{Program, Unlisted};
use crate::roster::{Role, Roster};

/// How much somebody wants another: the place on the list of wishes (its end for those who are not on it), minus
/// the pair's score among the latter, the other's position in canonical order. The less, the rather.
pub(crate) type Rank = (u32, i64, u32);

/// One of a person's possible partners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) who: u32,
    pub(super) score: i64,
    /// How much the person wants the candidate.
    pub(super) rank: Rank,
    /// How much the candidate wants the person.
    pub(super) returned: Rank,
}

/// The eligible pairs of a roster that neither of the two refuses, with the ranks that each gives to the other.
pub(crate) struct Market<'m> {
    roster: &'m Roster,
    /// How many partners each mentee and each mentor may have.
    pub(super) room: [Vec<u32>; 2],
    /// Each mentee's and each mentor's wishes with their places on the list, by whom.
    places: [Vec<Vec<(u32, u32)>>; 2],
    unlisted: Unlisted,
    rows: [Box<dyn Sweep + 'm>; 2],
}

impl<'m> Market<'m> {
    /// `prices` is nothing for anybody: as many zeros as there are people on the larger side.
    pub(crate) fn new(
        roster: &'m Roster,
        pairs: &'m RosterPairs<'m>,
        program: &IntegerProgram,
        settings: &Program,
        prices: &'m [i64],
    ) -> Self {
        let rows = [Role::Mentee, Role::Mentor].map(|role| {
            let sweep = pairs.sweep(role, prices);
            sweep.expect("the pairs of a roster can be passed over from both sides")
        });
        let places = [Role::Mentee, Role::Mentor].map(|role| {
            let people = roster.side(role);
            let of = |ix| {
                let wishes = people.preferences(ix).unwrap_or_default();
                let mut places: Vec<(u32, u32)> = wishes.iter().copied().zip(0..).collect();
                places.sort_unstable();
                places
            };
            (0..people.len()).map(of).collect()
        });
        Self {
            places,
            roster,
            room: [
                program.mentees.iter().map(|mentee| mentee.max).collect(),
                program.mentors.iter().map(|mentor| mentor.max).collect(),
            ],
            unlisted: settings
                .stability
                .map_or_else(Unlisted::default, |stability| stability.unlisted),
            rows,
        }
    }

    pub(super) fn people(&self, role: Role) -> usize {
        self.roster.side(role).len()
    }

    /// How much `person` wants `other`; `None` if they refuse.
    pub(super) fn rank(&self, role: Role, person: u32, other: u32, score: i64) -> Option<Rank> {
        let places = &self.places[role as usize][person as usize];
        match places.binary_search_by_key(&other, |(who, _)| *who) {
            Ok(found) => Some((places[found].1, 0, other)),
            Err(_) if self.unlisted == Unlisted::Refused && !places.is_empty() => None,
            Err(_) => Some((places.len() as u32, -score, other)),
        }
    }

    /// Calls `visit` with everybody whom the person may have, in any order.
    pub(super) fn each(&self, role: Role, person: u32, mut visit: impl FnMut(Candidate)) {
        let other_role = other(role);
        // Scores are not negative.
        const EVERY: i64 = -1;
        self.rows[role as usize].row(person as usize, EVERY, &mut |who, score| {
            let rank = self.rank(role, person, who, score);
            if let Some(rank) = rank
                && let Some(returned) = self.rank(other_role, who, person, score)
            {
                visit(Candidate {
                    who,
                    score,
                    rank,
                    returned,
                });
            }
            EVERY
        });
    }
}

/// The other side.
pub(super) fn other(role: Role) -> Role {
    match role {
        Role::Mentee => Role::Mentor,
        Role::Mentor => Role::Mentee,
    }
}
