//! Looking people up by id, for the tables that name pairs.

use std::collections::{HashMap, HashSet};

use super::builder::NamedPair;
use super::sorted::Sorted;
use super::{ListedPair, PairScores, Role};
use crate::error::{Error, nearest};
use crate::units::{MenteeIx, MentorIx};

/// Positions by id on both sides.
pub(super) struct Index {
    mentees: HashMap<String, u32>,
    mentors: HashMap<String, u32>,
    /// Whether both sides are one table of students.
    of_students: bool,
}

impl Index {
    pub(super) fn new(mentees: &Sorted, mentors: &Sorted, of_students: bool) -> Self {
        let positions = |side: &Sorted| {
            (0u32..)
                .zip(&side.people)
                .map(|(ix, (_, person))| (person.id.clone(), ix))
                .collect()
        };
        Self {
            mentees: positions(mentees),
            mentors: positions(mentors),
            of_students,
        }
    }

    fn find(&self, role: Role, id: &str) -> Result<u32, Error> {
        let ids = match role {
            Role::Mentee => &self.mentees,
            Role::Mentor => &self.mentors,
        };
        ids.get(id).copied().ok_or_else(|| {
            let suggestion = nearest(id, ids.keys().map(String::as_str));
            let hint = match suggestion {
                _ if !self.of_students && self.has_other(role, id) => {
                    "; it is on the other side".to_owned()
                }
                Some(near) => format!("; did you mean {near:?}?"),
                None => String::new(),
            };
            let who = if self.of_students {
                "student"
            } else {
                role.as_str()
            };
            Error::input(format!("no {who} has this id{hint}")).with_value(id)
        })
    }

    fn has_other(&self, role: Role, id: &str) -> bool {
        match role {
            Role::Mentee => self.mentors.contains_key(id),
            Role::Mentor => self.mentees.contains_key(id),
        }
    }

    fn pair(&self, table: &str, row: usize, pair: &NamedPair) -> Result<ListedPair, Error> {
        let side = |role, id, column| {
            self.find(role, id)
                .map_err(|error: Error| error.in_table(table).in_row(row).in_column(column))
        };
        let columns = if self.of_students {
            ["student_a_id", "student_b_id"]
        } else {
            ["mentee_id", "mentor_id"]
        };
        let mentee = side(Role::Mentee, &pair.mentee, columns[0])?;
        let mentor = side(Role::Mentor, &pair.mentor, columns[1])?;
        if self.of_students && mentee == mentor {
            return Err(Error::input("both students are the same")
                .in_table(table)
                .in_row(row)
                .in_column(columns[1])
                .with_value(&pair.mentor));
        }
        Ok(ListedPair {
            mentee: MenteeIx(mentee),
            mentor: MentorIx(mentor),
            row,
        })
    }

    /// Between students a pair is the same in either order, so it is listed in both.
    fn orders(&self, pair: ListedPair) -> impl Iterator<Item = ListedPair> {
        let turned = ListedPair {
            mentee: MenteeIx(pair.mentor.0),
            mentor: MentorIx(pair.mentee.0),
            row: pair.row,
        };
        [pair].into_iter().chain(self.of_students.then_some(turned))
    }

    /// The pairs in canonical order, each once.
    pub(super) fn pairs(&self, table: &str, named: &[NamedPair]) -> Result<Vec<ListedPair>, Error> {
        let mut pairs = (1..)
            .zip(named)
            .map(|(row, pair)| self.pair(table, row, pair))
            .collect::<Result<Vec<_>, _>>()?;
        if self.of_students {
            pairs = pairs
                .into_iter()
                .flat_map(|pair| self.orders(pair))
                .collect();
        }
        pairs.sort_by_key(|pair| (pair.mentee, pair.mentor, pair.row));
        pairs.dedup_by_key(|pair| (pair.mentee, pair.mentor));
        Ok(pairs)
    }

    pub(super) fn scores(&self, scores: &[(NamedPair, f64)]) -> Result<PairScores, Error> {
        const TABLE: &str = "pair_scores";
        let mut out = PairScores::with_capacity(scores.len());
        for (row, (named, score)) in (1..).zip(scores) {
            let pair = self.pair(TABLE, row, named)?;
            let fault = |message: &str| {
                Error::input(message)
                    .in_table(TABLE)
                    .in_row(row)
                    .in_column("value")
                    .with_value(&score.to_string())
            };
            if !(0.0..=1.0).contains(score) {
                return Err(fault("a pair score is a number from 0 to 1"));
            }
            // Exact: a score in [0, 1] times 1e6 is far below 2^32.
            let micro = (score * 1e6).round() as u32;
            for pair in self.orders(pair) {
                if out
                    .insert((pair.mentee, pair.mentor), micro)
                    .is_some_and(|before| before != micro)
                {
                    return Err(fault("the pair has another score in an earlier row"));
                }
            }
        }
        Ok(out)
    }

    /// Ranked positions on the other side; a repeated wish keeps its first rank.
    pub(super) fn wishes(&self, role: Role, own: &str, ids: &[String]) -> Result<Vec<u32>, Error> {
        let other = match role {
            Role::Mentee => Role::Mentor,
            Role::Mentor => Role::Mentee,
        };
        let mut wishes = Vec::with_capacity(ids.len());
        let mut seen = HashSet::with_capacity(ids.len());
        for id in ids.iter().map(|id| id.trim()).filter(|id| !id.is_empty()) {
            let ix = self
                .find(other, id)
                .map_err(|error| error.in_column("preferences"))?;
            if self.of_students && id == own {
                return Err(Error::input("nobody can be paired with themselves")
                    .in_column("preferences")
                    .with_value(id));
            }
            if seen.insert(ix) {
                wishes.push(ix);
            }
        }
        Ok(wishes)
    }
}
