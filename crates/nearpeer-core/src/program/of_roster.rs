//! The program of a roster under a programme.

use super::{Beside, Common, IntegerProgram, MeetingsOf, Mentee, Mentor, Tier};
use crate::constraint;
use crate::error::Error;
use crate::pairs::Pairs;
use crate::programme::{ObjectiveLevel, Program};
use crate::roster::{People, Roster};

impl<'p> IntegerProgram<'p> {
    /// The program of a roster's loads under a programme.
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) naming the row whose minimum load is above the
    /// programme's maximum, [`ErrorKind::Program`](crate::ErrorKind::Program) naming a constraint whose column a table
    /// lacks, or that meets 'none or at least k'.
    pub(crate) fn of_roster(
        pairs: &'p dyn Pairs,
        roster: &'p Roster,
        program: &'p Program,
    ) -> Result<Self, Error> {
        let (mentees, mentors) = loads_of_roster(roster, program)?;
        let required = roster.required().iter();
        let built = Self::new(
            pairs,
            mentees,
            mentors,
            required
                .map(|pair| (pair.mentee.0, pair.mentor.0))
                .collect(),
            &program.objective,
            Beside {
                rows: constraint::rows(roster, program)?,
                meetings: MeetingsOf::new(roster, program),
                common: Common::new(roster, program),
            },
        )?;
        if program.fairness() == Some(ObjectiveLevel::Leximin) {
            built.allows_leximin()?;
        }
        if built.meetings.is_some() && program.stability.is_some() {
            return Err(Error::program(
                "stability",
                "stability cannot be combined yet with meetings in slots; leave it out, or set \
                 `meetings.assign = false`",
            ));
        }
        if built.meetings.is_some() && program.fairness().is_some() {
            return Err(Error::program(
                "objective",
                "the levels worst_off and leximin cannot be combined yet with meetings in slots; leave them out, or \
                 set `meetings.assign = false`",
            ));
        }
        Ok(built)
    }

    /// # Errors
    /// [`ErrorKind::Program`](crate::ErrorKind::Program) for loads with which scores cannot be compared one by one.
    fn allows_leximin(&self) -> Result<(), Error> {
        let fault = |with: &str| {
            let message = format!("leximin cannot be combined yet with {with}, or use worst_off");
            Err(Error::program("objective", message))
        };
        if !self.is_network() {
            return fault(
                "mentors who take none or at least so many; set `loads.mentor.or_none = false`",
            );
        }
        if self.mentees.iter().any(|mentee| mentee.max > 1) {
            return fault(
                "mentees who may have several mentors; set `loads.mentee.max` and load_max to 1",
            );
        }
        Ok(())
    }
}

/// What a roster's people may and must have under a programme, whatever the other side can fill.
///
/// # Errors
/// [`ErrorKind::Input`](crate::ErrorKind::Input) naming the row whose minimum load is above the programme's maximum.
pub(crate) fn loads_of_roster(
    roster: &Roster,
    program: &Program,
) -> Result<(Vec<Mentee>, Vec<Mentor>), Error> {
    let loads = program.loads;
    let mentees = roster.mentees();
    let mentors = roster.mentors();
    let mentee = |ix| {
        let (min, max) = load(mentees, ix, loads.mentee.min, loads.mentee.max)?;
        let tier = Tier {
            priority: mentees.priority(ix),
            transition: program.is_transition(mentees.grade(ix)),
        };
        Ok(Mentee { min, max, tier })
    };
    let mentor = |ix| {
        let (min, max) = load(mentors, ix, loads.mentor.min, loads.mentor.max)?;
        let (min, circle) = if loads.mentor.or_none {
            (0, min)
        } else {
            (min, 0)
        };
        Ok(Mentor::new(min, max, circle))
    };
    let mentees = (0..mentees.len())
        .map(mentee)
        .collect::<Result<_, Error>>()?;
    let mentors = (0..mentors.len())
        .map(mentor)
        .collect::<Result<_, Error>>()?;
    Ok((mentees, mentors))
}

/// A person's least and greatest load: the roster's, else the programme's. Who has a maximum of 0 takes no
/// part, so the programme's minimum does not bind there.
fn load(people: &People, ix: usize, min: u32, max: u32) -> Result<(u32, u32), Error> {
    let (own_min, own_max) = (people.load_min(ix), people.load_max(ix));
    let max = own_max.unwrap_or(max);
    let min = own_min.unwrap_or(if max == 0 { 0 } else { min });
    if min <= max {
        return Ok((min, max));
    }
    let side = people.role().as_str();
    let (column, value, message) = match own_min {
        Some(min) => (
            "load_min",
            min,
            format!(
                "load_min is above the maximum load, which is {max} by the programme's \
                 `loads.{side}.max`; give the person a load_max"
            ),
        ),
        None => (
            "load_max",
            max,
            format!(
                "load_max is below the minimum load, which is {min} by the programme's \
                 `loads.{side}.min`; give the person a load_min"
            ),
        ),
    };
    Err(Error::input(message)
        .in_table(people.role().table())
        .in_row(people.row(ix))
        .in_column(column)
        .with_value(&value.to_string()))
}
