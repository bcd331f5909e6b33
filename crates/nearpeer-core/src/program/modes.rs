//! What the mentees of a mentor have in common: the modes that a mentor can be in.
//!
//! Where circles meet in one place, or in a band of grades, a mentor is in one mode, a place with a band, and has only
//! mentees who are of it. So a mentor's load is a load in one of the modes, with a price a mode.

use crate::programme::Program;
use crate::roster::Roster;

/// What is asked of the mentees of one mentor.
#[derive(Debug, Clone)]
pub(crate) struct Common {
    #[cfg_attr(
        not(feature = "highs"),
        expect(dead_code, reason = "only HiGHS solves by levels")
    )]
    one_place: bool,
    band: Option<u32>,
    /// By mentee.
    grades: Vec<Option<i32>>,
}

impl Common {
    /// `None` where nothing is asked.
    pub(crate) fn new(roster: &Roster, settings: &Program) -> Option<Self> {
        let circles = settings.circles;
        let grade = |ix| roster.mentees().grade(ix).map(|grade| grade.number());
        circles.is_asked().then(|| Self {
            one_place: circles.one_slot,
            band: circles.grade_band,
            grades: (0..roster.mentees().len()).map(grade).collect(),
        })
    }

    /// The modes of a part with these mentees and so many places.
    #[cfg(feature = "highs")]
    pub(crate) fn modes(&self, mentees: &[u32], places: usize) -> Modes {
        let grades: Vec<Option<i32>> = mentees.iter().map(|ix| self.grades[*ix as usize]).collect();
        let bands = self.band.map(|width| {
            let width = i32::try_from(width).unwrap_or(i32::MAX);
            let mut lowest: Vec<Option<i32>> = grades.clone();
            // Those without a grade come last.
            lowest.sort_unstable_by_key(|grade| grade.unwrap_or(i32::MAX));
            lowest.dedup();
            let is_in = |grade: Option<i32>, lowest: Option<i32>| match (grade, lowest) {
                (Some(grade), Some(lowest)) => {
                    (lowest..=lowest.saturating_add(width)).contains(&grade)
                }
                (grade, lowest) => grade == lowest,
            };
            let of_mentee = grades.iter().map(|grade| {
                let bands = (0u32..).zip(&lowest);
                let own = bands.filter(|(_, lowest)| is_in(*grade, **lowest));
                own.map(|(band, _)| band).collect()
            });
            (lowest.len(), of_mentee.collect())
        });
        let (bands, of_mentee) = bands.unwrap_or_else(|| (1, vec![vec![0]; grades.len()]));
        Modes {
            by_place: self.one_place,
            places: if self.one_place { places.max(1) } else { 1 },
            bands: bands.max(1),
            of_mentee,
        }
    }

    /// Whether these mentees, who meet at these places, can be in one circle.
    pub(crate) fn allows(&self, mentees: &[u32]) -> bool {
        let Some(width) = self.band else {
            return true;
        };
        let grades = mentees.iter().map(|ix| self.grades[*ix as usize]);
        let known: Vec<i32> = grades.clone().flatten().collect();
        let (least, most) = (known.iter().min(), known.iter().max());
        match (least, most) {
            (Some(least), Some(most)) => {
                known.len() == mentees.len() && most.abs_diff(*least) <= width
            }
            _ => true,
        }
    }
}

/// The modes of the mentors of a part: for every place, every band of grades, in this order.
#[cfg(feature = "highs")]
#[derive(Debug, Clone)]
pub(crate) struct Modes {
    by_place: bool,
    places: usize,
    bands: usize,
    /// By mentee, the bands.
    of_mentee: Vec<Vec<u32>>,
}

#[cfg(feature = "highs")]
impl Modes {
    /// The one mode in which anything goes.
    pub(crate) fn one(mentees: usize) -> Self {
        Self {
            by_place: false,
            places: 1,
            bands: 1,
            of_mentee: vec![vec![0]; mentees],
        }
    }

    /// How many there are, the same for all mentors.
    pub(crate) fn count(&self) -> usize {
        self.places * self.bands
    }

    /// The modes of which a mentee is at a place.
    #[inline]
    pub(crate) fn of_pair(&self, mentee: usize, place: usize) -> impl Iterator<Item = u32> {
        let first = if self.by_place { place * self.bands } else { 0 } as u32;
        self.of_mentee[mentee].iter().map(move |band| first + band)
    }
}
