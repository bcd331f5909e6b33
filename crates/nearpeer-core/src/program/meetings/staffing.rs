//! How many pairs each place can hold, by where leaders are put.

use std::collections::BTreeSet;

use super::Place;
use crate::roster::Roster;

/// Different capacities up to which they are listed.
pub(crate) const MAX_LISTED: usize = 200_000;

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

    /// The most that the leader is worth at these prices, by slots.
    fn best(&self, prices: &[i64]) -> i128 {
        let best_of = |at: &Vec<usize>| at.iter().map(|place| prices[*place]).max().unwrap_or(0);
        let mut slots: Vec<i64> = self.slots.iter().map(best_of).collect();
        slots.sort_unstable_by(|a, b| b.cmp(a));
        let best: i128 = slots
            .iter()
            .take(self.most)
            .map(|price| i128::from(*price))
            .sum();
        best * i128::from(self.capacity)
    }

    /// Every choice of as many slots as the leader has time for, with a place in each.
    fn choices(&self) -> Vec<Vec<usize>> {
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

/// The capacities that the places can have.
#[derive(Debug, Clone, Default)]
pub(crate) struct Staffing {
    /// The room of each place, or a number that no match reaches.
    room: Vec<u32>,
    /// The leaders, if pairs need one.
    pub(crate) teams: Option<Vec<Team>>,
    /// Every capacity vector that is not below another of the same staffing of all leaders, ascending; none if
    /// there are more than [`MAX_LISTED`].
    listed: Option<Vec<Box<[u32]>>>,
}

impl Staffing {
    /// `most` is more pairs than there can be.
    pub(super) fn new(room: &[Option<u32>], teams: Option<Vec<Team>>, most: u32) -> Self {
        let room: Vec<u32> = room.iter().map(|room| room.unwrap_or(most)).collect();
        let mut staffing = Self {
            room,
            teams,
            listed: None,
        };
        staffing.listed = staffing.list();
        staffing
    }

    fn list(&self) -> Option<Vec<Box<[u32]>>> {
        let Some(teams) = &self.teams else {
            return Some(vec![self.room.clone().into()]);
        };
        let mut all: BTreeSet<Box<[u32]>> = BTreeSet::new();
        all.insert(vec![0; self.room.len()].into());
        for team in teams {
            let choices = team.choices();
            if choices.len().saturating_mul(all.len()) > 64 * MAX_LISTED {
                return None;
            }
            let mut next = BTreeSet::new();
            for capacities in &all {
                for choice in &choices {
                    let mut capacities = capacities.clone();
                    for &place in choice {
                        let sum = capacities[place].saturating_add(team.capacity);
                        capacities[place] = sum.min(self.room[place]);
                    }
                    next.insert(capacities);
                }
            }
            if next.len() > MAX_LISTED {
                return None;
            }
            all = next;
        }
        Some(all.into_iter().collect())
    }

    /// The room of each place, or a number that no match reaches.
    pub(crate) fn room(&self) -> &[u32] {
        &self.room
    }

    /// What places can hold where every leader is at these.
    pub(crate) fn held(&self, placed: &[Vec<usize>]) -> Box<[u32]> {
        let mut capacities = vec![0u32; self.room.len()];
        for (team, places) in self.teams.iter().flatten().zip(placed) {
            for &place in places {
                let sum = capacities[place].saturating_add(team.capacity);
                capacities[place] = sum.min(self.room[place]);
            }
        }
        capacities.into()
    }

    /// The capacity vectors, if they are listed.
    pub(crate) fn listed(&self) -> Option<&[Box<[u32]>]> {
        self.listed.as_deref()
    }

    /// At most what the places' prices times capacities come to, over all staffings.
    pub(crate) fn best(&self, prices: &[i64]) -> i128 {
        let worth = |capacities: &[u32]| worth(prices, capacities);
        if let Some(listed) = &self.listed {
            return listed.iter().map(|one| worth(one)).max().unwrap_or(0);
        }
        let by_room = worth(&self.room);
        let teams = self.teams.iter().flatten();
        teams
            .map(|team| team.best(prices))
            .sum::<i128>()
            .min(by_room)
    }

    /// A capacity a place that no staffing exceeds.
    pub(crate) fn most(&self) -> Vec<u32> {
        let Some(teams) = &self.teams else {
            return self.room.clone();
        };
        let mut most = vec![0u32; self.room.len()];
        for team in teams {
            for &place in team.slots.iter().flatten() {
                most[place] = most[place]
                    .saturating_add(team.capacity)
                    .min(self.room[place]);
            }
        }
        most
    }

    /// Puts leaders so that every place has what `needed` asks of it: the place of every leader's slots. `None`
    /// where that cannot be.
    pub(crate) fn place_leaders(&self, needed: &[u32]) -> Option<Vec<Vec<usize>>> {
        let teams = self.teams.as_deref().unwrap_or_default();
        let mut left: Vec<i64> = needed.iter().map(|needed| i64::from(*needed)).collect();
        let mut chosen = Vec::new();
        let dead = &mut std::collections::HashSet::new();
        place(teams, &mut left, &mut chosen, dead).then_some(chosen)
    }
}

/// Puts the leaders from the next one on, until nothing is left to be supervised.
fn place(
    teams: &[Team],
    left: &mut Vec<i64>,
    chosen: &mut Vec<Vec<usize>>,
    dead: &mut std::collections::HashSet<(usize, Vec<i64>)>,
) -> bool {
    let Some(team) = teams.get(chosen.len()) else {
        return left.iter().all(|left| *left <= 0);
    };
    let clipped: Vec<i64> = left.iter().map(|left| (*left).max(0)).collect();
    if dead.contains(&(chosen.len(), clipped.clone())) {
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
        if place(teams, left, chosen, dead) {
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

/// The sum of prices times capacities.
pub(crate) fn worth(prices: &[i64], capacities: &[u32]) -> i128 {
    let terms = prices.iter().zip(capacities);
    terms
        .map(|(price, capacity)| i128::from(*price) * i128::from(*capacity))
        .sum()
}
