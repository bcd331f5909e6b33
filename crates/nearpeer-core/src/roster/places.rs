//! Leaders and rooms, checked and in canonical order.

use super::columns::{Words, set, word};
use super::staff::{Leader, Room};
use super::{Code, MAX_LOAD, MAX_PEOPLE, Roster, Vocabulary};
use crate::error::Error;

/// The most pairs at one time that are believed of a leader or a room.
pub const MAX_CAPACITY: u32 = 1_000_000;

/// The site of everybody and everything where neither mentees nor mentors have sites.
const ONLY_SITE: Code = 0;

/// A leader of a roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedLeader {
    /// The name that is unique among leaders.
    pub id: String,
    /// Codes in [`Roster::sites`] of the sites that the leader can be at, ascending; in each slot at one.
    pub sites: Vec<Code>,
    /// Codes in [`Roster::slots`] of the slots in which the leader is free, ascending.
    pub slots: Vec<Code>,
    /// Pairs at one time.
    pub capacity: u32,
    /// Slots a week, where there is a limit.
    pub max_slots: Option<u32>,
    /// The row of the input table, counted from 1.
    pub row: usize,
}

impl ListedLeader {
    /// Whether the leader can supervise any pair: has a site, a slot and a capacity.
    #[must_use]
    pub fn can_lead(&self) -> bool {
        let somewhere = !self.sites.is_empty() && !self.slots.is_empty();
        somewhere && self.capacity > 0 && self.max_slots != Some(0)
    }
}

/// The room that a site has in a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListedRoom {
    /// Code in [`Roster::sites`].
    pub site: Code,
    /// Code in [`Roster::slots`].
    pub slot: Code,
    /// Pairs at one time.
    pub capacity: u32,
    /// The row of the input table, counted from 1.
    pub row: usize,
}

impl Roster {
    /// The leaders, sorted by id; none if no such table is given, for one without rows is refused.
    #[must_use]
    pub fn leaders(&self) -> &[ListedLeader] {
        &self.leaders
    }

    /// The rooms, sorted by the names of site and slot, each pair of these once; none if no such table is
    /// given, for one without rows is refused. Where there are some, a site has no room in any other slot.
    #[must_use]
    pub fn rooms(&self) -> &[ListedRoom] {
        &self.rooms
    }

    /// Whether mentees or mentors have a column of sites. If not, all meetings are at one nameless site.
    #[must_use]
    pub fn has_sites(&self) -> bool {
        [&self.mentees, &self.mentors].map(|side| side.has(super::Field::Site)) != [false, false]
    }

    /// The site of a person, as far as meetings are concerned: `None` if sites are given and the person's is
    /// not, the one nameless site if none are given.
    #[must_use]
    pub fn meeting_site(&self, role: super::Role, ix: usize) -> Option<Code> {
        if self.has_sites() {
            self.side(role).site(ix)
        } else {
            Some(ONLY_SITE)
        }
    }

    /// The name of a site of meetings; empty if people have no sites.
    ///
    /// # Panics
    /// If the code is of another vocabulary.
    #[must_use]
    pub fn meeting_site_name(&self, site: Code) -> &str {
        if self.has_sites() {
            self.sites.word(site)
        } else {
            ""
        }
    }
}

/// Puts leaders in canonical order.
///
/// # Errors
/// See [`RosterBuilder::build`](super::RosterBuilder::build).
pub(super) fn leaders(
    given: Option<Vec<Leader>>,
    has_sites: bool,
    words: &mut Words,
) -> Result<Vec<ListedLeader>, Error> {
    const TABLE: &str = "leaders";
    let mut rows = rows(TABLE, given)?;
    rows.sort_by(|a, b| a.1.id.cmp(&b.1.id).then(a.0.cmp(&b.0)));
    let mut out: Vec<ListedLeader> = Vec::with_capacity(rows.len());
    for (row, leader) in rows {
        let fault = |column: &str, value: &str, message: &str| {
            let error = Error::input(message).in_column(column).with_value(value);
            Err(error.in_table(TABLE).in_row(row))
        };
        if leader.id.trim().is_empty() {
            return fault("id", &leader.id, "every leader needs an id");
        }
        if let Some(before) = out.last().filter(|before| before.id == leader.id) {
            let message = format!("the id was used before, in row {}", before.row);
            return fault("id", &leader.id, &message);
        }
        let capacity =
            capacity(leader.capacity).map_err(|error| error.in_table(TABLE).in_row(row))?;
        if let Some(most) = leader.max_slots.filter(|most| *most > MAX_LOAD) {
            let message = format!("a number of slots is a whole number from 0 to {MAX_LOAD}");
            return fault("max_slots", &most.to_string(), &message);
        }
        out.push(ListedLeader {
            sites: set(&mut words.sites, Some(leader.sites)).unwrap_or_default(),
            slots: set(&mut words.slots, Some(leader.slots)).unwrap_or_default(),
            id: leader.id,
            capacity,
            max_slots: leader.max_slots,
            row,
        });
    }
    if !has_sites {
        one_site(
            TABLE,
            &words.sites,
            out.iter().map(|leader| (leader.row, &leader.sites[..])),
        )?;
        for leader in &mut out {
            leader.sites = vec![ONLY_SITE];
        }
    }
    Ok(out)
}

/// Puts rooms in canonical order.
///
/// # Errors
/// See [`RosterBuilder::build`](super::RosterBuilder::build).
pub(super) fn rooms(
    given: Option<Vec<Room>>,
    has_sites: bool,
    words: &mut Words,
) -> Result<Vec<ListedRoom>, Error> {
    const TABLE: &str = "rooms";
    let mut rows = rows(TABLE, given)?;
    rows.sort_by(|a, b| {
        place(&a.1, has_sites)
            .cmp(&place(&b.1, has_sites))
            .then(a.0.cmp(&b.0))
    });
    let mut out: Vec<ListedRoom> = Vec::with_capacity(rows.len());
    for (row, room) in rows {
        let fault = |column: &str, value: &str, message: &str| {
            let error = Error::input(message).in_column(column).with_value(value);
            Err(error.in_table(TABLE).in_row(row))
        };
        let site = match word(&mut words.sites, room.site) {
            Some(site) => site,
            None if has_sites => return fault("site", "", "every room needs a site"),
            None => ONLY_SITE,
        };
        if !has_sites && site != ONLY_SITE {
            one_site(TABLE, &words.sites, [(row, &[ONLY_SITE, site][..])])?;
        }
        let Some(slot) = word(&mut words.slots, Some(room.slot)) else {
            return fault("slot", "", "every room needs a slot");
        };
        let capacity =
            capacity(room.capacity).map_err(|error| error.in_table(TABLE).in_row(row))?;
        let same = |before: &&ListedRoom| (before.site, before.slot) == (site, slot);
        if let Some(before) = out.last().filter(same) {
            let message = format!(
                "the site has room in this slot already, in row {}",
                before.row
            );
            return fault("slot", words.slots.word(slot), &message);
        }
        out.push(ListedRoom {
            site,
            slot,
            capacity,
            row,
        });
    }
    Ok(out)
}

/// The rows of a table with their numbers.
fn rows<T>(table: &str, given: Option<Vec<T>>) -> Result<Vec<(usize, T)>, Error> {
    let Some(rows) = given else {
        return Ok(Vec::new());
    };
    match rows.len() {
        0 => Err(Error::input("the table has no rows").in_table(table)),
        1..=MAX_PEOPLE => Ok((1..).zip(rows).collect()),
        _ => Err(Error::input(format!("more than {MAX_PEOPLE} rows")).in_table(table)),
    }
}

fn capacity(pairs: Option<u32>) -> Result<u32, Error> {
    pairs.filter(|pairs| *pairs <= MAX_CAPACITY).ok_or_else(|| {
        let value = pairs.map_or_else(String::new, |pairs| pairs.to_string());
        let message =
            format!("a capacity, in pairs at one time, is a whole number from 0 to {MAX_CAPACITY}");
        Error::input(message)
            .in_column("capacity")
            .with_value(&value)
    })
}

/// The names of a room's site and slot, as far as they tell rooms apart.
fn place(room: &Room, has_sites: bool) -> (&str, &str) {
    let site = room.site.as_deref().filter(|_| has_sites);
    (site.unwrap_or_default().trim(), room.slot.trim())
}

/// # Errors
/// Where a site is named beside another, and people's are not known.
fn one_site<'a>(
    table: &str,
    sites: &Vocabulary,
    rows: impl IntoIterator<Item = (usize, &'a [Code])>,
) -> Result<(), Error> {
    for (row, named) in rows {
        if let Some(other) = named.iter().find(|site| **site != ONLY_SITE) {
            let message = format!(
                "neither mentees nor mentors have a column `site`, so there can only be one; {:?} is \
                 another",
                sites.word(ONLY_SITE)
            );
            let error = Error::input(message).in_table(table).in_row(row);
            return Err(error.in_column("site").with_value(sites.word(*other)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roster::{Person, Role, RosterBuilder};

    fn lea() -> Leader {
        Leader::new("lea")
            .site("Lincoln")
            .slots(["Mon"])
            .capacity(8)
    }

    fn mon() -> Room {
        Room::new("Mon").site("Lincoln").capacity(9)
    }

    fn with_sites() -> RosterBuilder {
        Roster::builder()
            .mentee(Person::new("e1").site("Lincoln").slots(["Mon", "Tue"]))
            .mentor(Person::new("m1").site("Grant").slots(["Mon"]))
    }

    fn without_sites() -> RosterBuilder {
        Roster::builder()
            .mentee(Person::new("e1").slots(["Mon", "Tue"]))
            .mentor(Person::new("m1").slots(["Mon"]))
    }

    fn message(builder: RosterBuilder) -> String {
        let error = builder.build().expect_err("the roster is faulty");
        error.to_string()
    }

    #[test]
    fn the_order_of_rows_is_canonical() {
        let abe = || Leader::new("abe").sites(["Grant", "Lincoln"]).capacity(1);
        let tue = || Room::new(" Tue").site("Grant").capacity(2);
        let one = with_sites()
            .leader(lea())
            .leader(abe())
            .room(mon())
            .room(tue());
        let other = with_sites()
            .leader(abe())
            .leader(lea())
            .room(tue())
            .room(mon());
        let [one, other] = [one, other].map(|builder| builder.build().expect("a roster"));
        let ids = |roster: &Roster| {
            roster
                .leaders()
                .iter()
                .map(|l| l.id.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(ids(&one), ["abe", "lea"]);
        assert_eq!(ids(&other), ["abe", "lea"]);
        for (a, b) in one.leaders().iter().zip(other.leaders()) {
            assert_eq!((&a.sites, &a.slots), (&b.sites, &b.slots));
        }
        let name = |roster: &Roster| {
            let rooms = roster.rooms().iter();
            let named = rooms.map(|room| {
                let slot = roster.slots().word(room.slot);
                format!(
                    "{} {slot} {}",
                    roster.meeting_site_name(room.site),
                    room.capacity
                )
            });
            named.collect::<Vec<_>>()
        };
        assert_eq!(name(&one), ["Grant Tue 2", "Lincoln Mon 9"]);
        assert_eq!(name(&one), name(&other));
        assert!(!one.leaders()[0].can_lead() && one.leaders()[1].can_lead());
    }

    #[test]
    fn without_sites_all_is_at_one() {
        let roster = without_sites()
            .leader(lea())
            .room(mon())
            .room(Room::new("Tue").capacity(1));
        let roster = roster.leader(Leader::new("abe").slots(["Tue"]).capacity(1));
        let roster = roster.build().expect("a roster");
        let here = roster.meeting_site(Role::Mentee, 0).expect("a site");
        assert!(
            roster
                .leaders()
                .iter()
                .all(|leader| leader.sites == [here] && leader.can_lead())
        );
        assert!(roster.rooms().iter().all(|room| room.site == here));
        assert_eq!(roster.meeting_site_name(here), "");
    }

    #[test]
    fn faults_name_table_row_column_and_value() {
        let message_of = |leader| message(with_sites().leader(lea()).leader(leader));
        assert_eq!(
            message_of(lea()),
            "table leaders, row 2, column `id`, value \"lea\": the id was used before, in row 1"
        );
        assert_eq!(
            message_of(Leader::new(" ").capacity(1)),
            "table leaders, row 2, column `id`, value \" \": every leader needs an id"
        );
        assert_eq!(
            message_of(Leader::new("abe")),
            "table leaders, row 2, column `capacity`, value \"\": a capacity, in pairs at one time, is a whole \
             number from 0 to 1000000"
        );
        assert_eq!(
            message_of(Leader::new("abe").capacity(1).max_slots(10_001)),
            "table leaders, row 2, column `max_slots`, value \"10001\": a number of slots is a whole number \
             from 0 to 10000"
        );
        let message_of = |room| message(with_sites().room(mon()).room(room));
        assert_eq!(
            message_of(mon().capacity(3)),
            "table rooms, row 2, column `slot`, value \"Mon\": the site has room in this slot already, in row 1"
        );
        assert_eq!(
            message_of(Room::new("Tue").capacity(1)),
            "table rooms, row 2, column `site`, value \"\": every room needs a site"
        );
        assert_eq!(
            message_of(Room::new(" ").site("Grant").capacity(1)),
            "table rooms, row 2, column `slot`, value \"\": every room needs a slot"
        );
        assert_eq!(
            message_of(Room::new("Tue").site("Grant").capacity(1_000_001)),
            "table rooms, row 2, column `capacity`, value \"1000001\": a capacity, in pairs at one time, is a \
             whole number from 0 to 1000000"
        );
        for faulty in [
            without_sites()
                .leader(lea())
                .leader(Leader::new("abe").site("Grant").capacity(1)),
            without_sites().leader(Leader::new("abe").sites(["Lincoln", "Grant"]).capacity(1)),
            without_sites()
                .leader(lea())
                .room(Room::new("Mon").site("Grant").capacity(1)),
        ] {
            let message = message(faulty);
            assert!(message.contains("there can only be one"), "{message}");
        }
        assert_eq!(
            message(
                without_sites()
                    .room(mon())
                    .room(Room::new("Tue").capacity(1))
                    .room(mon().site(""))
            ),
            "table rooms, row 3, column `slot`, value \"Mon\": the site has room in this slot already, in row 1"
        );
    }

    #[test]
    fn a_table_without_rows_is_refused() {
        let mut builder = with_sites();
        builder.declare_leaders();
        assert_eq!(message(builder), "table leaders: the table has no rows");
        let mut builder = with_sites();
        builder.declare_rooms();
        assert_eq!(message(builder), "table rooms: the table has no rows");
    }
}
