//! What limits places: rooms, leaders and the slots in which they are there.

use crate::error::Place;
use crate::words::counted;

use super::ConstraintKind;
use super::roster::{Names, add};
use super::statement::{Scope, Statement};

impl Names<'_> {
    /// The limits of rooms and leaders, in groups of a kind.
    pub(super) fn of_places(&self, statement: &mut Statement) -> Vec<Vec<usize>> {
        let Some((roster, _)) = statement.places else {
            return Vec::new();
        };
        let place = |table: &str, row: Option<usize>, column: Option<&str>| Place {
            table: Some(table.to_owned()),
            row,
            column: column.map(str::to_owned),
            ..Place::default()
        };
        let (mut rooms, mut capacities, mut slots) = (Vec::new(), Vec::new(), Vec::new());
        let mut tables = Vec::new();
        for (ix, room) in roster.rooms().iter().enumerate() {
            let site = roster.meeting_site_name(room.site);
            let at = if site.is_empty() {
                String::new()
            } else {
                format!("at {site} ")
            };
            let at = format!("{at}in the slot {}", roster.slots().word(room.slot));
            let what = format!(
                "room for at most {} {at}",
                counted(room.capacity as usize, "pair")
            );
            let (kind, scope) = (ConstraintKind::Room, Scope::Room(ix));
            let place = place("rooms", Some(room.row), Some("capacity"));
            let name = format!("the capacity of the room {at}");
            rooms.push(add(
                statement,
                kind,
                what,
                place,
                1,
                scope,
                room.capacity,
                name,
            ));
        }
        if !roster.rooms().is_empty() {
            let what = "pairs meet only where the table of rooms has one".to_owned();
            let (kind, scope) = (ConstraintKind::Rooms, Scope::Rooms);
            let name = "the table of rooms".to_owned();
            let place = place("rooms", None, None);
            tables.push(add(
                statement,
                kind,
                what,
                place,
                roster.rooms().len(),
                scope,
                1,
                name,
            ));
        }
        for (ix, leader) in roster.leaders().iter().enumerate() {
            let who = format!("leader {:?}", leader.id);
            let what = format!(
                "{who} has at most {} at one time",
                counted(leader.capacity as usize, "pair")
            );
            let (kind, scope) = (ConstraintKind::LeaderCapacity, Scope::LeaderCapacity(ix));
            let cell = place("leaders", Some(leader.row), Some("capacity"));
            let name = format!("capacity of {who}");
            capacities.push(add(
                statement,
                kind,
                what,
                cell,
                1,
                scope,
                leader.capacity,
                name,
            ));
            if let Some(most) = leader.max_slots {
                let what = format!(
                    "{who} is there in at most {} a week",
                    counted(most as usize, "slot")
                );
                let (kind, scope) = (ConstraintKind::LeaderSlots, Scope::LeaderSlots(ix));
                let cell = place("leaders", Some(leader.row), Some("max_slots"));
                let name = format!("max_slots of {who}");
                slots.push(add(statement, kind, what, cell, 1, scope, most, name));
            }
        }
        if !roster.leaders().is_empty() {
            let what = "every pair meets where and when a leader is free".to_owned();
            let (kind, scope) = (ConstraintKind::Leaders, Scope::Leaders);
            let name = "the table of leaders".to_owned();
            let place = place("leaders", None, None);
            let count = roster.leaders().len();
            tables.push(add(statement, kind, what, place, count, scope, 1, name));
        }
        let tables = tables.into_iter().map(|ix| vec![ix]);
        [slots, capacities, rooms]
            .into_iter()
            .chain(tables)
            .collect()
    }
}
