//! The variables and rows of the restricted master program, before it is solved.

use good_lp::{Constraint, Expression, ProblemVariables, Variable, variable};

use super::super::{IntegerProgram, Modes, Tier};
use super::{Placed, Task};
use crate::certificate::Level;
use crate::roster::Role;

/// The variables and constraints before any column.
pub(super) struct Frame {
    pub(super) variables: ProblemVariables,
    pub(super) objective: Expression,
    /// In the order of [`Layout`].
    pub(super) rows: Vec<Expression>,
    /// Sums that are 0 at most: what a load has to do with taking part.
    pub(super) gates: Vec<Expression>,
    /// Sums that are 1 at most: a person is in one mode.
    pub(super) modes: Vec<Expression>,
    pub(super) parts: Vec<TakesPart>,
}

/// The variable that says whether a person takes part in a mode.
#[derive(Debug, Clone, Copy)]
pub(super) struct TakesPart {
    pub(super) role: Role,
    pub(super) ix: usize,
    pub(super) mode: u32,
    pub(super) variable: usize,
    pub(super) worth: f64,
}

/// What the master is asked about: the program, the level, and the modes of mentors.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) program: &'a IntegerProgram<'a>,
    pub(super) task: &'a Task,
    pub(super) modes: &'a Modes,
    pub(super) layout: Layout,
    /// Whether whole numbers are asked for.
    pub(super) is_whole: bool,
}

/// Where which rows begin: mentees, mentors in each mode, then the rows of constraints, places, and held levels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    pub(super) mentors: usize,
    pub(super) rows: usize,
    pub(super) places: usize,
    pub(super) held: usize,
    pub(super) end: usize,
}

impl Layout {
    pub(super) fn new(program: &IntegerProgram, task: &Task, modes: &Modes, places: usize) -> Self {
        let mentors = program.mentees.len();
        let rows = mentors + program.mentors.len() * modes.count();
        let first_place = rows + program.rows.len();
        let held = first_place + places;
        Self {
            mentors,
            rows,
            places: first_place,
            held,
            end: held + task.held.len(),
        }
    }
}

/// What a person's load is made of, in the order in which a load fills it: meaning and room.
pub(super) fn segments(
    first: Option<Segment>,
    promised: u32,
    max: u32,
) -> impl Iterator<Item = (Segment, u32)> {
    let taken = u32::from(first.is_some()).min(max);
    let promised = promised.min(max);
    let segments = [
        (first.unwrap_or(Segment::Free), taken),
        (Segment::Promised, promised.saturating_sub(taken)),
        (Segment::Free, max - promised.max(taken)),
    ];
    segments.into_iter().filter(|(_, room)| *room > 0)
}

/// What a part of a load is worth.
#[derive(Debug, Clone, Copy)]
pub(super) enum Segment {
    /// A mentee's first pair, and whether it is promised.
    First { tier: Tier, promised: bool },
    /// Taking part at all, where that is a variable of its own; the tier is a mentee's.
    Part(Option<Tier>),
    /// More of what is promised to somebody.
    Promised,
    /// What a load may hold beyond.
    Free,
}

impl Segment {
    pub(super) fn worth(self, level: Level) -> f64 {
        let counts = match (level, self) {
            (Level::Obligations, Self::First { promised, .. }) => promised,
            (Level::Obligations, Self::Promised) => true,
            (_, Self::First { tier, .. } | Self::Part(Some(tier))) => tier.counts_for(level),
            _ => false,
        };
        f64::from(u8::from(counts))
    }
}

impl Placed {
    /// What the pair itself adds to a level, beside the loads.
    pub(super) fn worth(self, program: &IntegerProgram, level: Level) -> f64 {
        match level {
            // Exact: scores are below 2^53.
            Level::Score => self.score as f64,
            Level::Obligations => f64::from(u8::from(program.requires(self.mentee, self.mentor))),
            _ => 0.0,
        }
    }
}

impl Frame {
    pub(super) fn new(asked: Asked, variables: ProblemVariables) -> Self {
        let Asked {
            program,
            task,
            layout,
            ..
        } = asked;
        let mut frame = Self {
            variables,
            objective: Expression::default(),
            rows: vec![Expression::default(); layout.end],
            gates: Vec::new(),
            modes: Vec::new(),
            parts: Vec::new(),
        };
        let counts = |role: Role, ix: usize| {
            let mut rows = program.rows.iter();
            rows.any(|row| row.person(role, ix) != 0)
        };
        for (ix, mentee) in program.mentees.iter().enumerate() {
            if mentee.max > 1 && counts(Role::Mentee, ix) {
                let load = (mentee.min, 1, mentee.max);
                frame.add_gated(asked, (Role::Mentee, ix), Some(mentee.tier), load, 1);
                continue;
            }
            let first = Segment::First {
                tier: mentee.tier,
                promised: mentee.min > 0,
            };
            for (segment, room) in segments(Some(first), mentee.min, mentee.max) {
                let units = frame.add_units(asked, ix, segment, room);
                if let Segment::First { .. } = segment {
                    frame.add_person(asked, (Role::Mentee, ix), units);
                }
            }
        }
        for (ix, mentor) in program.mentors.iter().enumerate() {
            let modes = asked.modes.count();
            if modes > 1 || mentor.circle > 1 || counts(Role::Mentor, ix) {
                let load = (mentor.min, mentor.circle.max(1), mentor.max);
                frame.add_gated(asked, (Role::Mentor, ix), None, load, modes);
                continue;
            }
            for (segment, room) in segments(None, mentor.min, mentor.max) {
                frame.add_units(asked, layout.mentors + ix, segment, room);
            }
        }
        let promises = program.rows.iter().enumerate();
        for (ix, row) in promises.filter(|(_, row)| row.promise) {
            let missed = frame.variables.add(variable().min(0).max(row.limit as f64));
            frame.rows[layout.rows + ix].add_mul(1.0 / row.scale as f64, missed);
            frame.add_worth(
                asked,
                missed,
                -Segment::Promised.worth(task.level),
                |level| -Segment::Promised.worth(level),
            );
        }
        // The last variables before the columns.
        for row in 0..task.held.len() {
            let shortfall = frame.variables.add(variable().min(0));
            frame.objective.add_mul(-task.penalty, shortfall);
            frame.rows[layout.held + row].add_mul(1, shortfall);
        }
        frame
    }

    /// What a variable is worth in the level, and in those that are held.
    pub(super) fn add_worth(
        &mut self,
        asked: Asked,
        units: Variable,
        worth: f64,
        held_worth: impl Fn(Level) -> f64,
    ) {
        self.objective.add_mul(worth, units);
        for (held, (level, _)) in asked.task.held.iter().enumerate() {
            let worth = held_worth(*level);
            if worth != 0.0 {
                self.rows[asked.layout.held + held].add_mul(worth, units);
            }
        }
    }

    /// Units of a load, whose sum is in this row.
    pub(super) fn add_units(
        &mut self,
        asked: Asked,
        row: usize,
        segment: Segment,
        room: u32,
    ) -> Variable {
        let units = self.variables.add(variable().min(0).max(room));
        self.rows[row].add_mul(-1, units);
        let worth = segment.worth(asked.task.level);
        self.add_worth(asked, units, worth, |level| segment.worth(level));
        units
    }

    /// What a person adds to the rows of constraints by taking part.
    pub(super) fn add_person(
        &mut self,
        asked: Asked,
        (role, ix): (Role, usize),
        takes_part: Variable,
    ) {
        for (number, row) in asked.program.rows.iter().enumerate() {
            let adds = row.person(role, ix);
            if adds != 0 {
                let scaled = adds as f64 / row.scale as f64;
                self.rows[asked.layout.rows + number].add_mul(scaled, takes_part);
            }
        }
    }

    /// A load with a variable for taking part, in each of so many modes: what is promised, the least and the most.
    pub(super) fn add_gated(
        &mut self,
        asked: Asked,
        (role, ix): (Role, usize),
        tier: Option<Tier>,
        (promised, least, most): (u32, u32, u32),
        modes: usize,
    ) {
        let mut in_one = Expression::default();
        for mode in 0..modes {
            let variable_of_part = match asked.is_whole {
                true => variable().binary(),
                false => variable().min(0).max(1),
            };
            let number = self.variables.len();
            let part = self.variables.add(variable_of_part);
            let worth = Segment::Part(tier).worth(asked.task.level);
            self.add_worth(asked, part, worth, |level| Segment::Part(tier).worth(level));
            self.add_person(asked, (role, ix), part);
            in_one.add_mul(1, part);
            self.parts.push(TakesPart {
                role,
                ix,
                mode: mode as u32,
                variable: number,
                worth,
            });
            let row = match role {
                Role::Mentee => ix,
                Role::Mentor => asked.layout.mentors + ix * modes + mode,
            };
            let mut enough = Expression::default();
            enough.add_mul(f64::from(least), part);
            for (segment, room) in segments(None, promised, most) {
                let units = self.add_units(asked, row, segment, room);
                enough.add_mul(-1, units);
                let mut gate = Expression::default();
                gate.add_mul(1, units);
                gate.add_mul(-f64::from(room), part);
                self.gates.push(gate);
            }
            self.gates.push(enough);
        }
        if modes > 1 {
            self.modes.push(in_one);
        }
    }

    pub(super) fn add(&mut self, asked: Asked, pair: Placed) -> Variable {
        let definition = match asked.is_whole {
            true => variable().binary(),
            false => variable().min(0).max(1),
        };
        let chosen = self.variables.add(definition);
        let worth = pair.worth(asked.program, asked.task.level);
        // Exact: scores are below 2^53.
        let of_ties = asked.task.tie * pair.score as f64;
        self.objective.add_mul(worth + of_ties, chosen);
        for (row, coefficient) in
            entries(asked.program, asked.task, asked.modes, asked.layout, pair)
        {
            self.rows[row].add_mul(coefficient, chosen);
        }
        chosen
    }

    pub(super) fn constraints(self, asked: Asked, capacities: &[u32]) -> Vec<Constraint> {
        let Asked {
            program,
            task,
            layout,
            ..
        } = asked;
        let rows = self.rows.into_iter().enumerate();
        let rows = rows.map(|(ix, row)| {
            if ix < layout.rows {
                row.eq(0)
            } else if ix < layout.places {
                let of = &program.rows[ix - layout.rows];
                let limit = of.limit as f64 / of.scale as f64;
                if of.promise {
                    row.geq(limit)
                } else {
                    row.leq(limit)
                }
            } else if ix < layout.held {
                row.leq(f64::from(capacities[ix - layout.places]))
            } else {
                let (level, value) = task.held[ix - layout.held];
                row.geq(held_value(program, level, value))
            }
        });
        let gates = self.gates.into_iter().map(|gate| gate.leq(0));
        let modes = self.modes.into_iter().map(|modes| modes.leq(1));
        rows.chain(gates).chain(modes).collect()
    }
}

/// The least that a row which holds a level may come to: the model counts kept obligations upwards from 0, and what is
/// missed of the promises of rows downwards.
pub(super) fn held_value(program: &IntegerProgram, level: Level, value: i64) -> f64 {
    match level {
        Level::Obligations => (value + program.obligations()) as f64,
        _ => value as f64,
    }
}

/// The entries of a column: (row, coefficient), by row.
pub(super) fn entries(
    program: &IntegerProgram,
    task: &Task,
    modes: &Modes,
    layout: Layout,
    pair: Placed,
) -> Vec<(usize, f64)> {
    let mut entries = vec![
        (pair.mentee as usize, 1.0),
        (
            layout.mentors + pair.mentor as usize * modes.count() + pair.mode as usize,
            1.0,
        ),
    ];
    for (ix, row) in program.rows.iter().enumerate() {
        let adds = row.pair(pair.mentee, pair.mentor, pair.spot);
        if adds != 0 {
            entries.push((layout.rows + ix, adds as f64 / row.scale as f64));
        }
    }
    if layout.places < layout.held {
        entries.push((layout.places + pair.place as usize, 1.0));
    }
    for (row, (level, _)) in task.held.iter().enumerate() {
        let worth = pair.worth(program, *level);
        if worth != 0.0 {
            entries.push((layout.held + row, worth));
        }
    }
    entries
}
