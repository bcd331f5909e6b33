//! The optimum again, with one pair required.

use crate::certificate::{Level, ProofNode, Status};
use crate::certify::{certify, certify_fair};
use crate::error::{Error, ErrorKind};
use crate::interrupt::Interrupt;
use crate::pairs::{Pairs, Part};
use crate::program::{IntegerProgram, SideRow};
use crate::programme::Program;
use crate::roster::Role;
use crate::solve::{self, Forcing, Method, fair};

use super::question::Question;

/// The value of each level of a match.
pub(super) type Values = Vec<(Level, i64)>;

/// Pairs required one at a time, of the part of the programme that a person belongs to.
pub(super) struct Forced<'a> {
    program: &'a IntegerProgram<'a>,
    settings: &'a Program,
    /// The part, where the program is one of a part.
    part: Option<&'a Part<'a>>,
    base: Values,
    way: Way<'a>,
    interrupt: &'a Interrupt,
}

enum Way<'a> {
    /// Where only loads bind: the network of the optimum, kept from pair to pair.
    Network(Box<Forcing<'a>>),
    /// A solve for each pair; the proof of the optimum, where its prices bound costs.
    Anew(Option<Proof>),
}

struct Proof {
    nodes: Vec<ProofNode>,
    denominator: i128,
}

/// Answers a question about pairs of a person, who is named by side and place in the roster.
///
/// # Errors
/// [`ErrorKind::Input`] where no match keeps every obligation, [`ErrorKind::Limit`] where a limit comes before the proof of
/// the optimum, and those of `answer`.
pub(super) fn ask<T>(
    question: &Question,
    person: (Role, usize),
    interrupt: &Interrupt,
    answer: impl FnOnce(&mut Forced) -> Result<T, Error>,
) -> Result<T, Error> {
    let settings = question.settings;
    let program = question.program()?;
    // With constraints or a level of fairness everybody depends on everybody.
    let is_whole = !program.rows.is_empty() || settings.fairness().is_some();
    let parts = match &program.meetings {
        _ if is_whole => Vec::new(),
        Some(meetings) => question.pairs.linked_parts(&meetings.links()),
        None => question.pairs.parts(),
    };
    let (role, ix) = person;
    let holds = |part: &&Part| part.people(role).binary_search(&(ix as u32)).is_ok();
    let part = parts.iter().find(holds);
    let Some(part) = part else {
        return of_program(&program, settings, None, interrupt, answer);
    };
    if program.meetings.is_some() {
        let program = program.only(part, settings)?;
        return of_program(&program, settings, None, interrupt, answer);
    }
    let program = solve::of_part(&program, part);
    of_program(&program, settings, Some(part), interrupt, answer)
}

fn of_program<T>(
    program: &IntegerProgram,
    settings: &Program,
    part: Option<&Part>,
    interrupt: &Interrupt,
    answer: impl FnOnce(&mut Forced) -> Result<T, Error>,
) -> Result<T, Error> {
    let is_network = program.is_network()
        && program.side.is_empty()
        && !program.is_staged()
        && settings.fairness().is_none();
    let (base, way) = if is_network {
        let forcing = Forcing::new(program, interrupt)?;
        let values = named(program, forcing.values());
        (feasible(values), Way::Network(Box::new(forcing)))
    } else {
        let (values, proof) = optimum(program, settings, interrupt)?;
        (values, Way::Anew(proof))
    };
    let Some(base) = base else {
        return Err(Error::input(
            "no match of these tables keeps every obligation; match them to see what conflicts",
        ));
    };
    answer(&mut Forced {
        program,
        settings,
        part,
        base,
        way,
        interrupt,
    })
}

impl Forced<'_> {
    /// The values of the optimum.
    pub(super) fn base(&self) -> &Values {
        &self.base
    }

    /// The values of the optimum among the matches with this pair; `None` if none of them keeps every obligation.
    ///
    /// # Errors
    /// [`ErrorKind::Limit`] where a limit comes before the proof, [`ErrorKind::Interrupted`].
    pub(super) fn with(&mut self, pair: (u32, u32)) -> Result<Option<Values>, Error> {
        let pair = self.in_part(pair);
        match &mut self.way {
            Way::Network(forcing) => {
                let values = forcing.with(pair, self.interrupt)?;
                Ok(values.and_then(|values| feasible(named(self.program, &values))))
            }
            Way::Anew(_) => {
                let program = self.program.requiring(pair, &self.settings.objective)?;
                Ok(optimum(&program, self.settings, self.interrupt)?.0)
            }
        }
    }

    /// A cost in the combined objective that a pair has at least; `None` where prices say nothing of it.
    pub(super) fn least(&self, pair: (u32, u32)) -> Option<i128> {
        let (mentee, mentor) = self.in_part(pair);
        match &self.way {
            Way::Network(forcing) => forcing.least(mentee, mentor),
            Way::Anew(proof) => proof.as_ref()?.least(self.program, mentee, mentor),
        }
    }

    /// What lost amounts of the levels are worth together in the combined objective.
    pub(super) fn combined(&self, lost: impl Fn(Level) -> i64) -> i128 {
        let levels = self.program.levels.iter();
        levels
            .map(|(level, weight)| weight * i128::from(lost(level)))
            .sum()
    }

    fn in_part(&self, (mentee, mentor): (u32, u32)) -> (u32, u32) {
        match self.part {
            Some(part) => (
                part.number(Role::Mentee, mentee),
                part.number(Role::Mentor, mentor),
            ),
            None => (mentee, mentor),
        }
    }
}

impl Proof {
    /// With a pair required, the bound of every leaf falls by what the pair lacks to be worth its prices there. A
    /// leaf's bound is less than one unit above the optimum.
    fn least(&self, program: &IntegerProgram, mentee: u32, mentor: u32) -> Option<i128> {
        let score = program.pairs.score(mentee as usize, mentor)?;
        let weight = self.denominator * program.weight(mentee, mentor, score);
        let mut least: Option<i128> = None;
        let mut open = vec![(0usize, false)];
        while let Some((node, is_chosen)) = open.pop() {
            match &self.nodes[node] {
                ProofNode::Pair {
                    mentee: e,
                    mentor: m,
                    left_out,
                    chosen,
                } => {
                    let same = (e.0, m.0) == (mentee, mentor);
                    if !same {
                        open.push((*left_out, is_chosen));
                    }
                    open.push((*chosen, is_chosen || same));
                }
                ProofNode::Level { below, above, .. } => {
                    open.extend([(*below, is_chosen), (*above, is_chosen)]);
                }
                ProofNode::Branch { .. } => return None,
                ProofNode::Leaf(prices) => {
                    let rows = program.side.iter().zip(&prices.side);
                    let side: i128 = rows
                        .filter(|(row, _): &(&SideRow, _)| row.has(mentee, mentor))
                        .map(|(_, price)| price)
                        .sum();
                    let (u, v) = (
                        prices.mentees.get(mentee as usize)?,
                        prices.mentors.get(mentor as usize)?,
                    );
                    let lacks = if is_chosen { 0 } else { u + v + side - weight };
                    let above = lacks.max(0) - (self.denominator - 1);
                    let cost = above.div_euclid(self.denominator)
                        + i128::from(above.rem_euclid(self.denominator) > 0);
                    least = Some(least.map_or(cost, |least| least.min(cost)));
                }
            }
        }
        least.map(|least| least.max(0))
    }
}

/// The values of a program's optimum, and its proof where prices of its leaves bound costs; no values if no match keeps
/// every obligation.
///
/// # Errors
/// [`ErrorKind::Limit`] where a limit comes before the proof.
fn optimum(
    program: &IntegerProgram,
    settings: &Program,
    interrupt: &Interrupt,
) -> Result<(Option<Values>, Option<Proof>), Error> {
    let ids = [Vec::new(), Vec::new()];
    let certificate = match settings.fairness() {
        Some(level) => {
            let fair = fair::solve(program, level, Method::Fastest, interrupt)?;
            certify_fair(program, fair, ids)?.1
        }
        None => certify(
            program,
            &solve::solve(program, Method::Fastest, interrupt)?,
            ids,
        )?,
    };
    let values = certificate.levels.iter();
    let values = values.map(|level| (level.level, level.objective)).collect();
    let proof = Proof {
        nodes: certificate.nodes,
        denominator: certificate.denominator.into(),
    };
    let bounds = settings.fairness().is_none() && !proof.nodes.is_empty() && program.is_network();
    match certificate.status {
        Status::Infeasible => Ok((None, None)),
        Status::Optimal => Ok((Some(values), bounds.then_some(proof))),
        _ => Err(Error::new(
            ErrorKind::Limit,
            "a limit was reached before the optimum was proven",
        )),
    }
}

/// The values of a program's levels, by their names.
fn named(program: &IntegerProgram, values: &[i64]) -> Values {
    let levels = program.levels.iter().map(|(level, _)| level);
    levels.zip(values.iter().copied()).collect()
}

/// The values, unless an obligation is missed.
fn feasible(values: Values) -> Option<Values> {
    let missed = |(level, value): &(Level, i64)| *level == Level::Obligations && *value < 0;
    (!values.iter().any(missed)).then_some(values)
}

impl<'p> IntegerProgram<'p> {
    /// The program in which nobody outside of a part takes part.
    fn only(&self, part: &Part, settings: &Program) -> Result<Self, Error> {
        let inside = |role: Role, ix: usize| part.people(role).binary_search(&(ix as u32)).is_ok();
        let mut mentees = self.mentees.clone();
        for (ix, mentee) in mentees.iter_mut().enumerate() {
            if !inside(Role::Mentee, ix) {
                (mentee.min, mentee.max) = (0, 0);
            }
        }
        let mut mentors = self.mentors.clone();
        for (ix, mentor) in mentors.iter_mut().enumerate() {
            if !inside(Role::Mentor, ix) {
                (mentor.min, mentor.max, mentor.circle) = (0, 0, 0);
            }
        }
        let required = self.required.iter().copied();
        let required = required.filter(|(mentee, _)| inside(Role::Mentee, *mentee as usize));
        let built = Self::new(
            self.pairs,
            mentees,
            mentors,
            required.collect(),
            &settings.objective,
            self.beside(),
        )?;
        Ok(Self {
            levels: self.levels.clone(),
            ..built
        })
    }
}
