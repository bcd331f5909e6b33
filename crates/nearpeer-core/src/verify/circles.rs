//! What the mentees of one mentor have in common, read plainly: which modes a mentor can be in, and whether an answer
//! keeps to it.

use std::collections::{BTreeMap, BTreeSet};

use super::{fault, meetings::Spot};
use crate::error::Error;
use crate::programme::{Circles, Program};
use crate::roster::Roster;

/// What a programme asks of circles.
pub(super) struct Asked<'a> {
    roster: &'a Roster,
    circles: Circles,
}

impl<'a> Asked<'a> {
    /// `None` where it asks nothing.
    pub(super) fn new(roster: &'a Roster, program: &Program) -> Option<Self> {
        let circles = program.circles;
        circles.is_asked().then_some(Self { roster, circles })
    }

    fn grade(&self, mentee: usize) -> Option<i32> {
        let grade = self.roster.mentees().grade(mentee);
        grade.map(|grade| grade.number())
    }

    /// Checks the pairs (mentee, mentor, score) of an answer, and where they meet.
    ///
    /// # Errors
    /// Naming the mentor whose mentees have not in common what is asked.
    pub(super) fn keep(
        &self,
        claims: &[(u32, u32, i64)],
        spots: &[Option<Spot>],
    ) -> Result<(), Error> {
        let mut circles: BTreeMap<u32, Vec<(u32, Option<Spot>)>> = BTreeMap::new();
        for ((mentee, mentor, _), spot) in claims.iter().zip(spots) {
            circles.entry(*mentor).or_default().push((*mentee, *spot));
        }
        for (mentor, circle) in circles {
            let id = self.roster.mentors().id(mentor as usize);
            let places: BTreeSet<Option<Spot>> = circle.iter().map(|(_, spot)| *spot).collect();
            if self.circles.one_slot && places.len() > 1 {
                return Err(fault(format!(
                    "the mentees of {id:?} do not all meet in one slot at one site"
                )));
            }
            let Some(width) = self.circles.grade_band else {
                continue;
            };
            let grades: BTreeSet<Option<i32>> = circle
                .iter()
                .map(|(mentee, _)| self.grade(*mentee as usize))
                .collect();
            let known: Vec<i32> = grades.iter().copied().flatten().collect();
            let apart = match (known.first(), known.last()) {
                (Some(least), Some(most)) => most.abs_diff(*least) > width,
                _ => false,
            };
            if apart || (grades.contains(&None) && !known.is_empty()) {
                return Err(fault(format!(
                    "the grades of the mentees of {id:?} are further apart than {width}"
                )));
            }
        }
        Ok(())
    }
}

/// The modes of the mentors of a part: for every place where that counts, from every grade that there is among the
/// part's mentees, ascending, the band upwards, and last that of those without a grade.
pub(super) struct Modes {
    by_place: bool,
    places: usize,
    /// The lowest grades of the bands, and their width.
    bands: Option<(Vec<Option<i32>>, u32)>,
    /// The grades of the part's mentees.
    grades: Vec<Option<i32>>,
}

impl Modes {
    pub(super) fn new(asked: Option<&Asked>, mentees: &[usize], places: usize) -> Self {
        let Some(asked) = asked else {
            return Self {
                by_place: false,
                places: 1,
                bands: None,
                grades: Vec::new(),
            };
        };
        let grades: Vec<Option<i32>> = mentees.iter().map(|ix| asked.grade(*ix)).collect();
        let bands = asked.circles.grade_band.map(|width| {
            let known: BTreeSet<i32> = grades.iter().copied().flatten().collect();
            let mut lowest: Vec<Option<i32>> = known.into_iter().map(Some).collect();
            if grades.contains(&None) {
                lowest.push(None);
            }
            (lowest, width)
        });
        Self {
            by_place: asked.circles.one_slot,
            places: match asked.circles.one_slot {
                true => places.max(1),
                false => 1,
            },
            bands,
            grades,
        }
    }

    fn bands(&self) -> usize {
        self.bands
            .as_ref()
            .map_or(1, |(lowest, _)| lowest.len().max(1))
    }

    pub(super) fn count(&self) -> usize {
        self.places * self.bands()
    }

    /// The modes that a mentee of the part at a place is of.
    pub(super) fn of(&self, mentee: usize, place: usize) -> Vec<u32> {
        let first = if self.by_place {
            place * self.bands()
        } else {
            0
        };
        let Some((lowest, width)) = &self.bands else {
            return vec![first as u32];
        };
        let grade = self.grades[mentee];
        let is_of = |lowest: Option<i32>| match (grade, lowest) {
            (Some(grade), Some(lowest)) => lowest <= grade && lowest.abs_diff(grade) <= *width,
            (None, None) => true,
            _ => false,
        };
        let bands = lowest.iter().enumerate();
        let own = bands.filter(|(_, lowest)| is_of(**lowest));
        own.map(|(band, _)| (first + band) as u32).collect()
    }
}
