//! Leaders, rooms and settings of meetings that have no effect.

use std::collections::BTreeSet;

use crate::error::nearest;
use crate::programme::{Program, Travel};
use crate::roster::{Code, Role, Roster};
use crate::words::counted;

pub(super) fn notes(roster: &Roster, program: &Program) -> Vec<String> {
    let (leaders, rooms) = (roster.leaders(), roster.rooms());
    let tables = [
        ("leaders", !leaders.is_empty()),
        ("rooms", !rooms.is_empty()),
    ];
    let mut notes = Vec::new();
    if !program.meetings.is_assigned(roster) {
        for (table, given) in tables {
            if given {
                notes.push(format!(
                    "the table {table} has no effect where meetings.assign is false"
                ));
            }
        }
        if program.meetings.travel != Travel::default() {
            notes.push("meetings.travel has no effect where no slots are assigned".to_owned());
        }
        return notes;
    }
    if program.meetings.travel != Travel::default() && !roster.has_sites() {
        notes.push("meetings.travel has no effect where nobody has a site".to_owned());
    }
    let idle = leaders.iter().filter(|leader| !leader.can_lead()).count();
    if idle > 0 {
        notes.push(format!(
            "{idle} of {} cannot lead: for that a site, a slot and a capacity above 0 are needed",
            counted(leaders.len(), "leader")
        ));
    }
    let sites: [BTreeSet<Code>; 2] = [
        leaders
            .iter()
            .flat_map(|leader| &leader.sites)
            .copied()
            .collect(),
        rooms.iter().map(|room| room.site).collect(),
    ];
    let slots: [BTreeSet<Code>; 2] = [
        leaders
            .iter()
            .flat_map(|leader| &leader.slots)
            .copied()
            .collect(),
        rooms.iter().map(|room| room.slot).collect(),
    ];
    let known = people(roster, |role, ix, out: &mut BTreeSet<Code>| {
        out.extend(roster.side(role).site(ix));
    });
    let free = people(roster, |role, ix, out| {
        out.extend(roster.side(role).slots(ix).unwrap_or_default());
    });
    for ((table, _), (sites, slots)) in tables.into_iter().zip(sites.iter().zip(&slots)) {
        if roster.has_sites() {
            notes.extend(unknown_sites(roster, table, sites, &known));
        }
        if !slots.is_empty() && slots.is_disjoint(&free) {
            notes.push(format!(
                "nobody is free in any slot of the table {table}, so no pair can meet"
            ));
        }
    }
    notes
}

/// What is collected of everybody.
fn people(roster: &Roster, collect: impl Fn(Role, usize, &mut BTreeSet<Code>)) -> BTreeSet<Code> {
    let mut out = BTreeSet::new();
    for role in [Role::Mentee, Role::Mentor] {
        for ix in 0..roster.side(role).len() {
            collect(role, ix, &mut out);
        }
    }
    out
}

fn unknown_sites(
    roster: &Roster,
    table: &str,
    sites: &BTreeSet<Code>,
    known: &BTreeSet<Code>,
) -> Vec<String> {
    let word = |site: &Code| roster.sites().word(*site);
    let unknown = sites.difference(known).map(|site| {
        let near = nearest(word(site), known.iter().map(word));
        let hint = near.map_or_else(String::new, |near| format!("; did you mean {near:?}?"));
        format!(
            "nobody is at the site {:?} of the table {table}{hint}",
            word(site)
        )
    });
    unknown.collect()
}

#[cfg(test)]
mod tests {
    use crate::{Leader, Person, Program, Room, Roster, RosterBuilder, Travel};

    fn people() -> RosterBuilder {
        Roster::builder()
            .mentee(Person::new("e1").site("Lincoln").slots(["Mon"]))
            .mentor(Person::new("m1").site("Lincoln").slots(["Mon"]))
    }

    fn lea() -> Leader {
        Leader::new("lea")
            .site("Lincoln")
            .slots(["Mon"])
            .capacity(8)
    }

    fn notes(builder: RosterBuilder, set: impl FnOnce(&mut Program)) -> Vec<String> {
        let mut program = Program::default();
        set(&mut program);
        let roster = builder.build().expect("a roster");
        super::notes(&roster, &program)
    }

    #[test]
    fn what_has_an_effect_is_not_noted() {
        let room = Room::new("Mon").site("Lincoln").capacity(3);
        let all = people().leader(lea()).room(room);
        let none: [&str; 0] = [];
        assert_eq!(
            notes(all, |program| program.meetings.travel = Travel::Either),
            none
        );
        assert_eq!(notes(people(), |_| ()), none);
    }

    #[test]
    fn tables_and_settings_without_effect_are_noted() {
        let room = Room::new("Mon").site("Lincoln").capacity(3);
        let all = people().leader(lea()).room(room);
        let off = |program: &mut Program| program.meetings.assign = Some(false);
        assert_eq!(
            notes(all, off),
            [
                "the table leaders has no effect where meetings.assign is false",
                "the table rooms has no effect where meetings.assign is false",
            ]
        );
        let travel = |program: &mut Program| program.meetings.travel = Travel::Either;
        assert_eq!(
            notes(people(), travel),
            ["meetings.travel has no effect where no slots are assigned"]
        );
        let without = Roster::builder()
            .mentee(Person::new("e1").slots(["Mon"]))
            .mentor(Person::new("m1").slots(["Mon"]));
        assert_eq!(
            notes(without.leader(lea()), travel),
            ["meetings.travel has no effect where nobody has a site"]
        );
    }

    #[test]
    fn leaders_and_rooms_that_nobody_can_use_are_noted() {
        let leaders = [
            lea(),
            Leader::new("abe").site("Lincoln").capacity(8),
            Leader::new("bea").slots(["Mon"]).capacity(8),
            Leader {
                id: "cal".into(),
                ..lea()
            }
            .capacity(0),
            Leader {
                id: "dan".into(),
                ..lea()
            }
            .max_slots(0),
        ];
        let builder = leaders.into_iter().fold(people(), RosterBuilder::leader);
        assert_eq!(
            notes(builder, |_| ()),
            [
                "4 of 5 leaders cannot lead: for that a site, a slot and a capacity above 0 are needed"
            ]
        );
        let room = |site: &str| Room::new("mon").site(site).capacity(1);
        assert_eq!(
            notes(people().room(room("Lincon")).room(room("Grant")), |_| ()),
            [
                "nobody is at the site \"Grant\" of the table rooms",
                "nobody is at the site \"Lincon\" of the table rooms; did you mean \"Lincoln\"?",
                "nobody is free in any slot of the table rooms, so no pair can meet",
            ]
        );
    }
}
