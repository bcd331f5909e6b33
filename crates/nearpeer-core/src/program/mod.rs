//! The integer program: who may be chosen how often, and what is maximised. It is the one statement of the
//! problem; every way of solving it starts from here.
//!
//! Its form and the weights of its levels are written down in [`certificate`](crate::certificate).

#[cfg(feature = "highs")]
pub(crate) mod highs;
mod levels;
#[cfg(feature = "highs")]
pub(crate) mod linear;
#[cfg(feature = "highs")]
pub(crate) mod master;
#[cfg_attr(
    not(feature = "highs"),
    allow(
        dead_code,
        unused_imports,
        reason = "only a solve by HiGHS gives pairs places"
    )
)]
mod meetings;
mod model;
mod modes;
mod of_roster;
#[cfg(feature = "highs")]
pub(crate) mod relaxation;
mod side;

pub(crate) use levels::Levels;
#[cfg(feature = "highs")]
pub(crate) use meetings::{Crew, CrewPrices, Meetings, Staff, Staffed, Staffing, worth};
pub(crate) use meetings::{MeetingsOf, Spot, Spots, hosts};
pub(crate) use model::{Columns, optimise, solve as solve_model};
pub(crate) use modes::Common;
#[cfg(feature = "highs")]
pub(crate) use modes::Modes;
pub(crate) use of_roster::loads_of_roster;
pub(crate) use side::{Discounts, SideRow, UNIT as SIDE_UNIT};

use crate::certificate::Level;
use crate::constraint::{self, Row};
use crate::error::Error;
use crate::pairs::Pairs;
use crate::programme::ObjectiveLevel;
use crate::units::{MenteeIx, MentorIx};

/// What a mentor's load is restricted to in a node of the proof tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// No mentees.
    Closed,
    /// At least the circle's minimum.
    Open,
    /// Not decided.
    Either,
}

/// What a mentee may and should have.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mentee {
    /// At least this many mentors, a promise.
    pub(crate) min: u32,
    /// At most this many mentors.
    pub(crate) max: u32,
    /// What the levels of coverage know of this mentee.
    pub(crate) tier: Tier,
}

/// Which levels of coverage a mentee counts for, besides that of all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tier {
    /// The priority tier, 0 for none.
    pub(crate) priority: u32,
    /// Whether the mentee is in a transition grade.
    pub(crate) transition: bool,
}

impl Tier {
    /// Whether covering such a mentee adds to this level.
    pub(crate) fn counts_for(self, level: Level) -> bool {
        match level {
            Level::Priority(tier) => tier == self.priority,
            Level::Transition => self.transition,
            Level::Coverage => true,
            _ => false,
        }
    }
}

/// What a mentor may have.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mentor {
    /// At least this many mentees, a promise.
    pub(crate) min: u32,
    /// At most this many mentees.
    pub(crate) max: u32,
    /// None or at least this many mentees; 0 or 1 where that asks nothing.
    pub(crate) circle: u32,
    /// Whether there are people enough to fill the least circle. One that cannot be filled stays empty: its
    /// `max` is 0.
    pub(crate) fillable: bool,
}

impl Mentor {
    pub(crate) fn new(min: u32, max: u32, circle: u32) -> Self {
        Self {
            min,
            max,
            circle,
            fillable: true,
        }
    }
}

/// What binds beside the loads.
#[derive(Clone, Default)]
pub(crate) struct Beside<'p> {
    /// Constraints over all pairs.
    pub(crate) rows: Vec<Row>,
    /// Where pairs meet, if each of them has a place.
    pub(crate) meetings: Option<MeetingsOf<'p>>,
    /// What the mentees of one mentor have in common.
    pub(crate) common: Option<Common>,
}

/// The program of one match.
pub(crate) struct IntegerProgram<'p> {
    pub(crate) pairs: &'p dyn Pairs,
    pub(crate) mentees: Vec<Mentee>,
    pub(crate) mentors: Vec<Mentor>,
    /// Pairs (mentee, mentor) that must be chosen, ascending.
    pub(crate) required: Vec<(u32, u32)>,
    pub(crate) levels: Levels,
    /// What the mentees of one mentor have in common.
    pub(crate) common: Option<Common>,
    /// Constraints beside the loads.
    pub(crate) rows: Vec<Row>,
    /// The same where they are no more than limits on numbers of pairs, and pairs have no places.
    pub(crate) side: Vec<SideRow>,
    /// Where pairs meet, if each of them has a place.
    pub(crate) meetings: Option<MeetingsOf<'p>>,
    /// What pairs' weights are lowered by while a proof looks at the program; nothing in the program itself.
    pub(crate) discounts: Option<Discounts<'p>>,
}

impl<'p> IntegerProgram<'p> {
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) if the numbers are too large for exact arithmetic.
    pub(crate) fn new(
        pairs: &'p dyn Pairs,
        mut mentees: Vec<Mentee>,
        mut mentors: Vec<Mentor>,
        required: Vec<(u32, u32)>,
        objective: &[ObjectiveLevel],
        beside: Beside<'p>,
    ) -> Result<Self, Error> {
        let Beside {
            rows,
            meetings,
            common,
        } = beside;
        for mentee in &mut mentees {
            mentee.max = mentee
                .max
                .min(u32::try_from(pairs.mentors()).unwrap_or(u32::MAX));
        }
        for mentor in &mut mentors {
            mentor.max = mentor
                .max
                .min(u32::try_from(pairs.mentees()).unwrap_or(u32::MAX));
            if mentor.circle > mentor.max {
                mentor.max = 0;
                mentor.fillable = false;
            }
            if mentor.max == 0 || mentor.circle <= 1 {
                mentor.circle = 0;
            }
        }
        let rows: Vec<Row> = rows.into_iter().map(Row::reachable).collect();
        // A row that no match can exceed needs no larger limit, and its price no larger a factor.
        let most = mentees
            .iter()
            .fold(0u32, |most, mentee| most.saturating_add(mentee.max));
        let mut side = match meetings {
            None => SideRow::all(&rows),
            Some(_) => Vec::new(),
        };
        for row in &mut side {
            row.limit = row.limit.min(most);
        }
        let promises = rows.iter().filter(|row| row.promise).map(|row| row.limit);
        let promises = promises.sum::<i64>() + required.len() as i64;
        let levels = Levels::new(pairs, &mentees, &mentors, promises, objective, side.len())?;
        Ok(Self {
            pairs,
            mentees,
            mentors,
            required,
            levels,
            common,
            rows,
            side,
            meetings,
            discounts: None,
        })
    }

    /// The program without its side rows, in units of `1 / unit`, with weights that are lowered.
    pub(crate) fn discounted(&'p self, unit: i128, discounts: Discounts<'p>) -> Self {
        Self {
            pairs: self.pairs,
            mentees: self.mentees.clone(),
            mentors: self.mentors.clone(),
            required: self.required.clone(),
            levels: self.levels.in_units(unit),
            common: None,
            rows: Vec::new(),
            side: Vec::new(),
            meetings: None,
            discounts: Some(discounts),
        }
    }

    /// The same program with other weights of its levels, without side rows.
    #[cfg(feature = "highs")]
    pub(crate) fn weighed(&self, weight: impl Fn(Level) -> i128) -> Self {
        Self {
            pairs: self.pairs,
            mentees: self.mentees.clone(),
            mentors: self.mentors.clone(),
            required: self.required.clone(),
            levels: self.levels.weighed(weight),
            common: None,
            rows: Vec::new(),
            side: Vec::new(),
            meetings: None,
            discounts: None,
        }
    }

    /// The program of the same people with other pairs, whose scores have the same range, and other levels.
    pub(crate) fn over<'q>(&self, pairs: &'q dyn Pairs, levels: Levels) -> IntegerProgram<'q> {
        IntegerProgram {
            pairs,
            mentees: self.mentees.clone(),
            mentors: self.mentors.clone(),
            required: self.required.clone(),
            levels,
            common: None,
            rows: Vec::new(),
            side: Vec::new(),
            meetings: None,
            discounts: None,
        }
    }

    /// The same program with one pair more that must be chosen.
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) if the numbers are too large for exact arithmetic.
    pub(crate) fn requiring(
        &self,
        pair: (u32, u32),
        objective: &[ObjectiveLevel],
    ) -> Result<Self, Error> {
        let mut required = self.required.clone();
        if let Err(place) = required.binary_search(&pair) {
            required.insert(place, pair);
        }
        Self::new(
            self.pairs,
            self.mentees.clone(),
            self.mentors.clone(),
            required,
            objective,
            self.beside(),
        )
    }

    /// Whether the program is a network but for its side rows: no load is 'none or at least k'.
    pub(crate) fn is_network(&self) -> bool {
        self.mentors.iter().all(|mentor| mentor.circle == 0)
    }

    /// The same over the same pairs from another source, without places and discounts.
    pub(crate) fn with_pairs<'q>(&self, pairs: &'q dyn Pairs) -> IntegerProgram<'q> {
        IntegerProgram {
            pairs,
            mentees: self.mentees.clone(),
            mentors: self.mentors.clone(),
            required: self.required.clone(),
            levels: self.levels.clone(),
            common: self.common.clone(),
            rows: self.rows.clone(),
            side: self.side.clone(),
            meetings: None,
            discounts: None,
        }
    }

    /// What binds beside the loads.
    pub(crate) fn beside(&self) -> Beside<'p> {
        Beside {
            rows: self.rows.clone(),
            meetings: self.meetings,
            common: self.common.clone(),
        }
    }

    /// Whether it is solved by parts and levels: pairs have places, or there are constraints that the network with
    /// prices does not know.
    pub(crate) fn is_staged(&self) -> bool {
        let has_circles = self.mentors.iter().any(|mentor| mentor.circle > 0);
        self.meetings.is_some()
            || self.common.is_some()
            || (!self.rows.is_empty() && (self.side.is_empty() || has_circles))
    }

    /// More than a pair can be worth, and what either person gains by it.
    pub(crate) fn most(&self) -> i128 {
        let score = i128::from(self.pairs.score_range().1.max(0)) * self.levels.score();
        score + 2 * self.levels.obligation() + self.most_coverage()
    }

    fn most_coverage(&self) -> i128 {
        let tiers = self.mentees.iter().map(|mentee| mentee.tier);
        let coverage = tiers.map(|tier| self.levels.coverage(tier));
        coverage.max().unwrap_or(0)
    }

    /// Whether prices and what is added up on the way to them stay below `largest`. A price is a sum along a path
    /// that passes every person at most once, and has at most one load at each end.
    pub(crate) fn fits(&self, largest: i128) -> bool {
        let people = (self.mentees.len() + self.mentors.len()) as i128;
        let (least, greatest) = self.pairs.score_range();
        let score = i128::from(greatest).max(-i128::from(least)) * self.levels.score();
        let obligations = (self.required.len() as i128 + 4) * self.levels.obligation();
        let path = (people + 2)
            .checked_mul(score)
            .and_then(|scores| scores.checked_add(obligations))
            .and_then(|sum| sum.checked_add(2 * self.most_coverage()));
        path.is_some_and(|path| path < largest / 8)
    }

    /// What constraints beside the loads promise.
    #[cfg(feature = "highs")]
    pub(crate) fn promised_by_rows(&self) -> i64 {
        let promises = self.rows.iter().filter(|row| row.promise);
        promises.map(|row| row.limit).sum()
    }

    /// How many places are promised by loads, and pairs required.
    #[cfg(feature = "highs")]
    pub(crate) fn obligations(&self) -> i64 {
        let mentees = self.mentees.iter().map(|mentee| i64::from(mentee.min));
        let mentors = self.mentors.iter().map(|mentor| i64::from(mentor.min));
        mentees.chain(mentors).sum::<i64>() + self.required.len() as i64
    }

    /// Whether the pair must be chosen.
    pub(crate) fn requires(&self, mentee: u32, mentor: u32) -> bool {
        self.required.binary_search(&(mentee, mentor)).is_ok()
    }

    /// A pair's weight in the combined objective.
    pub(crate) fn weight(&self, mentee: u32, mentor: u32, score: i64) -> i128 {
        let obligation = if self.requires(mentee, mentor) {
            self.levels.obligation()
        } else {
            0
        };
        obligation + i128::from(score) * self.levels.score() - self.discount(mentee, mentor)
    }

    /// What the pair's weight is lowered by.
    #[inline]
    pub(crate) fn discount(&self, mentee: u32, mentor: u32) -> i128 {
        let discounts = self.discounts.as_ref();
        discounts.map_or(0, |discounts| discounts.of(mentee, mentor))
    }

    /// How many of the chosen pairs each mentee and each mentor is in.
    pub(crate) fn loads(&self, chosen: &[Chosen]) -> [Vec<u32>; 2] {
        let mut loads = [vec![0; self.mentees.len()], vec![0; self.mentors.len()]];
        for pair in chosen {
            loads[0][pair.mentee as usize] += 1;
            loads[1][pair.mentor as usize] += 1;
        }
        loads
    }

    /// The value of each level for chosen pairs with their scores.
    pub(crate) fn values(&self, chosen: &[Chosen]) -> Vec<i64> {
        let [mentee_loads, mentor_loads] = self.loads(chosen);
        let mut missed = self.required.len() as i64;
        let mut score = 0;
        for pair in chosen {
            missed -= i64::from(self.requires(pair.mentee, pair.mentor));
            score += pair.score;
        }
        let minima = self
            .mentees
            .iter()
            .map(|mentee| mentee.min)
            .zip(&mentee_loads);
        let minima = minima.chain(
            self.mentors
                .iter()
                .map(|mentor| mentor.min)
                .zip(&mentor_loads),
        );
        missed += minima
            .map(|(min, &load)| i64::from(min.saturating_sub(load)))
            .sum::<i64>();
        let pairs = chosen.iter().map(|pair| (pair.mentee, pair.mentor));
        missed += constraint::missed(&self.rows, pairs, [&mentee_loads, &mentor_loads]);
        let covered = |level: Level| {
            let loads = self.mentees.iter().zip(&mentee_loads);
            loads
                .filter(|(mentee, load)| **load > 0 && mentee.tier.counts_for(level))
                .count() as i64
        };
        self.levels.evaluate(-missed, score, covered)
    }

    /// Whether the mentees of every mentor have in common what is asked of them, but for where they meet.
    fn keeps_common(&self, chosen: &[Chosen]) -> bool {
        let Some(common) = &self.common else {
            return true;
        };
        let mut of_mentor: std::collections::HashMap<u32, Vec<u32>> = Default::default();
        for pair in chosen {
            of_mentor.entry(pair.mentor).or_default().push(pair.mentee);
        }
        of_mentor.values().all(|mentees| common.allows(mentees))
    }

    /// Whether every load is within its bounds, none-or-at-least-k included, and every row within its limit, but for those
    /// that depend on places; promises may be missed.
    pub(crate) fn allows(&self, chosen: &[Chosen]) -> bool {
        let [mentee_loads, mentor_loads] = self.loads(chosen);
        let mentees = self.mentees.iter().zip(&mentee_loads);
        let mut mentors = self.mentors.iter().zip(&mentor_loads);
        mentees
            .into_iter()
            .all(|(mentee, load)| *load <= mentee.max)
            && mentors
                .all(|(mentor, load)| *load <= mentor.max && (*load == 0 || *load >= mentor.circle))
            && self.side.iter().all(|row| row.count(chosen) <= row.limit)
            && self.keeps_common(chosen)
            && self.rows.iter().all(|row| {
                let pairs = chosen.iter();
                let pairs = pairs.map(|pair| (pair.mentee, pair.mentor, None));
                row.promise
                    || row.by_place
                    || row.total(pairs, [&mentee_loads, &mentor_loads]) <= row.limit
            })
    }
}

/// A pair with its score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Chosen {
    pub(crate) mentee: u32,
    pub(crate) mentor: u32,
    pub(crate) score: i64,
}

impl Chosen {
    pub(crate) fn indices(self) -> (MenteeIx, MentorIx) {
        (MenteeIx(self.mentee), MentorIx(self.mentor))
    }
}
