//! How many pairs each place can hold, by where leaders are put.

use std::collections::{BTreeMap, BTreeSet};

use super::Place;
use crate::certificate::stages::LevelPrices;
use crate::roster::Roster;

/// Different capacities up to which they are listed; few in tests, so that small programmes have trees over staffings,
/// too.
pub(crate) const MAX_LISTED: usize = if cfg!(test) { 6 } else { 200_000 };

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

/// A leader at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seat {
    /// The leader's number among the teams.
    pub(crate) team: usize,
    /// Which of the leader's slots.
    pub(crate) slot: usize,
    pub(crate) place: usize,
    /// How many pairs the leader can hold there, as far as there is room.
    pub(crate) pairs: u32,
}

/// The leaders who can hold at least so many pairs at a place. Those of one place are within one another, and how many
/// there are of each says what the place can hold, whoever they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Crew {
    pub(crate) place: usize,
    pub(crate) pairs: u32,
}

/// What a place can hold by mixed-integer rounding (Nemhauser and Wolsey, *A recursive procedure to generate all cuts for 0-1
/// mixed integer programs*, 1990): with room `R = q·d + r`, and `0 < r < d`, no more than `R − r·(q + 1)` and
/// `r·⌊C/d⌋ + min(r, C mod d)` for every leader who is there and can hold `C`. So half a leader is worth less than half.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rounding {
    pub(crate) place: usize,
    /// The divisor, `d`.
    pub(crate) by: u32,
    /// What it comes to without any leader, at 0 or below.
    pub(crate) base: i64,
    /// What each seat adds, by its number.
    pub(crate) adds: Vec<(usize, i64)>,
}

/// By crew, what one leader more or fewer would add; above 0 where there are as many as there may be.
pub(crate) type CrewPrices = BTreeMap<Crew, i64>;

/// What is decided of where leaders are.
#[derive(Debug, Clone, Default)]
pub(crate) struct Staffed {
    /// By the number of a seat, whether it is taken.
    pub(crate) seats: BTreeMap<usize, bool>,
    /// How many leaders of a crew there are, at least and at most.
    pub(crate) crews: BTreeMap<Crew, (u32, u32)>,
}

impl Staffed {
    /// At most so many of a crew, or more.
    pub(crate) fn counted(&self, crew: Crew, most: u32, is_more: bool) -> Self {
        let mut counted = self.clone();
        let (least, greatest) = counted.crews.entry(crew).or_insert((0, u32::MAX));
        match is_more {
            true => *least = (*least).max(most.saturating_add(1)),
            false => *greatest = (*greatest).min(most),
        }
        counted
    }

    /// How many leaders a price of a crew is paid for: as many as there may be or, below 0, as there must be; `None` where nothing
    /// is decided that the price could be of.
    pub(crate) fn paid_for(&self, crew: Crew, price: i64) -> Option<u32> {
        let (least, most) = *self.crews.get(&crew)?;
        match price.signum() {
            1 => Some(most).filter(|most| *most < u32::MAX),
            -1 => Some(least).filter(|least| *least > 0),
            _ => None,
        }
    }

    /// How many there may be of a crew that has so many seats.
    pub(crate) fn range(&self, crew: Crew, seats: u32) -> (u32, u32) {
        let (least, most) = self.crews.get(&crew).copied().unwrap_or((0, seats));
        (least, most.min(seats))
    }
}

/// The capacities that the places can have.
#[derive(Debug, Clone, Default)]
pub(crate) struct Staffing {
    /// The most pairs that each place has room for.
    room: Vec<u32>,
    /// The leaders, if pairs need one.
    pub(crate) teams: Option<Vec<Team>>,
    /// By team and slot.
    seats: Vec<Seat>,
    /// Each with its seats.
    crews: BTreeMap<Crew, Vec<usize>>,
    /// By place and divisor; none where capacities are listed.
    roundings: Vec<Rounding>,
    /// Every capacity vector that is not below another of the same staffing of all leaders, ascending; none if
    /// there are more than [`MAX_LISTED`].
    listed: Option<Vec<Box<[u32]>>>,
}

impl Staffing {
    /// Of the room of each place, and of leaders, if pairs need one.
    pub(super) fn new(room: Vec<u32>, teams: Option<Vec<Team>>) -> Self {
        let mut seats = Vec::new();
        for (number, team) in teams.iter().flatten().enumerate() {
            for (slot, places) in team.slots.iter().enumerate() {
                seats.extend(places.iter().map(|&place| Seat {
                    team: number,
                    slot,
                    place,
                    pairs: team.capacity.min(room[place]),
                }));
            }
        }
        let crews = crews(&seats);
        let mut staffing = Self {
            room,
            teams,
            seats,
            crews,
            roundings: Vec::new(),
            listed: None,
        };
        staffing.listed = staffing.list();
        if staffing.listed.is_none() {
            let crews = staffing.crews.keys();
            let roundings = crews.filter_map(|crew| staffing.rounding(*crew));
            staffing.roundings = roundings.collect();
        }
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
            let too_many = choices.len() > MAX_LISTED;
            if too_many || choices.len().saturating_mul(all.len()) > 64 * MAX_LISTED {
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
                if next.len() > MAX_LISTED {
                    return None;
                }
            }
            all = next;
        }
        Some(all.into_iter().collect())
    }

    /// What a place can hold, rounded by what the least of a crew can hold there.
    fn rounding(&self, crew: Crew) -> Option<Rounding> {
        let Crew { place, pairs: by } = crew;
        let (room, by) = (i64::from(self.room[place]), i64::from(by));
        let rest = room % by;
        let own = self.seats.iter().enumerate();
        let own = own.filter(|(_, seat)| seat.place == place);
        let adds = own.map(|(number, seat)| {
            let pairs = i64::from(seat.pairs);
            (number, rest * (pairs / by) + rest.min(pairs % by))
        });
        (rest > 0).then(|| Rounding {
            place,
            by: crew.pairs,
            base: room - rest * (room / by + 1),
            adds: adds.collect(),
        })
    }

    /// By place and divisor.
    pub(crate) fn roundings(&self) -> &[Rounding] {
        &self.roundings
    }

    /// The most pairs that each place has room for.
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

    /// By team and slot.
    pub(crate) fn seats(&self) -> &[Seat] {
        &self.seats
    }

    /// Every crew, with its seats.
    pub(crate) fn crews(&self) -> &BTreeMap<Crew, Vec<usize>> {
        &self.crews
    }

    /// At most what prices times capacities come to, over all staffings that keep to what is decided. Of a place's
    /// price, `rooms` is paid for room, `rounded` for what roundings say, and the rest for leaders, less what those of a crew
    /// cost of whom so many are decided.
    pub(crate) fn most(
        &self,
        LevelPrices {
            places,
            rooms,
            rounded,
            ..
        }: &LevelPrices,
        of_crews: &CrewPrices,
        decided: &Staffed,
    ) -> i128 {
        let Some(teams) = &self.teams else {
            return worth(places, &self.room);
        };
        let mut sum = worth(rooms, &self.room);
        let mut of_leaders = places.clone();
        for (place, room) in of_leaders.iter_mut().zip(rooms) {
            *place -= room;
        }
        for of in rounded {
            of_leaders[of.place] -= of.price;
        }
        let worth_of = |seat: &Seat| i128::from(of_leaders[seat.place]) * i128::from(seat.pairs);
        let mut worths: Vec<i128> = self.seats.iter().map(worth_of).collect();
        for of in rounded {
            let price = i128::from(of.price);
            let found = self
                .roundings
                .binary_search_by_key(&(of.place, of.by), |rounding| (rounding.place, rounding.by));
            let rounding = &self.roundings[found.expect("prices are of roundings that there are")];
            sum += price * i128::from(rounding.base);
            for (seat, adds) in &rounding.adds {
                worths[*seat] += price * i128::from(*adds);
            }
        }
        for (crew, price) in of_crews {
            let Some(count) = decided.paid_for(*crew, *price) else {
                continue;
            };
            let price = i128::from(*price);
            sum += price * i128::from(count);
            for seat in &self.crews[crew] {
                worths[*seat] -= price;
            }
        }
        let mut number = 0;
        for of_team in self.seats.chunk_by(|a, b| a.team == b.team) {
            let mut open = teams[of_team[0].team].most;
            let mut free: Vec<i128> = Vec::new();
            for in_slot in of_team.chunk_by(|a, b| a.slot == b.slot) {
                let (mut taken, mut best) = (None, 0);
                for _ in in_slot {
                    let worth = worths[number];
                    match decided.seats.get(&number) {
                        Some(true) => taken = Some(worth),
                        Some(false) => {}
                        None => best = worth.max(best),
                    }
                    number += 1;
                }
                match taken {
                    Some(worth) => {
                        sum += worth;
                        open = open.saturating_sub(1);
                    }
                    None => free.push(best),
                }
            }
            free.sort_unstable_by(|a, b| b.cmp(a));
            sum += free.iter().take(open).sum::<i128>();
        }
        sum
    }

    /// The places of every leader that come the nearest to so much of every seat.
    pub(crate) fn nearest(&self, taken: &[f64]) -> Vec<Vec<usize>> {
        let teams = self.teams.as_deref().unwrap_or_default();
        let mut placed = vec![Vec::new(); teams.len()];
        let seats = || self.seats.iter().zip(taken);
        for (number, team) in teams.iter().enumerate() {
            let mut own: Vec<(&Seat, &f64)> =
                seats().filter(|(seat, _)| seat.team == number).collect();
            own.sort_by(|a, b| b.1.total_cmp(a.1));
            let mut slots = BTreeSet::new();
            for (seat, _) in own {
                if slots.len() < team.most && slots.insert(seat.slot) {
                    placed[number].push(seat.place);
                }
            }
        }
        placed
    }

    /// The teams of whom a seat is not decided.
    pub(crate) fn undecided(&self, decided: &Staffed) -> BTreeSet<usize> {
        let seats = self.seats.iter().enumerate();
        let open = seats.filter(|(ix, _)| !decided.seats.contains_key(ix));
        open.map(|(_, seat)| seat.team).collect()
    }

    /// The staffings in which one leader is elsewhere and worth more at these prices, the best first.
    pub(crate) fn trades(&self, placed: &[Vec<usize>], prices: &[i64]) -> Vec<Vec<Vec<usize>>> {
        let worth = |seat: &Seat| i128::from(prices[seat.place]) * i128::from(seat.pairs);
        let mut trades = Vec::new();
        for of_team in self.seats.chunk_by(|a, b| a.team == b.team) {
            let team = of_team[0].team;
            let (mine, others): (Vec<&Seat>, Vec<&Seat>) = of_team
                .iter()
                .partition(|seat| placed[team].contains(&seat.place));
            for from in &mine {
                for to in &others {
                    let is_free = mine
                        .iter()
                        .all(|seat| seat.place == from.place || seat.slot != to.slot);
                    let gain = worth(to) - worth(from);
                    if is_free && gain > 0 {
                        trades.push((std::cmp::Reverse(gain), team, from.place, to.place));
                    }
                }
            }
        }
        trades.sort_unstable();
        let trades = trades.into_iter().map(|(_, team, from, to)| {
            let mut placed = placed.to_vec();
            placed[team].retain(|place| *place != from);
            placed[team].push(to);
            placed
        });
        trades.collect()
    }

    /// What every seat of a staffing is.
    pub(crate) fn as_decided(&self, placed: &[Vec<usize>]) -> BTreeMap<usize, bool> {
        let seats = self.seats.iter().enumerate();
        seats
            .map(|(ix, seat)| (ix, placed[seat.team].contains(&seat.place)))
            .collect()
    }

    /// A capacity a place that no staffing exceeds which keeps to what is decided.
    pub(crate) fn at_most(&self, decided: &Staffed) -> Box<[u32]> {
        if self.teams.is_none() {
            return self.room.clone().into();
        }
        let seats = self.seats.iter().enumerate();
        let open = seats.filter(|(number, _)| decided.seats.get(number) != Some(&false));
        let mut open: Vec<&Seat> = open.map(|(_, seat)| seat).collect();
        // Of crews that are within one another, the greatest first are the most.
        open.sort_by_key(|seat| std::cmp::Reverse(seat.pairs));
        let mut left: BTreeMap<Crew, u32> = BTreeMap::new();
        left.extend(decided.crews.iter().map(|(crew, (_, most))| (*crew, *most)));
        let mut most = vec![0u32; self.room.len()];
        for seat in open {
            let of_place = Crew {
                place: seat.place,
                pairs: 0,
            }..=Crew {
                place: seat.place,
                pairs: seat.pairs,
            };
            if left.range(of_place.clone()).any(|(_, left)| *left == 0) {
                continue;
            }
            for (_, left) in left.range_mut(of_place) {
                *left -= 1;
            }
            most[seat.place] = most[seat.place].saturating_add(seat.pairs);
        }
        let most = most.iter().zip(&self.room);
        most.map(|(most, room)| *most.min(room)).collect()
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

/// The crews of all seats.
fn crews(seats: &[Seat]) -> BTreeMap<Crew, Vec<usize>> {
    let all = seats.iter().map(|seat| Crew {
        place: seat.place,
        pairs: seat.pairs,
    });
    let mut crews: BTreeMap<Crew, Vec<usize>> = all.map(|crew| (crew, Vec::new())).collect();
    for (number, seat) in seats.iter().enumerate() {
        let of_place = Crew {
            place: seat.place,
            pairs: 0,
        };
        let greatest = Crew {
            pairs: seat.pairs,
            ..of_place
        };
        for (_, of_crew) in crews.range_mut(of_place..=greatest) {
            of_crew.push(number);
        }
    }
    crews
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
