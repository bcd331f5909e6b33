//! Leaders, as far as some places are concerned.

use std::collections::HashSet;

use super::Place;
use super::staffing::MAX_LISTED;
use crate::roster::Roster;

/// A leader as far as these places are concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Team {
    /// The leader's place in the roster.
    pub(crate) leader: usize,
    /// The places at which the leader can be, by slot.
    pub(crate) slots: Vec<Vec<usize>>,
    /// Pairs at one time.
    pub(crate) capacity: u32,
    /// In how many slots the leader can be.
    pub(crate) most: usize,
}

impl Team {
    /// The leaders who can be at one of these places.
    pub(super) fn all(roster: &Roster, places: &[Place]) -> Vec<Self> {
        let leaders = roster.leaders().iter().enumerate();
        let teams = leaders.map(|(leader, listed)| {
            let in_slot = |slot: &u32| {
                let at = places.iter().enumerate();
                let at = at
                    .filter(|(_, place)| place.slot == *slot && listed.sites.contains(&place.site));
                at.map(|(ix, _)| ix).collect::<Vec<usize>>()
            };
            let slots: Vec<Vec<usize>> = listed.slots.iter().map(in_slot).collect();
            let slots: Vec<Vec<usize>> = slots.into_iter().filter(|at| !at.is_empty()).collect();
            let most = listed.max_slots.map_or(usize::MAX, |most| most as usize);
            Self {
                leader,
                most: most.min(slots.len()),
                slots,
                capacity: listed.capacity,
            }
        });
        teams
            .filter(|team| team.most > 0 && team.capacity > 0)
            .collect()
    }

    /// Every choice of as many slots as the leader has time for, with a place in each.
    pub(super) fn choices(&self) -> Vec<Vec<usize>> {
        let mut choices = Vec::new();
        let mut chosen = Vec::new();
        self.choose(0, &mut chosen, &mut choices);
        choices
    }

    fn choose(&self, slot: usize, chosen: &mut Vec<usize>, choices: &mut Vec<Vec<usize>>) {
        let open = self.most - chosen.len();
        if open == 0 {
            choices.push(chosen.clone());
            return;
        }
        if self.slots.len() - slot > open {
            self.choose(slot + 1, chosen, choices);
        }
        if choices.len() > MAX_LISTED {
            return;
        }
        for &place in &self.slots[slot] {
            chosen.push(place);
            self.choose(slot + 1, chosen, choices);
            chosen.pop();
        }
    }
}

/// Puts the leaders from the next one on, until nothing is left to be supervised, or so many dead ends are known.
pub(super) fn place(
    teams: &[Team],
    left: &mut Vec<i64>,
    chosen: &mut Vec<Vec<usize>>,
    dead: &mut HashSet<(usize, Vec<i64>)>,
    most: usize,
) -> bool {
    let Some(team) = teams.get(chosen.len()) else {
        return left.iter().all(|left| *left <= 0);
    };
    let clipped: Vec<i64> = left.iter().map(|left| (*left).max(0)).collect();
    if dead.len() >= most || dead.contains(&(chosen.len(), clipped.clone())) {
        return false;
    }
    let mut choices = team.choices();
    let serves = |choice: &Vec<usize>| -> i64 {
        let served = choice
            .iter()
            .map(|place| left[*place].clamp(0, team.capacity.into()));
        served.sum()
    };
    choices.sort_by_cached_key(|choice| std::cmp::Reverse(serves(choice)));
    for choice in choices {
        for &at in &choice {
            left[at] -= i64::from(team.capacity);
        }
        chosen.push(choice.clone());
        if place(teams, left, chosen, dead, most) {
            return true;
        }
        chosen.pop();
        for &at in &choice {
            left[at] += i64::from(team.capacity);
        }
    }
    dead.insert((chosen.len(), clipped));
    false
}
