//! The hard part of a programme: its promises and limits, some of which may be left out or changed.

use std::collections::HashSet;

use crate::certificate::Level;
use crate::constraint::Row;
use crate::error::{Error, ErrorKind};
use crate::interrupt::Interrupt;
use crate::pairs::{Pairs, Part};
use crate::program::{Beside, Common, IntegerProgram, MeetingsOf, Mentee, Mentor};
use crate::programme::Program;
use crate::roster::{Code, ListedRoom, MAX_CAPACITY, Roster};
use crate::solve::{self, Method, Solution};

use super::Constraint;

/// Whom and what a constraint binds.
#[derive(Debug, Clone)]
pub(super) enum Scope {
    Required(Vec<(u32, u32)>),
    MenteeMin(Vec<u32>),
    MenteeMax(Vec<u32>),
    MentorMin(Vec<u32>),
    MentorMax(Vec<u32>),
    Circle(Vec<u32>),
    /// By row: those that stand for one thing in the programme, of which a row with a number is one alone.
    Rows(Vec<usize>),
    Common,
    /// By place in the roster.
    Room(usize),
    Rooms,
    LeaderCapacity(usize),
    LeaderSlots(usize),
    Leaders,
}

/// A constraint, whom it binds, and its number.
#[derive(Debug, Clone)]
pub(super) struct Scoped {
    pub(super) constraint: Constraint,
    pub(super) scope: Scope,
    pub(super) number: i64,
    /// What the number is called where it stands: `load_max of mentor "max"`.
    pub(super) name: String,
}

/// What becomes of a constraint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Kept,
    Dropped,
    /// It has another number.
    To(i64),
}

/// The pairs, loads and rows of a programme; `roster` and `settings` where pairs have places.
#[derive(Clone)]
pub(super) struct Statement<'p> {
    pub(super) pairs: &'p dyn Pairs,
    pub(super) mentees: Vec<Mentee>,
    pub(super) mentors: Vec<Mentor>,
    pub(super) required: Vec<(u32, u32)>,
    /// Constraints beside the loads.
    pub(super) rows: Vec<Row>,
    /// What the mentees of one mentor have in common.
    pub(super) common: Option<Common>,
    pub(super) places: Option<(&'p Roster, &'p Program)>,
    pub(super) constraints: Vec<Scoped>,
}

/// Whether a statement can be kept.
pub(super) enum Verdict {
    Feasible,
    Infeasible(Solution),
    /// A limit came first.
    Unknown,
}

impl Statement<'_> {
    /// Sets the number of a constraint that promises something; no other is part of several that are lowered together.
    pub(super) fn set(&mut self, scope: &Scope, number: i64) {
        let load = u32::try_from(number).unwrap_or(u32::MAX);
        match scope {
            Scope::MenteeMin(people) => each(people, |ix| self.mentees[ix].min = load),
            Scope::MentorMin(people) => each(people, |ix| self.mentors[ix].min = load),
            Scope::Rows(rows) => rows.iter().for_each(|ix| self.rows[*ix].limit = number),
            _ => {}
        }
    }

    /// Whether a match keeps what is kept of the constraints, in one part or everywhere.
    ///
    /// # Errors
    /// The interrupt's, but for limits; the solver's.
    pub(super) fn judge(
        &self,
        states: &[State],
        part: Option<&Part>,
        interrupt: &Interrupt,
    ) -> Result<Verdict, Error> {
        let mut mentees = self.mentees.clone();
        let mut mentors = self.mentors.clone();
        let mut left_out: HashSet<&(u32, u32)> = HashSet::new();
        let mut limits: Vec<Option<i64>> = self.rows.iter().map(|row| Some(row.limit)).collect();
        let mut common = self.common.clone();
        let mut places = self.places.map(|(roster, settings)| {
            let mut settings = settings.clone();
            // Pairs keep their slots even if no table is left that asks for them.
            settings.meetings.assign = Some(true);
            (roster.clone(), settings)
        });
        for (scoped, state) in self.constraints.iter().zip(states) {
            let number = match state {
                State::Kept => continue,
                State::Dropped => None,
                State::To(number) => Some(*number),
            };
            let load = number.map(|load| u32::try_from(load).unwrap_or(u32::MAX));
            let (least, most) = (load.unwrap_or(0), load.unwrap_or(u32::MAX));
            match &scoped.scope {
                Scope::Required(pairs) => left_out.extend(pairs),
                Scope::MenteeMin(people) => {
                    each(people, |ix| mentees[ix].min = least);
                }
                Scope::MenteeMax(people) => {
                    each(people, |ix| mentees[ix].max = most);
                }
                Scope::MentorMin(people) => {
                    each(people, |ix| mentors[ix].min = least);
                }
                Scope::MentorMax(people) => {
                    each(people, |ix| mentors[ix].max = most);
                }
                Scope::Circle(people) => {
                    each(people, |ix| mentors[ix].circle = least);
                }
                Scope::Rows(rows) => rows.iter().for_each(|ix| limits[*ix] = number),
                Scope::Common => common = None,
                scope => {
                    if let Some((roster, _)) = &mut places {
                        change_places(roster, scope, load);
                    }
                }
            }
        }
        let required = self.required.iter().filter(|pair| !left_out.contains(pair));
        let required: Vec<(u32, u32)> = required.copied().collect();
        let rows = self.rows.iter().zip(limits);
        let rows = rows.filter_map(|(row, limit)| limit.map(|limit| row.clone().limited(limit)));
        let rows: Vec<Row> = rows.collect();
        let promised = mentees.iter().any(|mentee| mentee.min > 0)
            || mentors.iter().any(|mentor| mentor.min > 0)
            || rows.iter().any(|row| row.promise && row.limit > 0);
        if !promised && required.is_empty() {
            // Nothing is promised, so no pair at all will do.
            return Ok(Verdict::Feasible);
        }
        let meetings = places
            .as_ref()
            .map(|(roster, settings)| MeetingsOf { roster, settings });
        let beside = Beside {
            rows,
            meetings,
            common,
        };
        let program = IntegerProgram::new(self.pairs, mentees, mentors, required, &[], beside)?;
        match part {
            Some(part) => verdict(&solve::of_part(&program, part), interrupt),
            None => verdict(&program, interrupt),
        }
    }
}

fn each(people: &[u32], mut change: impl FnMut(usize)) {
    people.iter().for_each(|ix| change(*ix as usize));
}

fn verdict(program: &IntegerProgram, interrupt: &Interrupt) -> Result<Verdict, Error> {
    let solution = match solve::solve(program, Method::Fastest, interrupt) {
        Ok(solution) => solution,
        Err(error) if error.kind() == ErrorKind::Limit => return Ok(Verdict::Unknown),
        Err(error) => return Err(error),
    };
    let values = program.values(&solution.chosen);
    if program.levels.is_feasible(&values) {
        return Ok(Verdict::Feasible);
    }
    let infeasible = match &solution.staged {
        None => program.levels.proves_infeasible(solution.bound),
        Some(staged) => {
            let levels = program.levels.iter().zip(&staged.bounds);
            let mut obligations = levels.filter(|((level, _), _)| *level == Level::Obligations);
            obligations.any(|(_, bound)| *bound < 0)
        }
    };
    Ok(match infeasible {
        true => Verdict::Infeasible(solution),
        false => Verdict::Unknown,
    })
}

/// Changes a limit of places, or leaves it out.
fn change_places(roster: &mut Roster, scope: &Scope, number: Option<u32>) {
    let most = number.unwrap_or(MAX_CAPACITY);
    match scope {
        Scope::Room(ix) => roster.rooms[*ix].capacity = most,
        Scope::Rooms => {
            let named: Vec<(Code, Code)> = roster
                .rooms
                .iter()
                .map(|room| (room.site, room.slot))
                .collect();
            let (sites, slots) = (roster.sites().len().max(1), roster.slots().len());
            for site in 0..sites as Code {
                for slot in 0..slots as Code {
                    if !named.contains(&(site, slot)) {
                        roster.rooms.push(ListedRoom {
                            site,
                            slot,
                            capacity: MAX_CAPACITY,
                            row: 0,
                        });
                    }
                }
            }
        }
        Scope::LeaderCapacity(ix) => roster.leaders[*ix].capacity = most,
        Scope::LeaderSlots(ix) => roster.leaders[*ix].max_slots = number,
        Scope::Leaders => roster.leaders.clear(),
        _ => {}
    }
}
