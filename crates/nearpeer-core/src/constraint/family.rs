//! Families: siblings or friends whose meetings are in one slot, or never are, and who all take part or none does.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{Constraint, Row, Rule, Spot};
use crate::error::Error;
use crate::programme::Program;
use crate::roster::{Role, Roster};

/// When the members of a family meet their partners.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Keep {
    /// All who take part in one slot: there is one way to school and back.
    Together,
    /// No two in one slot: somebody is to be at home, or they are to meet others.
    Apart,
}

/// Siblings or friends: a hard constraint on people of whom each is in one pair at most.
///
/// ```toml
/// [[families]]
/// name = "Rivera"
/// members = ["ana", "luis"]   # ids of mentees and mentors
/// keep = "together"           # in one slot, or "apart"; needs slots that are assigned
/// all_or_none = true          # either all have a partner or none has
/// ```
///
/// ```
/// use nearpeer_core::{Family, Keep, Program};
///
/// let mut program = Program::default();
/// program.families.push(Family::new("Rivera", ["ana", "luis"]).keep(Keep::Together));
/// assert_eq!(Program::from_toml(&program.to_toml())?, program);
/// # Ok::<(), nearpeer_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Family {
    /// The name in reasons and messages.
    pub name: String,
    /// The ids of its members.
    #[serde(deserialize_with = "crate::programme::cell::texts")]
    pub members: Vec<String>,
    /// When they meet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep: Option<Keep>,
    /// Whether either all have a partner or none has.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub all_or_none: bool,
}

/// A member of a family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Member {
    role: Role,
    ix: u32,
}

impl Member {
    fn is_in(self, mentee: u32, mentor: u32) -> bool {
        match self.role {
            Role::Mentee => self.ix == mentee,
            Role::Mentor => self.ix == mentor,
        }
    }
}

impl Family {
    /// A family of these people, of whom nothing is asked yet.
    pub fn new<S: Into<String>>(
        name: impl Into<String>,
        members: impl IntoIterator<Item = S>,
    ) -> Self {
        Self {
            name: name.into(),
            members: members.into_iter().map(Into::into).collect(),
            keep: None,
            all_or_none: false,
        }
    }

    /// With when they meet.
    #[must_use]
    pub fn keep(self, keep: Keep) -> Self {
        let keep = Some(keep);
        Self { keep, ..self }
    }

    /// With all taking part, or none.
    #[must_use]
    pub fn all_or_none(self) -> Self {
        Self {
            all_or_none: true,
            ..self
        }
    }

    /// Who the members are.
    ///
    /// # Errors
    /// Naming the member who is nobody, or may be in several pairs.
    fn find(&self, key: &str, roster: &Roster, settings: &Program) -> Result<Vec<Member>, Error> {
        let find = |(number, id): (usize, &String)| {
            let key = format!("{key}.members[{number}]");
            let sides = [Role::Mentee, Role::Mentor];
            let found = sides.into_iter().find_map(|role| {
                let ix = roster.side(role).find(id)?;
                Some((role, ix))
            });
            let Some((role, ix)) = found else {
                let message = format!("{id:?} is neither among the mentees nor among the mentors");
                return Err(Error::program(key, message));
            };
            let usual = match role {
                Role::Mentee => settings.loads.mentee.max,
                Role::Mentor => settings.loads.mentor.max,
            };
            let max = roster.side(role).load_max(ix).unwrap_or(usual);
            if max > 1 {
                let message = format!(
                    "{id:?} may be in up to {max} pairs, and members of a family in one at most"
                );
                return Err(Error::program(key, message));
            }
            Ok(Member {
                role,
                ix: ix as u32,
            })
        };
        (1..).zip(&self.members).map(find).collect()
    }

    fn words(&self) -> String {
        let kept = match self.keep {
            Some(Keep::Together) => " kept together",
            Some(Keep::Apart) => " kept apart",
            None => "",
        };
        let all = if self.all_or_none {
            ", all or none"
        } else {
            ""
        };
        format!("the family {:?}{kept}{all}", self.name)
    }

    /// The members by the roster's ids, as the checker finds them.
    fn plain_members(&self, roster: &Roster) -> Vec<Member> {
        let of = |role: Role| {
            let ids = roster.side(role).ids().enumerate();
            ids.map(move |(ix, id)| {
                let ix = ix as u32;
                (id, Member { role, ix })
            })
        };
        let known: HashMap<&str, Member> = of(Role::Mentor).chain(of(Role::Mentee)).collect();
        let members = self.members.iter();
        members.filter_map(|id| known.get(&**id).copied()).collect()
    }
}

impl Constraint for Family {
    fn name(&self) -> &str {
        &self.name
    }

    fn validate(&self, key: &str) -> Result<(), Error> {
        let members = format!("{key}.members");
        if self.members.len() < 2 {
            return Err(Error::program(members, "a family has at least two members"));
        }
        for (number, id) in (1..).zip(&self.members) {
            if self.members[..number - 1].contains(id) {
                let message = format!("{id:?} is named twice");
                return Err(Error::program(format!("{members}[{number}]"), message));
            }
        }
        if self.keep.is_none() && !self.all_or_none {
            let message = "a family needs `keep`, `all_or_none`, or both";
            return Err(Error::program(key, message));
        }
        Ok(())
    }

    fn rows(&self, key: &str, roster: &Roster, settings: &Program) -> Result<Vec<Row>, Error> {
        let members = self.find(key, roster, settings)?;
        if self.keep.is_some() && !settings.meetings.is_assigned(roster) {
            return Err(Error::program(
                format!("{key}.keep"),
                "pairs get no slots, so nobody can be kept together or apart; give leaders or rooms, or set \
                 `meetings.assign = true`",
            ));
        }
        let side = |role: Role| {
            let of_role = members.iter().filter(|member| member.role == role);
            of_role.map(|member| member.ix).collect::<Vec<u32>>()
        };
        let few = Some([side(Role::Mentee), side(Role::Mentor)]);
        let row = |limit: i64| Row {
            few: few.clone(),
            ..Row::at_most(&self.name, self.words(), limit)
        };
        let by_place = |row: Row| Row {
            by_place: true,
            ..row
        };
        let mut rows = Vec::new();
        let slots = 0..roster.slots().len() as u32;
        for (ix, &one) in members.iter().enumerate() {
            if self.keep == Some(Keep::Together) {
                // Whoever meets in a slot has the others meet in no other slot.
                for &other in &members[ix + 1..] {
                    for slot in slots.clone() {
                        rows.push(by_place(row(1)).of_pairs(move |mentee, mentor, place| {
                            let here = place.is_some_and(|(_, at)| at == slot);
                            i64::from(one.is_in(mentee, mentor) && here)
                                + i64::from(other.is_in(mentee, mentor) && !here)
                        }));
                    }
                }
            }
            if self.all_or_none {
                // Each has no more pairs than the next, and the last no more than the first.
                let next = members[(ix + 1) % members.len()];
                rows.push(row(0).of_pairs(move |mentee, mentor, _| {
                    i64::from(one.is_in(mentee, mentor)) - i64::from(next.is_in(mentee, mentor))
                }));
            }
        }
        if self.keep == Some(Keep::Apart) {
            for slot in slots {
                let members = members.clone();
                rows.push(by_place(row(1)).of_pairs(move |mentee, mentor, place| {
                    let here = place.is_some_and(|(_, at)| at == slot);
                    let own = members.iter().filter(|one| one.is_in(mentee, mentor));
                    if here { own.count() as i64 } else { 0 }
                }));
            }
        }
        Ok(rows)
    }

    fn rules<'a>(&'a self, roster: &'a Roster, _: &'a Program) -> Vec<Rule<'a>> {
        let members = self.plain_members(roster);
        let pairs_of = |member: Member, mentee: u32, mentor: u32| -> i64 {
            let partner = if member.role == Role::Mentee {
                mentee
            } else {
                mentor
            };
            i64::from(partner == member.ix)
        };
        let is_at = |place: Option<Spot>, slot: usize| place.map(|at| at.1 as usize) == Some(slot);
        let rule = |limit: i64| Rule::new(self.words(), false, limit);
        let slots = roster.slots().len();
        let mut rules = Vec::new();
        for ix in 0..members.len() {
            let one = members[ix];
            for &other in members[ix + 1..].iter() {
                for slot in 0..slots {
                    if self.keep == Some(Keep::Together) {
                        rules.push(rule(1).of_pairs(move |mentee, mentor, place| {
                            match is_at(place, slot) {
                                true => pairs_of(one, mentee, mentor),
                                false => pairs_of(other, mentee, mentor),
                            }
                        }));
                    }
                }
            }
            if self.all_or_none {
                let next = *members.get(ix + 1).unwrap_or(&members[0]);
                let equal = rule(0).of_pairs(move |mentee, mentor, _| {
                    pairs_of(one, mentee, mentor) - pairs_of(next, mentee, mentor)
                });
                rules.push(Rule {
                    only_rises: false,
                    ..equal
                });
            }
        }
        for slot in 0..slots {
            if self.keep == Some(Keep::Apart) {
                let members = members.clone();
                rules.push(rule(1).of_pairs(move |mentee, mentor, place| {
                    let own = members.iter().map(|one| pairs_of(*one, mentee, mentor));
                    if is_at(place, slot) { own.sum() } else { 0 }
                }));
            }
        }
        rules
    }
}
