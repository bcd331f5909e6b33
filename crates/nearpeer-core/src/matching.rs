//! The pipeline from a roster and a programme to a match with its proof.

use std::time::Duration;

use rayon::prelude::*;
use serde::Serialize;

use crate::certificate::{Certificate, Status, Unbalanced};
use crate::comentor::students_of;
use crate::constraint::{Standing, standings};
use crate::eligibility::{Eligibility, RuleState};
use crate::error::{Error, ErrorKind};
pub use crate::explain::{FullPlace, MatchCost, Reason, Removed, Shortage};
use crate::interrupt::{Interrupt, OnStop, StopFlag};
use crate::notes;
use crate::optimum::{Compiled, best, fits, required_are_eligible};
use crate::pairs::{Pairs, RosterPairs};
pub use crate::pool::in_pool;
use crate::program::IntegerProgram;
use crate::programme::{Limits, Mode, Program, no_memory, no_time, time_limit};
use crate::progress::{Phase, Watcher};
use crate::roster::{Role, Roster};
use crate::solve::Method;
use crate::stable::{self, BlockingPair};
use crate::units::Micropoints;
use crate::verify::{ClaimedMeeting, ClaimedPair};
use crate::whatif::conflict;

/// How to solve, as opposed to what: nothing here changes a proven answer.
///
/// ```
/// use std::time::Duration;
///
/// use nearpeer_core::{OnStop, Options};
///
/// let options = Options {
///     time_limit: Some(Duration::from_secs(60)),
///     gap: Some(1_000), // a thousandth of a point is near enough
///     on_stop: OnStop::Keep,
///     ..Options::default()
/// };
/// ```
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Threads to use; all cores where it is not given.
    pub threads: Option<usize>,
    /// Seconds after which the best match so far is returned; takes precedence over the programme's.
    pub time_limit: Option<Duration>,
    /// Bytes that the solve may take, after which the best match so far is returned; takes precedence over
    /// the programme's. What counts is the greater of the solve's own account and of what the process has
    /// grown by since the solve began, where the system tells that. It is looked at now and then, so it is
    /// not a hard wall, and not while ties between optima are broken.
    pub memory_limit: Option<u64>,
    /// A gap that is good enough, in micropoints (in [`assign()`](crate::assign()): in units of the scores): the
    /// solve may end as soon as every level above the score is proven and the score is within this of its
    /// bound. Takes precedence over the programme's; 0 asks for the optimum.
    pub gap: Option<u64>,
    /// Raised from another thread to end the solve.
    pub stop: StopFlag,
    /// What a raised flag means: an error, or the best match so far.
    pub on_stop: OnStop,
    /// Is told how far the solve is.
    pub progress: Option<Watcher>,
    /// Which way to solve.
    pub method: Method,
}

impl Options {
    /// # Errors
    /// [`ErrorKind::Program`] for a limit of nothing, which could only be a mistake.
    pub(crate) fn validate(&self) -> Result<(), Error> {
        if self.time_limit.is_some_and(|limit| limit.is_zero()) {
            return Err(no_time());
        }
        if self.memory_limit == Some(0) {
            return Err(no_memory());
        }
        Ok(())
    }

    /// With the limits of a programme where these options have none.
    pub(crate) fn or(mut self, limits: &Limits) -> Result<Self, Error> {
        if let (None, Some(seconds)) = (self.time_limit, limits.time) {
            self.time_limit = Some(time_limit(seconds)?);
        }
        let memory = limits.memory.map(|mebibytes| u64::from(mebibytes) << 20);
        self.memory_limit = self.memory_limit.or(memory);
        self.gap = self.gap.or(limits.gap.and_then(|gap| gap.try_into().ok()));
        Ok(self)
    }
}

/// A match: the chosen pairs, everybody who is left, and the proof.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// The chosen pairs, by mentee and then mentor in canonical order.
    pub pairs: Vec<Pair>,
    /// Everybody in no pair: mentees, then mentors, each in canonical order.
    pub unmatched: Vec<Unmatched>,
    /// Every eligibility rule, and whether it was on.
    pub rules: Vec<RuleState>,
    /// Settings and columns that have no effect, a sentence each.
    pub notes: Vec<String>,
    /// How it stands to each limit and promise beside the loads.
    pub limits: Vec<Standing>,
    /// The names of the criteria, in the order of [`Pair::by_criterion`].
    pub criteria: Vec<String>,
    /// Whether every pair has a [`Pair::meeting`].
    pub slots_assigned: bool,
    /// How many mentees took part.
    pub mentees: usize,
    /// How many mentors took part.
    pub mentors: usize,
    /// The proof.
    pub certificate: Certificate,
}

/// What fairness costs: this match beside the best one without a level of fairness, which is as good in the levels
/// above, or without balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PriceOfFairness {
    /// The total score of this match.
    pub with: Micropoints,
    /// The total score of the best match without it; the certificate has its pairs.
    pub without: Micropoints,
    /// How many mentees this match covers.
    pub covered: usize,
    /// How many mentees the best match without it covers.
    pub covered_without: usize,
}

impl PriceOfFairness {
    /// Of a match with this certificate, of which these are the total score and the number of mentees whom it covers;
    /// `None` without fairness or balance, and where scores do not count.
    #[must_use]
    pub fn of(certificate: &Certificate, with: Micropoints, covered: usize) -> Option<Self> {
        let (without, covered_without) = match &certificate.unbalanced {
            Some(unbalanced) => (unbalanced.total_score(), unbalanced.covered()),
            None => {
                let without = certificate.fairness.as_ref()?.without.as_ref()?;
                let mentees = without.pairs.iter().map(|pair| pair.0);
                let covered = mentees.collect::<std::collections::BTreeSet<_>>().len();
                (Micropoints(without.score), covered)
            }
        };
        Some(Self {
            with,
            without,
            covered,
            covered_without,
        })
    }

    /// What is given up of the total score. Below 0 only where the match without covers more, or a limit cut it short.
    #[must_use]
    pub fn price(self) -> Micropoints {
        Micropoints(self.without.0 - self.with.0)
    }

    /// The price as a share of the total score without the level, in percent.
    #[must_use]
    pub fn percent(self) -> f64 {
        100.0 * self.price().0 as f64 / self.without.0.max(1) as f64
    }
}

/// A chosen pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The mentee's id.
    pub mentee: String,
    /// The mentor's id.
    pub mentor: String,
    /// Where and when they meet, if slots are assigned.
    pub meeting: Option<Meeting>,
    /// The weighted score.
    pub score: Micropoints,
    /// What each criterion gave, before weighting: 0 to 1,000,000 micropoints.
    pub by_criterion: Vec<Micropoints>,
}

impl From<&Pair> for ClaimedPair {
    fn from(pair: &Pair) -> Self {
        let meeting = pair.meeting.as_ref().map(|meeting| ClaimedMeeting {
            site: meeting.site.clone(),
            slot: meeting.slot.clone(),
            leader: meeting.leader.clone(),
        });
        Self {
            mentee: pair.mentee.clone(),
            mentor: pair.mentor.clone(),
            score: pair.score,
            meeting,
        }
    }
}

/// Where and when a pair meets, every week.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meeting {
    /// The site; empty if no table of people has sites.
    pub site: String,
    /// The slot, in which both are free.
    pub slot: String,
    /// The id of the leader who supervises, if leaders are given.
    pub leader: Option<String>,
}

/// Somebody who is in no pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmatched {
    /// Mentee or mentor.
    pub role: Role,
    /// The person's id.
    pub id: String,
    /// Why.
    pub reason: Reason,
}

impl Match {
    /// How many mentees have a mentor.
    #[must_use]
    pub fn covered(&self) -> usize {
        let mut mentees: Vec<&str> = self.pairs.iter().map(|pair| &*pair.mentee).collect();
        mentees.dedup();
        mentees.len()
    }

    /// The total score of the pairs.
    #[must_use]
    pub fn total_score(&self) -> Micropoints {
        Micropoints(self.pairs.iter().map(|pair| pair.score.0).sum())
    }

    /// The lowest score of the pairs; `None` where there are none.
    #[must_use]
    pub fn lowest_score(&self) -> Option<Micropoints> {
        self.pairs.iter().map(|pair| pair.score).min()
    }

    /// What a level of fairness, or balance, costs; `None` without one, and where scores do not count.
    #[must_use]
    pub fn price_of_fairness(&self) -> Option<PriceOfFairness> {
        PriceOfFairness::of(&self.certificate, self.total_score(), self.covered())
    }

    /// Every blocking pair, by mentee and then mentor: two people who may be paired, are not, and would both rather be,
    /// each in a free place or in that of somebody whom they have. Wishes come first, then scores; see
    /// [`Stability`](crate::Stability). The match may be of any programme; `roster` and `program` are those that it was made of. Of
    /// `options` the threads, the limits and the stop flag count.
    ///
    /// # Errors
    /// [`ErrorKind::Input`] for a pair that is not eligible in that roster; `::Limit` or `::Interrupted` when it was
    /// stopped; else as [`Program::solve_with`].
    pub fn blocking_pairs(
        &self,
        roster: &Roster,
        program: &Program,
        options: &Options,
    ) -> Result<Vec<BlockingPair>, Error> {
        program.validate()?;
        options.validate()?;
        let interrupt = Interrupt::new(options);
        in_pool(options.threads, || {
            stable::blocking_of(&self.pairs, roster, program, &interrupt)
        })
    }
}

impl Program {
    /// Matches the people of `roster` to a proven optimum.
    ///
    /// # Errors
    /// As [`solve_with`](Self::solve_with).
    pub fn solve(&self, roster: &Roster) -> Result<Match, Error> {
        self.solve_with(roster, &Options::default())
    }

    /// [`solve`](Self::solve) with a number of threads, limits, a stop flag or a watcher.
    ///
    /// A match that a limit cut short has the status [`LimitReached`](crate::Status::LimitReached) and a
    /// true gap. So has one that was stopped, if the options say that it is to be kept.
    ///
    /// # Errors
    /// [`ErrorKind`]`::Program` for settings that do not fit the roster,
    /// `::Input` for a required pair that is not eligible or slots to assign that no table has, `::Infeasible` where no match keeps every minimum
    /// load and required pair (with the proof), `::Limit` where a limit came before any feasible match,
    /// `::Interrupted` when the stop flag was raised and its meaning is an error, or the watcher panicked,
    /// `::Solver` if the solver behind the integer program failed.
    pub fn solve_with(&self, roster: &Roster, options: &Options) -> Result<Match, Error> {
        self.validate()?;
        of_two_tables(self, roster)?;
        options.validate()?;
        let interrupt = Interrupt::new(&options.clone().or(&self.limits)?);
        in_pool(options.threads, || {
            match_roster(self, roster, options.method, &interrupt)
        })
    }

    /// Which rules a match of these people, or in co-mentoring of these students, has, and which settings have no effect,
    /// without a look at any pair.
    ///
    /// # Errors
    /// [`ErrorKind::Program`] for settings that do not fit the roster.
    pub fn settled(&self, roster: &Roster) -> Result<Settled, Error> {
        self.validate()?;
        if self.mode == Mode::CoMentoring {
            students_of(self, roster)?;
            let equal = self.between_equals();
            return Ok(Settled {
                rules: Eligibility::compile(roster, &equal)?.states().to_vec(),
                notes: notes::of_students(roster, self),
            });
        }
        of_two_tables(self, roster)?;
        Ok(Settled {
            rules: Eligibility::compile(roster, self)?.states().to_vec(),
            notes: notes::notes(roster, self),
        })
    }

    /// How a match of these people, each pair by its ids, stands to each limit and promise beside the loads.
    ///
    /// # Errors
    /// [`ErrorKind::Input`] for somebody who is not in the roster, else as [`solve_with`](Self::solve_with).
    pub fn standings(
        &self,
        roster: &Roster,
        pairs: &[ClaimedPair],
    ) -> Result<Vec<Standing>, Error> {
        self.validate()?;
        let find = |role: Role, id: &str| {
            let people = roster.side(role);
            let found = people.find(id).map(|ix| ix as u32);
            found.ok_or_else(|| {
                Error::input(format!(
                    "nobody in the table {} has this id",
                    people.table()
                ))
                .with_value(id)
            })
        };
        let pairs: Vec<(u32, u32)> = pairs
            .iter()
            .map(|pair| {
                Ok((
                    find(Role::Mentee, &pair.mentee)?,
                    find(Role::Mentor, &pair.mentor)?,
                ))
            })
            .collect::<Result<_, Error>>()?;
        standings(roster, self, &pairs)
    }

    /// Checks a roster against the programme without solving: compiles every rule and criterion, and tests
    /// the required pairs.
    ///
    /// # Errors
    /// As [`solve_with`](Self::solve_with), short of what only a solve can find.
    pub fn check(&self, roster: &Roster) -> Result<Checked, Error> {
        self.validate()?;
        of_two_tables(self, roster)?;
        self.meetings_fit(roster)?;
        self.circles.fits(self, roster)?;
        let pairs = RosterPairs::compile(roster, self)?;
        required_are_eligible(roster, &pairs)?;
        IntegerProgram::of_roster(&pairs, roster, self)?;
        let mentees = (0..roster.mentees().len()).into_par_iter();
        let candidates = mentees.map_init(Vec::new, |row, mentee| {
            pairs.row(mentee, row);
            (row.len() as u64, usize::from(!row.is_empty()))
        });
        let (eligible_pairs, served) = candidates.reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        Ok(Checked {
            mentees: roster.mentees().len(),
            mentors: roster.mentors().len(),
            eligible_pairs,
            mentees_with_candidates: served,
            rules: pairs.eligibility.states().to_vec(),
            slots_assigned: self.meetings.is_assigned(roster),
            notes: notes::notes(roster, self),
        })
    }
}

/// What [`Program::settled`] found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Settled {
    /// Every eligibility rule, and whether it is on.
    pub rules: Vec<RuleState>,
    /// Settings and columns that have no effect, a sentence each.
    pub notes: Vec<String>,
}

/// # Errors
/// [`ErrorKind::Program`] for a co-mentoring programme or a roster of students.
pub(crate) fn of_two_tables(settings: &Program, roster: &Roster) -> Result<(), Error> {
    if settings.mode == Mode::CrossAge && roster.students().is_none() {
        return Ok(());
    }
    Err(Error::program(
        "mode",
        "mentees and mentors are for mode = \"cross_age\"; \"co_mentoring\" takes one table of students: `co_match`, or \
         `nearpeer match --students`",
    ))
}

/// What [`Program::check`] found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// How many mentees there are.
    pub mentees: usize,
    /// How many mentors there are.
    pub mentors: usize,
    /// How many pairs every rule allows.
    pub eligible_pairs: u64,
    /// How many mentees have at least one such pair.
    pub mentees_with_candidates: usize,
    /// Every eligibility rule, and whether it is on.
    pub rules: Vec<RuleState>,
    /// Whether a match would give every pair a slot.
    pub slots_assigned: bool,
    /// Settings and columns that have no effect, a sentence each.
    pub notes: Vec<String>,
}

fn match_roster(
    settings: &Program,
    roster: &Roster,
    method: Method,
    interrupt: &Interrupt,
) -> Result<Match, Error> {
    interrupt.enter(Phase::Compile);
    fits(settings, roster)?;
    let pairs = RosterPairs::compile(roster, settings)?;
    required_are_eligible(roster, &pairs)?;
    let program = IntegerProgram::of_roster(&pairs, roster, settings)?;
    let mut best = best(settings, roster, &pairs, &program, method, interrupt)?;
    if best.certificate.status == Status::Infeasible {
        let conflict = conflict::of_roster(settings, roster, &pairs, &best.chosen, interrupt)?;
        return Err(Error::infeasible(conflict, best.certificate));
    }
    if !settings.balance.is_empty() {
        best.certificate.unbalanced =
            unbalanced(settings, roster, method, interrupt)?.map(Box::new);
    }
    // What is found is kept, and explained: limits no longer apply.
    let interrupt = interrupt.without_limits();
    interrupt.stand(&best.certificate.levels)?;
    let compiled = Compiled {
        settings,
        roster,
        pairs: &pairs,
        program: &program,
    };
    let meetings = best.meetings(roster);
    compiled.described(&best.chosen, meetings, best.certificate, &interrupt)
}

/// The best match without balance, which says what balance costs; `None` if a limit comes before any.
///
/// # Errors
/// As [`Program::solve_with`].
fn unbalanced(
    settings: &Program,
    roster: &Roster,
    method: Method,
    interrupt: &Interrupt,
) -> Result<Option<Unbalanced>, Error> {
    match match_roster(&settings.without_balance(), roster, method, interrupt) {
        Ok(found) => Ok(Some(Unbalanced {
            pairs: found.pairs.iter().map(ClaimedPair::from).collect(),
            certificate: found.certificate,
        })),
        Err(error) if error.kind() == ErrorKind::Limit => Ok(None),
        Err(error) => Err(error),
    }
}
