//! What would add matches: candidates from shadow prices, each proven by solving the changed programme.

mod candidates;
mod change;
mod words;

pub use change::{Change, Flag, MentorKind};

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::certificate::{Level, Status};
use crate::error::{Error, ErrorKind, nearest};
use crate::interrupt::Interrupt;
use crate::matching::Match;
use crate::optimum::{best, fits, required_are_eligible};
use crate::pairs::RosterPairs;
use crate::program::{Chosen, IntegerProgram};
use crate::programme::Program;
use crate::roster::Roster;
use crate::solve::Method;
use crate::units::Micropoints;
use crate::words::counted;

use super::cost::Cost;
use super::question::Question;
use candidates::Candidate;

/// How much advice to look for, and what things cost.
#[derive(Debug, Clone, PartialEq)]
pub struct AdviseOptions {
    /// At most so many pieces of advice.
    pub n: usize,
    /// What one unit costs, in any currency, by [kind of advice](Change::kind): one mentor to train, to recruit, ...
    pub costs: BTreeMap<String, f64>,
}

impl Default for AdviseOptions {
    fn default() -> Self {
        Self {
            n: 10,
            costs: BTreeMap::new(),
        }
    }
}

/// A change that adds to the match.
#[derive(Debug, Clone, PartialEq)]
pub struct Advice {
    /// The change.
    pub change: Change,
    /// The advice in a sentence: `finishing the training of 34 mentors adds 29 matches`.
    pub what: String,
    /// How many mentees more are matched.
    pub matches_added: i64,
    /// How much the total score is higher. With other mentees matched it can also be lower.
    pub score_added: Micropoints,
    /// What is gained in each level: lost amounts are below 0.
    pub gain: Cost,
    /// How many people, rooms or rules change.
    pub units: usize,
    /// The ids of the people who change, if any do.
    pub people: Vec<String>,
    /// What the change costs, if a cost of its kind is given.
    pub cost: Option<f64>,
}

/// The advice that was found, and what a limit left untried.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Advised {
    /// The advice, the most effective first.
    pub advice: Vec<Advice>,
    /// How many changes of each [kind](Change::kind) a limit came before; none where there was time for all.
    pub not_reached: BTreeMap<&'static str, usize>,
}

impl Advised {
    /// What a limit came before, in a sentence; `None` where it came before nothing.
    #[must_use]
    pub fn not_reached_in_words(&self) -> Option<String> {
        let kinds = self.not_reached.iter();
        let kinds: Vec<String> = kinds
            .map(|(kind, count)| format!("{kind} {count}"))
            .collect();
        let all = self.not_reached.values().sum();
        (all > 0).then(|| {
            let (changes, kinds) = (counted(all, "change"), kinds.join(", "));
            format!("the limit came before {changes} could be tried (by kind: {kinds}); give more time for these")
        })
    }
}

/// What a proven optimum comes to.
struct Optimum {
    levels: Vec<(Level, i64)>,
    covered: i64,
    score: i64,
}

pub(super) fn advise(
    question: &Question,
    found: &Match,
    options: &AdviseOptions,
    interrupt: &Interrupt,
) -> Result<Advised, Error> {
    check_costs(&options.costs)?;
    let (roster, settings) = (question.roster, question.settings);
    // Of a change whose optimum is not proven in time nothing can be said.
    let whole = interrupt.all_or_nothing();
    let base = if found.certificate.status == Status::Optimal {
        let levels = found.certificate.levels.iter();
        Optimum {
            levels: levels.map(|level| (level.level, level.objective)).collect(),
            covered: found.covered() as i64,
            score: found.total_score().0,
        }
    } else {
        optimum(roster, settings, &whole).map_err(|error| match is_over(interrupt) {
            Ok(true) => {
                let message = "the limit was reached before the match itself was proven best, to which changes are compared";
                Error::new(ErrorKind::Limit, message)
            }
            _ => error,
        })?
    };
    let mut advised = Advised::default();
    for family in candidates::families(question, found, options.n) {
        let mut useful = 0;
        for candidate in family.candidates {
            if useful == options.n {
                break;
            }
            // What is proven by the time of a limit is advice all the same.
            let tried = match is_over(interrupt)? {
                true => Tried::NotReached,
                false => tried(question, &base, &candidate, options, interrupt, &whole)?,
            };
            match tried {
                Tried::Adds(found) => {
                    useful += 1;
                    advised.advice.push(*found);
                }
                Tried::AddsNothing => {}
                Tried::NotReached => {
                    *advised
                        .not_reached
                        .entry(candidate.change.kind())
                        .or_default() += 1;
                }
            }
        }
    }
    advised.advice = ranked(advised.advice, options);
    Ok(advised)
}

/// What became of a change.
enum Tried {
    Adds(Box<Advice>),
    AddsNothing,
    /// A limit came first.
    NotReached,
}

/// Whether a limit is reached.
///
/// # Errors
/// The interrupt's, but for limits.
fn is_over(interrupt: &Interrupt) -> Result<bool, Error> {
    match interrupt.check() {
        Ok(()) => Ok(false),
        Err(error) if error.kind() == ErrorKind::Limit => Ok(true),
        Err(error) => Err(error),
    }
}

/// The most effective first; of equals those that change less.
fn ranked(mut advice: Vec<Advice>, options: &AdviseOptions) -> Vec<Advice> {
    advice.sort_by_key(|advice| {
        let effect = (advice.matches_added, advice.score_added);
        (Reverse(effect), advice.units)
    });
    advice.truncate(options.n);
    advice
}

/// # Errors
/// [`ErrorKind::Program`] naming the nearest kind, or a cost that is none.
fn check_costs(costs: &BTreeMap<String, f64>) -> Result<(), Error> {
    for (kind, cost) in costs {
        let key = format!("costs.{kind}");
        if !Change::KINDS.contains(&&**kind) {
            let hint = match nearest(kind, Change::KINDS.iter().copied()) {
                Some(near) => format!("; did you mean `{near}`?"),
                None => format!("; the kinds are {}", Change::KINDS.join(", ")),
            };
            return Err(Error::program(key, format!("no such kind of advice{hint}")));
        }
        if !cost.is_finite() || *cost < 0.0 {
            return Err(Error::program(key, "a cost is a number, 0 or more"));
        }
    }
    Ok(())
}

/// What a change adds, where that is known by the time of a limit; `whole` is the interrupt of its solve.
fn tried(
    question: &Question,
    base: &Optimum,
    candidate: &Candidate,
    options: &AdviseOptions,
    interrupt: &Interrupt,
    whole: &Interrupt,
) -> Result<Tried, Error> {
    let changed = candidate.change.apply(question.roster, question.settings);
    let after = changed.and_then(|(roster, settings)| optimum(&roster, &settings, whole));
    let after = match after {
        Ok(after) => after,
        Err(error) => match error.kind() {
            ErrorKind::Limit => return Ok(Tried::NotReached),
            ErrorKind::Interrupted if is_over(interrupt)? => return Ok(Tried::NotReached),
            ErrorKind::Interrupted | ErrorKind::Solver => return Err(error),
            // The changed programme is none.
            _ => return Ok(Tried::AddsNothing),
        },
    };
    let gain = Cost::between(&after.levels, &base.levels);
    let matches_added = after.covered - base.covered;
    let score_added = Micropoints(after.score - base.score);
    if gain.amounts().all(|gained| gained <= 0) || (matches_added, score_added.0) <= (0, 0) {
        return Ok(Tried::AddsNothing);
    }
    let kind = candidate.change.kind();
    let effect = words::effect(matches_added, score_added);
    let cost = options.costs.get(kind);
    Ok(Tried::Adds(Box::new(Advice {
        change: candidate.change.clone(),
        what: format!("{} {effect}", candidate.what),
        matches_added,
        score_added,
        gain,
        units: candidate.units,
        people: candidate.people.clone(),
        cost: cost.map(|cost| cost * candidate.units as f64),
    })))
}

/// Solves a programme to a proven optimum.
///
/// # Errors
/// As [`Program::solve_with`], and [`ErrorKind::Limit`] where a limit came before the proof.
fn optimum(roster: &Roster, settings: &Program, interrupt: &Interrupt) -> Result<Optimum, Error> {
    settings.validate()?;
    fits(settings, roster)?;
    let pairs = RosterPairs::compile(roster, settings)?;
    required_are_eligible(roster, &pairs)?;
    let program = IntegerProgram::of_roster(&pairs, roster, settings)?;
    interrupt.check()?;
    let best = best(
        settings,
        roster,
        &pairs,
        &program,
        Method::Fastest,
        interrupt,
    )?;
    match best.certificate.status {
        Status::Optimal => {}
        Status::Infeasible => return Err(Error::new(ErrorKind::Infeasible, "there is no match")),
        _ => {
            let message = "a limit was reached before the optimum was proven";
            return Err(Error::new(ErrorKind::Limit, message));
        }
    }
    let levels = best.certificate.levels.iter();
    let chosen: &[Chosen] = &best.chosen;
    let score = chosen.iter().map(|pair| {
        let (mentee, mentor) = pair.indices();
        pairs
            .scoring
            .score(mentee.get(), mentor.get())
            .unwrap_or_default()
            .0
    });
    Ok(Optimum {
        levels: levels.map(|level| (level.level, level.objective)).collect(),
        covered: chosen.chunk_by(|a, b| a.mentee == b.mentee).count() as i64,
        score: score.sum(),
    })
}
