//! Whom everybody may have, the most wanted first, plainly.

use std::collections::HashMap;

use rayon::prelude::*;

use super::super::options::go_on;
use super::super::statement::Statement;
use crate::error::Error;
use crate::interrupt::StopFlag;
use crate::programme::Unlisted;
use crate::roster::{People, Role, Roster};

/// How a person orders partners; the least is the most wanted.
type Key = (u32, i64, u32);

/// The wishes of one side, each with its place on the list.
struct Wishes {
    of: Vec<HashMap<u32, u32>>,
    unlisted: Unlisted,
}

impl Wishes {
    fn new(people: &People, unlisted: Unlisted) -> Self {
        let of = |ix| {
            let wishes = people.preferences(ix).unwrap_or(&[]);
            wishes.iter().copied().zip(0..).collect()
        };
        Self {
            of: (0..people.len()).map(of).collect(),
            unlisted,
        }
    }

    /// How much `who` wants `other`, with whom the pair has this score; `None` if they refuse.
    fn key(&self, who: u32, other: u32, score: i64) -> Option<Key> {
        let own = &self.of[who as usize];
        match own.get(&other) {
            Some(place) => Some((*place, 0, other)),
            None if !own.is_empty() && self.unlisted == Unlisted::Refused => None,
            None => Some((own.len() as u32, -score, other)),
        }
    }
}

/// How many pairs block the match.
///
/// # Errors
/// When the stop flag was raised.
pub(in super::super) fn blocking(
    roster: &Roster,
    unlisted: Unlisted,
    statement: &Statement,
    claims: &[(u32, u32, i64)],
    stop: &StopFlag,
) -> Result<usize, Error> {
    let (young, old) = (roster.mentees(), roster.mentors());
    let [of_young, of_old] = [young, old].map(|people| Wishes::new(people, unlisted));
    let mut had: [Vec<Vec<Option<Key>>>; 2] =
        [vec![Vec::new(); young.len()], vec![Vec::new(); old.len()]];
    for &(mentee, mentor, score) in claims {
        had[0][mentee as usize].push(of_young.key(mentee, mentor, score));
        had[1][mentor as usize].push(of_old.key(mentor, mentee, score));
    }
    // Would rather have this one than nobody in a free place, or than somebody whom they have.
    let would = |had: &[Option<Key>], room: u32, wanted: Key| {
        (had.len() as u64) < u64::from(room)
            || had.iter().any(|key| key.is_none_or(|key| wanted < key))
    };
    let of_mentee = |row: &mut Vec<(u32, i64)>, mentee: u32| {
        go_on(stop)?;
        (statement.row)(mentee as usize, row);
        let own = &had[0][mentee as usize];
        let blocks = |&&(mentor, score): &&(u32, i64)| {
            let wanted = of_young.key(mentee, mentor, score);
            let returned = of_old.key(mentor, mentee, score);
            let (Some(wanted), Some(returned)) = (wanted, returned) else {
                return false;
            };
            !own.contains(&Some(wanted))
                && would(own, statement.mentees[mentee as usize].max, wanted)
                && would(
                    &had[1][mentor as usize],
                    statement.mentors[mentor as usize].max,
                    returned,
                )
        };
        Ok(row.iter().filter(blocks).count())
    };
    (0..young.len() as u32)
        .into_par_iter()
        .map_init(Vec::new, of_mentee)
        .try_reduce(|| 0, |a, b| Ok(a + b))
}

/// The mentees' lists, most wanted first: whom, and how much they want the mentee in return. Only pairs that neither
/// refuses are on it.
pub(super) struct Lists {
    pub(super) of_mentee: Vec<Vec<Listed>>,
    /// How many mentees each mentor may have.
    pub(super) room: Vec<usize>,
    /// Whether each mentee may have a mentor.
    open: Vec<bool>,
    /// Eligible pairs that were looked at.
    pub(super) eligible: u64,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Listed {
    pub(super) who: u32,
    pub(super) score: i64,
    own: Key,
    pub(super) returned: Key,
}

impl Lists {
    pub(super) fn new(
        roster: &Roster,
        unlisted: Unlisted,
        statement: &Statement,
        stop: &StopFlag,
    ) -> Result<Self, Error> {
        let (young, old) = (roster.mentees(), roster.mentors());
        let [of_young, of_old] = [young, old].map(|people| Wishes::new(people, unlisted));
        let list = |row: &mut Vec<(u32, i64)>, mentee: u32| {
            go_on(stop)?;
            (statement.row)(mentee as usize, row);
            let listed = |&(who, score): &(u32, i64)| {
                Some(Listed {
                    who,
                    score,
                    own: of_young.key(mentee, who, score)?,
                    returned: of_old.key(who, mentee, score)?,
                })
            };
            let mut list: Vec<Listed> = row.iter().filter_map(listed).collect();
            list.sort_by_key(|listed| listed.own);
            Ok((list, row.len() as u64))
        };
        let rows = (0..young.len() as u32)
            .into_par_iter()
            .map_init(Vec::new, list)
            .collect::<Result<Vec<_>, Error>>()?;
        let eligible = rows.iter().map(|(_, eligible)| eligible).sum();
        let of_mentee: Vec<Vec<Listed>> = rows.into_iter().map(|(list, _)| list).collect();
        Ok(Self {
            of_mentee,
            room: statement
                .mentors
                .iter()
                .map(|load| load.max as usize)
                .collect(),
            open: statement.mentees.iter().map(|load| load.max > 0).collect(),
            eligible,
        })
    }

    /// The same from the mentors' side.
    fn of_mentor(&self) -> Vec<Vec<Listed>> {
        let mut of_mentor: Vec<Vec<Listed>> = vec![Vec::new(); self.room.len()];
        for (mentee, list) in (0u32..).zip(&self.of_mentee) {
            for listed in list {
                of_mentor[listed.who as usize].push(Listed {
                    who: mentee,
                    score: listed.score,
                    own: listed.returned,
                    returned: listed.own,
                });
            }
        }
        for list in &mut of_mentor {
            list.sort_by_key(|listed| listed.own);
        }
        of_mentor
    }

    /// Whether the pair is eligible and refused by neither.
    pub(super) fn has(&self, mentee: u32, mentor: u32) -> bool {
        self.of_mentee[mentee as usize]
            .iter()
            .any(|listed| listed.who == mentor)
    }

    /// Each mentee's mentor in the stable match that is best for this side: it asks in order, the other side holds
    /// on to the best.
    pub(super) fn best_for(&self, side: Role, stop: &StopFlag) -> Result<Vec<Option<u32>>, Error> {
        let open = |mentee: u32| usize::from(self.open[mentee as usize]);
        let room = |mentor: u32| self.room[mentor as usize];
        type Room<'a> = &'a dyn Fn(u32) -> usize;
        let of_mentor;
        let (lists, others, ask, answer): (_, _, Room, Room) = match side {
            Role::Mentee => (&self.of_mentee, self.room.len(), &open, &room),
            Role::Mentor => {
                of_mentor = self.of_mentor();
                (&of_mentor, self.of_mentee.len(), &room, &open)
            }
        };
        let mut next = vec![0; lists.len()];
        let mut have = vec![0; lists.len()];
        // Who is held, and how much they are wanted.
        let mut held: Vec<Vec<(Key, u32)>> = vec![Vec::new(); others];
        let mut left: Vec<u32> = (0..lists.len() as u32).collect();
        while let Some(who) = left.pop() {
            go_on(stop)?;
            let ix = who as usize;
            while have[ix] < ask(who) && next[ix] < lists[ix].len() {
                let asked = lists[ix][next[ix]];
                next[ix] += 1;
                let held = &mut held[asked.who as usize];
                held.push((asked.returned, who));
                have[ix] += 1;
                if held.len() > answer(asked.who) {
                    let worst = (0..held.len()).max_by_key(|place| held[*place].0);
                    let (_, refused) = held.swap_remove(worst.unwrap_or(0));
                    have[refused as usize] -= 1;
                    left.push(refused);
                }
            }
        }
        let mut mentor_of = vec![None; self.of_mentee.len()];
        for (other, held) in (0u32..).zip(&held) {
            for (_, who) in held {
                let (mentee, mentor) = match side {
                    Role::Mentee => (*who, other),
                    Role::Mentor => (other, *who),
                };
                mentor_of[mentee as usize] = Some(mentor);
            }
        }
        Ok(mentor_of)
    }
}
