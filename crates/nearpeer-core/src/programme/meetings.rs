//! Meetings: in which slot and at whose site a pair meets.

use serde::{Deserialize, Serialize};

use super::Program;
use crate::error::Error;
use crate::roster::{Field, Role, Roster};

/// At whose site a pair meets. Where both are at one site, all the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Travel {
    /// At the mentee's: the mentor travels.
    #[default]
    Mentee,
    /// At the mentor's: the mentee travels.
    Mentor,
    /// At either, whichever serves the match best.
    Either,
}

/// Where pairs meet, and whether the match gives each a slot of the week.
///
/// A pair with a slot meets once a week, in a slot in which both are free. Together with all others at that
/// site and slot it must have room there, where rooms are given, and a leader to supervise it, where leaders
/// are given. How many slots a person is free in does not limit how many pairs the person is in: that is
/// for the loads.
///
/// ```toml
/// [meetings]
/// travel = "either"   # "mentee" (at the mentee's site) unless given, or "mentor"
/// assign = true       # unless given: exactly if there is a table of leaders or of rooms
/// ```
///
/// ```
/// use nearpeer_core::{Person, Program, Roster, Travel};
///
/// let mut program = Program::default();
/// program.meetings.travel = Travel::Either;
/// assert_eq!(Program::from_toml(&program.to_toml())?, program);
///
/// let roster = Roster::builder().mentee(Person::new("ana")).mentor(Person::new("max")).build()?;
/// assert!(!program.meetings.is_assigned(&roster));
/// # Ok::<(), nearpeer_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Meetings {
    /// At whose site a pair meets.
    pub travel: Travel,
    /// Whether every pair gets a slot; unless given, exactly if the roster has leaders or rooms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assign: Option<bool>,
}

impl Meetings {
    /// Whether a match of this roster gives every pair a slot.
    #[must_use]
    pub fn is_assigned(&self, roster: &Roster) -> bool {
        let given = !roster.leaders().is_empty() || !roster.rooms().is_empty();
        self.assign.unwrap_or(given)
    }

    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Program {
    /// Checks that slots can be assigned, if they are to be.
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) naming the table that has no column `slots`.
    pub(crate) fn meetings_fit(&self, roster: &Roster) -> Result<(), Error> {
        if !self.meetings.is_assigned(roster) {
            return Ok(());
        }
        for role in [Role::Mentee, Role::Mentor] {
            if !roster.side(role).has(Field::Slots) {
                return Err(Error::input(
                    "every pair is to get a slot in which both are free, and nobody's are known; \
                     with `meetings.assign = false` pairs get no slots",
                )
                .in_table(role.table())
                .in_column(Field::Slots.name()));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;
    use crate::roster::{Leader, Person, Room, RosterBuilder};

    fn people() -> RosterBuilder {
        Roster::builder()
            .mentee(Person::new("e1").slots(["Mon"]))
            .mentor(Person::new("m1").slots(["Mon"]))
    }

    #[test]
    fn settings_are_read_back_and_left_out_where_they_are_the_usual_ones() {
        for travel in [Travel::Mentee, Travel::Mentor, Travel::Either] {
            for assign in [None, Some(false), Some(true)] {
                let program = Program {
                    meetings: Meetings { travel, assign },
                    ..Program::default()
                };
                let text = program.to_toml();
                assert_eq!(Program::from_toml(&text).expect("a programme"), program);
                assert_eq!(text.contains("meetings"), !program.meetings.is_default());
            }
        }
    }

    #[test]
    fn slots_are_assigned_if_there_is_a_table_or_the_programme_says_so() {
        let plain = people().build().expect("a roster");
        let led = people().leader(Leader::new("lea").slots(["Mon"]).capacity(1));
        let led = led.build().expect("a roster");
        let roomy = people()
            .room(Room::new("Mon").capacity(1))
            .build()
            .expect("a roster");
        let assigned = |assign, roster: &Roster| {
            let travel = Travel::default();
            Meetings { travel, assign }.is_assigned(roster)
        };
        for (roster, given) in [(&plain, false), (&led, true), (&roomy, true)] {
            assert_eq!(assigned(None, roster), given);
            assert!(assigned(Some(true), roster) && !assigned(Some(false), roster));
        }
    }

    #[test]
    fn slots_that_nobody_has_cannot_be_assigned() {
        let roster = Roster::builder()
            .mentee(Person::new("e1").slots(["Mon"]))
            .mentor(Person::new("m1"))
            .room(Room::new("Mon").capacity(1));
        let roster = roster.build().expect("a roster");
        let error = Program::default().check(&roster).expect_err("no slots");
        assert_eq!(error.kind(), ErrorKind::Input);
        assert_eq!(
            (
                error.place().table.as_deref(),
                error.place().column.as_deref()
            ),
            (Some("mentors"), Some("slots"))
        );
        let solved = Program::default().solve(&roster).expect_err("no slots");
        assert_eq!(solved.to_string(), error.to_string());
    }
}
