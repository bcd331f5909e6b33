//! The constraints of an assignment, whose rows stand for mentees and whose columns for mentors.

use crate::assign::LoadRange;
use crate::error::{Error, Place};
use crate::interrupt::Interrupt;
use crate::pairs::Pairs;
use crate::program::{Chosen, Mentee, Mentor, Tier};
use crate::words::counted;

use super::number::left_out;
use super::repair::{self, Missed};
use super::roster::add;
use super::statement::{Scope, Statement};
use super::{Conflict, ConstraintKind, RELAXED, Repair, filter};

/// Why the loads and required cells of an assignment cannot all be kept. `required` is in the caller's order; `nearest`
/// misses as few as can be.
///
/// # Errors
/// The interrupt's, but for limits; the solver's.
pub(crate) fn of_cells(
    pairs: &dyn Pairs,
    [rows, columns]: [&[LoadRange]; 2],
    required: &[(u32, u32)],
    nearest: &[Chosen],
    interrupt: &Interrupt,
) -> Result<Conflict, Error> {
    let mut sorted = required.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mentee = |load: &LoadRange| Mentee {
        min: load.low,
        max: load.high,
        tier: Tier::default(),
    };
    let mut statement = Statement {
        pairs,
        mentees: rows.iter().map(mentee).collect(),
        mentors: columns
            .iter()
            .map(|load| Mentor::new(load.low, load.high, 0))
            .collect(),
        required: sorted.clone(),
        rows: Vec::new(),
        common: None,
        places: None,
        constraints: Vec::new(),
    };
    let statement = &mut statement;
    let mut groups = vec![
        loads(
            statement,
            ConstraintKind::ColumnMax,
            columns,
            Scope::MentorMax,
        ),
        loads(statement, ConstraintKind::RowMax, rows, Scope::MenteeMax),
        loads(
            statement,
            ConstraintKind::ColumnMin,
            columns,
            Scope::MentorMin,
        ),
        loads(statement, ConstraintKind::RowMin, rows, Scope::MenteeMin),
    ];
    let cells = sorted.iter().map(|cell| {
        let what = format!("the required cell {cell:?}");
        let row = required.iter().position(|other| other == cell);
        let place = place("require", row);
        let (kind, scope) = (ConstraintKind::RequiredCell, Scope::Required(vec![*cell]));
        add(statement, kind, what.clone(), place, 1, scope, 1, what)
    });
    let cells = cells.collect();
    groups.push(cells);
    let core = filter::reduce(statement, &groups, None, interrupt)?;
    let (constraints, mut apart) = core.constraints(statement, &groups);
    apart.truncate(RELAXED);
    let single = repair::single(statement, &apart, None, interrupt)?;
    let missed = repair::missed(statement, nearest, interrupt)?;
    let promises = promises(statement, &missed);
    let conflict = Conflict {
        constraints,
        notes: Vec::new(),
        repairs: Vec::new(),
        irreducible: !core.cut,
    };
    Ok(conflict.with(single.into_iter().chain([promises]).collect()))
}

fn place(table: &str, row: Option<usize>) -> Place {
    Place {
        table: Some(table.to_owned()),
        row,
        ..Place::default()
    }
}

/// The name of one of these, and of its argument.
fn side(kind: ConstraintKind) -> (&'static str, &'static str) {
    match kind {
        ConstraintKind::RowMin | ConstraintKind::RowMax => ("row", "row_load"),
        _ => ("column", "col_load"),
    }
}

/// One end of the loads of one side: one constraint where they are all the same, else one for each.
fn loads(
    statement: &mut Statement,
    kind: ConstraintKind,
    loads: &[LoadRange],
    scope: fn(Vec<u32>) -> Scope,
) -> Vec<usize> {
    let is_max = matches!(kind, ConstraintKind::RowMax | ConstraintKind::ColumnMax);
    let number = |load: &LoadRange| if is_max { load.high } else { load.low };
    let asks = if is_max { "at most" } else { "at least" };
    let (one, table) = side(kind);
    let binding = (0u32..).zip(loads.iter().map(number));
    let binding: Vec<(u32, u32)> = binding
        .filter(|(_, number)| is_max || *number > 0)
        .collect();
    let Some(&(_, first)) = binding.first() else {
        return Vec::new();
    };
    if binding.len() == loads.len() && binding.iter().all(|(_, number)| *number == first) {
        let what = format!("every {one} has {asks} {}", counted(first as usize, "cell"));
        let all: Vec<u32> = binding.iter().map(|(ix, _)| *ix).collect();
        let name = format!(
            "the {} of {table}",
            if is_max { "high end" } else { "low end" }
        );
        let binds = all.len();
        return vec![add(
            statement,
            kind,
            what,
            place(table, None),
            binds,
            scope(all),
            first,
            name,
        )];
    }
    let each = binding.into_iter().map(|(ix, number)| {
        let what = format!("{one} {ix} has {asks} {}", counted(number as usize, "cell"));
        let end = if is_max { "high end" } else { "low end" };
        let name = format!("the {end} of the load of {one} {ix}");
        let place = place(table, Some(ix as usize));
        add(
            statement,
            kind,
            what,
            place,
            1,
            scope(vec![ix]),
            number,
            name,
        )
    });
    each.collect()
}

/// The missed promises, lowered to what the nearest assignment has.
fn promises(statement: &Statement, missed: &[Missed]) -> Repair {
    let load = |kind: ConstraintKind, ix: u32, from: u32, to: u32| {
        let (one, table) = side(kind);
        let what = format!("{one} {ix} has at least {}", counted(from as usize, "cell"));
        let name = format!("the low end of the load of {one} {ix}");
        repair::lowered(kind, what, place(table, Some(ix as usize)), &name, from, to)
    };
    let change = |missed: &Missed| match missed {
        // An assignment has no rows beside its loads.
        Missed::Row(..) => None,
        Missed::Pair(pair) => {
            let mut constraints = statement.constraints.iter();
            let is =
                |scope: &Scope| matches!(scope, Scope::Required(pairs) if pairs.contains(pair));
            constraints.find(|scoped| is(&scoped.scope)).map(left_out)
        }
        Missed::Mentee(ix, to) => {
            let from = statement.mentees[*ix as usize].min;
            Some(load(ConstraintKind::RowMin, *ix, from, *to))
        }
        Missed::Mentor(ix, to) => {
            let from = statement.mentors[*ix as usize].min;
            Some(load(ConstraintKind::ColumnMin, *ix, from, *to))
        }
    };
    Repair {
        changes: missed.iter().filter_map(change).collect(),
    }
}
