//! What if: questions about a match, each answered by solving again, in exact integers.
//!
//! - [`Match::explain`] and [`Match::explain_pair`]: why somebody has whom they have, and why two people are no pair.
//! - [`Match::alternatives`]: the next partners for somebody, with what each of them costs the programme.
//! - [`Match::advise`]: what would add matches, from shadow prices, each proven by solving the changed programme.
//! - [`Conflict`]: why a programme has no match, as a smallest set of constraints that cannot hold together, and
//!   what would repair it.

mod advice;
mod alternatives;
pub(crate) mod conflict;
mod cost;
mod forced;
mod pair;
mod person;
mod question;
mod restored;

pub use advice::{Advice, AdviseOptions, Advised, Change, Flag, MentorKind};
pub use alternatives::{Alternative, Alternatives};
pub use conflict::{Conflict, Constraint, ConstraintKind, Relaxation, Repair};
pub use cost::Cost;
pub use pair::{PairExplanation, RuleCheck};
pub use person::{Explanation, Partner, Rival, Wanted};

use crate::error::{Error, ErrorKind};
use crate::interrupt::{Interrupt, before_an_answer};
use crate::matching::{Match, Options};
use crate::pool::in_pool;
use crate::programme::Program;
use crate::roster::Roster;
use question::Question;

impl Match {
    /// Why a person has whom they have, or nobody: who may be paired with them and whom each rule rules out, whom they
    /// would like better, and who has those. `roster` and `program` are those that the match was made of.
    ///
    /// # Errors
    /// [`ErrorKind::Input`] for an id that nobody has; else as [`Program::solve_with`].
    pub fn explain(
        &self,
        roster: &Roster,
        program: &Program,
        id: &str,
        options: &Options,
    ) -> Result<Explanation, Error> {
        ask(roster, program, options, |question, _| {
            person::explain(question, self, id)
        })
    }

    /// Why two people are a pair or are not: each rule, the score by criterion, whom they have, and what the pair
    /// would cost the programme. The two may be named in either order.
    ///
    /// # Errors
    /// As [`explain`](Self::explain), and for two people of one side. A limit that comes before the cost is no error: all
    /// but the cost is there, and [`is_cut`](PairExplanation::is_cut) says so.
    pub fn explain_pair(
        &self,
        roster: &Roster,
        program: &Program,
        one: &str,
        other: &str,
        options: &Options,
    ) -> Result<PairExplanation, Error> {
        ask(roster, program, options, |question, interrupt| {
            pair::explain(question, self, one, other, interrupt)
        })
    }

    /// The next `n` partners for a person, the cheapest for the programme first. What each costs is the difference of two
    /// proven optima: that of the programme, and that with the pair required.
    ///
    /// Prices of the optimum bound every cost from below, and give the order in which pairs are tried; it ends when
    /// no pair that is left can be cheaper. Programmes whose proof gives no such bounds (with meetings, 'none or at
    /// least k' or levels of fairness) are tried by score, and [`Alternatives::complete`] says whether all were.
    ///
    /// # Errors
    /// As [`explain`](Self::explain); [`ErrorKind::Program`] for a stable match, which is no
    /// optimum that a pair could cost something of; [`ErrorKind::Limit`] where a limit came before a
    /// proof.
    pub fn alternatives(
        &self,
        roster: &Roster,
        program: &Program,
        id: &str,
        n: usize,
        options: &Options,
    ) -> Result<Alternatives, Error> {
        ask(roster, program, options, |question, interrupt| {
            alternatives::alternatives(question, self, id, n, interrupt)
        })
    }

    /// What would add matches, the most effective first: training to finish, rules to relax by a step, mentors to
    /// recruit, rooms and leaders to add. Every number is that of solving the changed programme.
    ///
    /// A limit of time ends the search with what is proven by then, and what was not reached is counted.
    ///
    /// # Errors
    /// [`ErrorKind::Program`] for the cost of a kind of advice that there is not; else as
    /// [`Program::solve_with`].
    pub fn advise(
        &self,
        roster: &Roster,
        program: &Program,
        advise: &AdviseOptions,
        options: &Options,
    ) -> Result<Advised, Error> {
        ask(roster, program, options, |question, interrupt| {
            advice::advise(question, self, advise, interrupt)
        })
    }
}

/// Compiles the roster and answers a question about it.
fn ask<T: Send>(
    roster: &Roster,
    program: &Program,
    options: &Options,
    answer: impl FnOnce(&Question, &Interrupt) -> Result<T, Error> + Send,
) -> Result<T, Error> {
    program.validate()?;
    options.validate()?;
    // An answer is exact, whatever gap the programme accepts.
    let exact = Options {
        gap: Some(0),
        ..options.clone()
    };
    let interrupt = Interrupt::new(&exact.or(&program.limits)?);
    let answered = in_pool(options.threads, || {
        answer(&Question::new(roster, program)?, &interrupt)
    });
    answered.map_err(|error| match error.kind() {
        // What the solver says of it is about a match.
        ErrorKind::Limit => before_an_answer(error),
        _ => error,
    })
}
