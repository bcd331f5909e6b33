//! The proof of a programme in which pairs have places, or constraints join them: what each part's prices prove of each level. The formula is
//! in [`stages`](crate::certificate::stages).

use std::collections::{BTreeMap, HashMap, HashSet};

use rayon::prelude::*;

use super::circles::Modes;
use super::meetings::{Meetings, Spot, Staff, Staffed, worth};
use super::options::go_on;
use super::statement::{Load, Statement};
use super::{fault, too_large};
use crate::certificate::stages::{LevelNode, LevelPrices, LevelProof, PartProof, StaffNode};
use crate::certificate::{Certificate, Level};
use crate::error::Error;
use crate::interrupt::StopFlag;
use crate::roster::Role;

/// Prices of mentors and places that a thread holds at one time.
const HELD_PRICES: usize = 1 << 20;

/// What the parts prove.
pub(super) struct Proven {
    /// The bound of every level.
    pub(super) bounds: Vec<i128>,
    pub(super) leaves: usize,
    pub(super) eligible: u64,
}

/// What branches have decided, by the part's numbers.
#[derive(Debug, Clone, Default)]
struct Decided {
    /// Pairs (mentee, mentor) with a place, or none for any: whether they are in the match, and there.
    pairs: BTreeMap<(u32, u32, Option<u32>), bool>,
    /// By mentees and mentors: whether a person is in any pair.
    people: [BTreeMap<u32, bool>; 2],
    /// Mentors and modes: whether the mentor is in the mode.
    modes: BTreeMap<(u32, u32), bool>,
}

impl Decided {
    /// Whether the pair is in the match, if that is decided.
    fn is_in(&self, mentee: u32, mentor: u32) -> Option<bool> {
        if self.people[0].get(&mentee) == Some(&false)
            || self.people[1].get(&mentor) == Some(&false)
        {
            return Some(false);
        }
        let of_pair = self.of_pair(mentee, mentor);
        let mut decided = of_pair.filter(|(place, is_in)| place.is_none() || *is_in);
        decided.next().map(|(_, is_in)| is_in)
    }

    fn of_pair(&self, mentee: u32, mentor: u32) -> impl Iterator<Item = (Option<u32>, bool)> {
        let all = (mentee, mentor, None)..=(mentee, mentor, Some(u32::MAX));
        let decided = self.pairs.range(all);
        decided.map(|((_, _, place), is_in)| (*place, *is_in))
    }

    /// Whether the mentor can be in a mode.
    fn may_be_in(&self, mentor: u32, mode: u32) -> bool {
        let mut modes = self.modes.range((mentor, 0)..=(mentor, u32::MAX));
        modes.all(|((_, of), is_in)| (*of == mode) == *is_in)
    }

    /// Whether the pair can meet at a place.
    fn may_meet(&self, mentee: u32, mentor: u32, place: u32) -> bool {
        let mut of_pair = self.of_pair(mentee, mentor);
        of_pair.all(|(decided, is_in)| match decided {
            None => true,
            Some(at) => (at == place) == is_in,
        })
    }

    /// By person of a side, the fewest pairs and, for those who have none, the most.
    fn loads(&self, side: usize) -> BTreeMap<u32, (u32, Option<u32>)> {
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for ((mentee, mentor, _), _) in self.pairs.iter().filter(|(_, is_in)| **is_in) {
            pairs.push((*mentee, *mentor));
        }
        // A pair may be decided, and then its place.
        pairs.dedup();
        let mut loads: BTreeMap<u32, (u32, Option<u32>)> = BTreeMap::new();
        for pair in pairs {
            let person = if side == 0 { pair.0 } else { pair.1 };
            loads.entry(person).or_default().0 += 1;
        }
        // A mode is one of a mentor who has somebody.
        for ((mentor, _), _) in self.modes.iter().filter(|(_, is_in)| side == 1 && **is_in) {
            let load = loads.entry(*mentor).or_default();
            load.0 = load.0.max(1);
        }
        for (person, has) in &self.people[side] {
            let load = loads.entry(*person).or_default();
            *load = match has {
                true => (load.0.max(1), None),
                false => (0, Some(0)),
            };
        }
        loads
    }
}

/// Prices of a level, and for which matches they speak.
struct Leaf<'a> {
    prices: &'a LevelPrices,
    /// The place of the level in the part's proof.
    level: usize,
    /// The place of the tree, if the prices are of one.
    tree: Option<usize>,
    decided: Decided,
    /// What one unit of each level counts; looked up before for what pairs need.
    weights: Weights,
    obligation: i128,
    score: i128,
}

/// What one unit of each level counts.
#[derive(Default)]
struct Weights(Vec<(Level, i128)>);

impl Weights {
    fn of(&self, level: Level) -> i128 {
        let weight = self.0.iter().find(|(other, _)| *other == level);
        weight.map_or(0, |(_, weight)| *weight)
    }

    /// What covering a mentee counts.
    fn first(&self, tier: (u32, bool)) -> i128 {
        let counted = self.0.iter().filter(|(level, _)| counts_for(*level, tier));
        counted.map(|(_, weight)| weight).sum()
    }
}

/// Whether covering a mentee of this tier, in a transition grade or not, adds to a level.
fn counts_for(level: Level, (tier, transition): (u32, bool)) -> bool {
    match level {
        Level::Priority(of) => of == tier,
        Level::Transition => transition,
        Level::Coverage => true,
        _ => false,
    }
}

/// A part of the programme with its claims.
struct Part<'a> {
    proof: &'a PartProof,
    /// By place of the proof.
    spots: Vec<Spot>,
    /// What the answer has in every level.
    values: Vec<i128>,
    /// By the roster's numbers.
    mentors: HashMap<u32, u32>,
    modes: Modes,
}

/// Works out what the parts prove of each level. `claims` are the pairs of the answer.
pub(super) fn levels(
    statement: &Statement,
    certificate: &Certificate,
    claims: &[(u32, u32, i64)],
    stop: &StopFlag,
) -> Result<Proven, Error> {
    if !certificate.nodes.is_empty() {
        return Err(fault("a proof by parts has no tree of the whole"));
    }
    let of_mentor = divided(statement, certificate)?;
    let meetings = statement.meetings.as_ref();
    if let Some(meetings) = meetings {
        parts_share_nothing(meetings, certificate)?;
    }
    if certificate.parts.len() > 1 && !statement.side.is_empty() {
        return Err(fault(
            "constraints join all people, and the proof has parts",
        ));
    }
    let mut proven = Proven {
        bounds: vec![0; statement.levels.len()],
        leaves: 0,
        eligible: 0,
    };
    let mut bounds = Vec::with_capacity(certificate.parts.len());
    for (number, proof) in certificate.parts.iter().enumerate() {
        let part = Part::new(statement, meetings, proof, claims)?;
        let (of_part, leaves, eligible) =
            part.bounds(statement, meetings, &of_mentor, number as u32, stop)?;
        proven.leaves += leaves;
        proven.eligible += eligible;
        let greatest = part.greatest(statement);
        bounds.push((of_part, part.values, greatest));
    }
    // A level's bounds add up as long as those of all levels before are met in every part.
    let mut is_met = true;
    for (level, sum) in proven.bounds.iter_mut().enumerate() {
        for (of_part, _, greatest) in &bounds {
            let bound = of_part.get(level).copied().filter(|_| is_met);
            *sum += bound.unwrap_or(greatest[level]).min(greatest[level]);
        }
        is_met &= bounds
            .iter()
            .all(|(of_part, values, _)| of_part.get(level) == Some(&values[level]));
    }
    Ok(proven)
}

/// The part of every mentor; everybody is in one part.
fn divided(statement: &Statement, certificate: &Certificate) -> Result<Vec<u32>, Error> {
    let mut of = [
        vec![u32::MAX; statement.mentees.len()],
        vec![u32::MAX; statement.mentors.len()],
    ];
    for (number, part) in (0u32..).zip(&certificate.parts) {
        let mentees = part.mentees.iter().map(|ix| (0, ix.get()));
        let mentors = part.mentors.iter().map(|ix| (1, ix.get()));
        for (side, ix) in mentees.chain(mentors) {
            match of[side].get_mut(ix) {
                Some(of) if *of == u32::MAX => *of = number,
                _ => return Err(fault("the proof's parts name somebody twice, or nobody")),
            }
        }
    }
    if of.iter().flatten().any(|of| *of == u32::MAX) {
        return Err(fault("somebody is in none of the proof's parts"));
    }
    let [_, mentors] = of;
    Ok(mentors)
}

/// A site at which people of a part can meet, and all sites that share a leader with it, are of no other part.
fn parts_share_nothing(meetings: &Meetings, certificate: &Certificate) -> Result<(), Error> {
    let roster = meetings.roster;
    let mut part_of: HashMap<String, usize> = HashMap::new();
    for (number, part) in certificate.parts.iter().enumerate() {
        for place in &part.places {
            if *part_of.entry(place.site.clone()).or_insert(number) != number {
                return Err(fault(format!(
                    "two of the proof's parts meet at the site {:?}",
                    place.site
                )));
            }
        }
    }
    for leader in roster.leaders() {
        let sites = leader.sites.iter();
        let parts: HashSet<usize> = sites
            .filter_map(|site| part_of.get(roster.meeting_site_name(*site)).copied())
            .collect();
        if parts.len() > 1 {
            return Err(fault(format!(
                "two of the proof's parts share the leader {:?}",
                leader.id
            )));
        }
    }
    Ok(())
}

impl<'a> Part<'a> {
    fn new(
        statement: &Statement,
        meetings: Option<&Meetings>,
        proof: &'a PartProof,
        claims: &[(u32, u32, i64)],
    ) -> Result<Self, Error> {
        let spots = proof.places.iter().map(|place| {
            let Some(Meetings { roster, .. }) = meetings else {
                return Err(fault(
                    "the proof has places, and the programme gives pairs none",
                ));
            };
            let site = match roster.has_sites() {
                true => roster.sites().code(&place.site),
                false => place.site.is_empty().then_some(0),
            };
            let spot = site.zip(roster.slots().code(&place.slot));
            spot.ok_or_else(|| {
                fault(format!(
                    "nobody is at the proof's place {:?}, {:?}",
                    place.site, place.slot
                ))
            })
        });
        let spots: Vec<Spot> = spots.collect::<Result<_, Error>>()?;
        if spots.iter().collect::<HashSet<_>>().len() < spots.len() {
            return Err(fault("the proof names a place twice"));
        }
        let mentees: HashSet<usize> = proof.mentees.iter().map(|ix| ix.get()).collect();
        let own: Vec<(u32, u32, i64)> = claims
            .iter()
            .copied()
            .filter(|claim| mentees.contains(&(claim.0 as usize)))
            .collect();
        let mentors = proof.mentors.iter().map(|ix| ix.get() as u32).zip(0..);
        let part: Vec<usize> = proof.mentees.iter().map(|ix| ix.get()).collect();
        Ok(Self {
            modes: Modes::new(statement.circles.as_ref(), &part, spots.len()),
            values: Self::values(statement, proof, &own),
            proof,
            spots,
            mentors: mentors.collect(),
        })
    }

    fn mentee_loads<'s>(
        &'s self,
        statement: &'s Statement,
    ) -> impl Iterator<Item = (Load, (u32, bool))> {
        let mentees = self.proof.mentees.iter();
        mentees.map(|ix| (statement.mentees[ix.get()], statement.tiers[ix.get()]))
    }

    fn mentor_loads<'s>(&'s self, statement: &'s Statement) -> impl Iterator<Item = Load> {
        let mentors = self.proof.mentors.iter();
        mentors.map(|ix| statement.mentors[ix.get()])
    }

    /// The greatest value that each level can have in the part.
    fn greatest(&self, statement: &Statement) -> Vec<i128> {
        let count = |level: Level| {
            let able = self.mentee_loads(statement);
            let able = able.filter(|(load, _)| load.max > 0);
            able.filter(|(_, tier)| counts_for(level, *tier)).count() as i128
        };
        let mentees: i128 = self
            .mentee_loads(statement)
            .map(|(load, _)| i128::from(load.max))
            .sum();
        let mentors: i128 = self
            .mentor_loads(statement)
            .map(|load| i128::from(load.max))
            .sum();
        let levels = statement.levels.iter();
        levels
            .map(|(level, ..)| match level {
                Level::Obligations => 0,
                Level::Score => mentees.min(mentors) * i128::from(statement.scores.1.max(0)),
                level => count(*level),
            })
            .collect()
    }

    /// The value of each level for the part's pairs; obligations may be missed.
    fn values(statement: &Statement, proof: &PartProof, claims: &[(u32, u32, i64)]) -> Vec<i128> {
        let mut mentees_of: HashMap<u32, u32> = HashMap::new();
        let mut mentors: HashMap<u32, u32> = HashMap::new();
        for (mentee, mentor, _) in claims {
            *mentees_of.entry(*mentee).or_default() += 1;
            *mentors.entry(*mentor).or_default() += 1;
        }
        let load =
            |loads: &HashMap<u32, u32>, ix: usize| loads.get(&(ix as u32)).copied().unwrap_or(0);
        let missed = |min: u32, load: u32| i128::from(min.saturating_sub(load));
        let of_mentees = proof
            .mentees
            .iter()
            .map(|ix| missed(statement.mentees[ix.get()].min, load(&mentees_of, ix.get())));
        let of_mentors = proof
            .mentors
            .iter()
            .map(|ix| missed(statement.mentors[ix.get()].min, load(&mentors, ix.get())));
        let required = required(statement, proof);
        let kept = claims.iter().filter(|(mentee, mentor, _)| {
            statement
                .required
                .binary_search(&(*mentee, *mentor))
                .is_ok()
        });
        let promises = statement.side.iter().filter(|rule| rule.promise);
        let by_rules = promises.map(|rule| {
            let pairs = claims.iter();
            let pairs = pairs.map(|(mentee, mentor, _)| (rule.pair)(*mentee, *mentor, None));
            let mentees = mentees_of.keys().map(|ix| (rule.person)(Role::Mentee, *ix));
            let mentors = mentors.keys().map(|ix| (rule.person)(Role::Mentor, *ix));
            let total: i64 = pairs.chain(mentees).chain(mentors).sum();
            i128::from((rule.limit - total).max(0))
        });
        let missed = of_mentees.chain(of_mentors).chain(by_rules).sum::<i128>()
            + required.saturating_sub(kept.count() as i128);
        let covered = |level: Level| {
            let mentees = proof.mentees.iter().map(|ix| ix.get());
            let covered = mentees.filter(|ix| load(&mentees_of, *ix) > 0);
            let counted = covered.filter(|ix| counts_for(level, statement.tiers[*ix]));
            counted.count() as i128
        };
        let levels = statement.levels.iter();
        levels
            .map(|(level, ..)| match level {
                Level::Obligations => -missed,
                Level::Score => claims.iter().map(|claim| i128::from(claim.2)).sum(),
                level => covered(*level),
            })
            .collect()
    }

    /// The bound of each level that is proven, how many prices that takes, and how many pairs are eligible.
    fn bounds(
        &self,
        statement: &Statement,
        meetings: Option<&Meetings>,
        of_mentor: &[u32],
        number: u32,
        stop: &StopFlag,
    ) -> Result<(Vec<i128>, usize, u64), Error> {
        let leaves = self.leaves(statement)?;
        let mut fixed = Vec::with_capacity(leaves.len());
        let mut eligible = 0;
        let held = self.proof.mentors.len() + self.spots.len();
        // A part without prices still has pairs to be counted.
        let none = [];
        let at_once = (HELD_PRICES / held.max(1)).max(1);
        let mut chunks: Vec<&[Leaf]> = leaves.chunks(at_once).collect();
        if chunks.is_empty() {
            chunks.push(&none);
        }
        for some in chunks {
            let (sums, count) =
                self.over_pairs(statement, meetings, of_mentor, number, some, stop)?;
            eligible = count;
            for (leaf, sum) in some.iter().zip(sums) {
                let of_loads = self
                    .of_loads(statement, leaf)
                    .and_then(|loads| loads.checked_add(sum));
                fixed.push(of_loads.ok_or_else(too_large)?);
            }
        }
        let mentees = self.proof.mentees.iter().map(|ix| ix.get());
        let mentees = mentees.zip(self.mentee_loads(statement).map(|(load, _)| load.max));
        let mentors = self.proof.mentors.iter().map(|ix| ix.get());
        let mentors = mentors.zip(self.mentor_loads(statement).map(|load| load.max));
        let (mentees, mentors): (Vec<_>, Vec<_>) = (mentees.collect(), mentors.collect());
        let staff = meetings.map_or_else(Staff::nowhere, |meetings| {
            let demand = meetings.demand(&self.spots, &mentees, &mentors);
            meetings.staff(&self.spots, &demand)
        });
        let needs_list = |level: &LevelProof| level.staffings.is_empty();
        let listed = self.proof.levels.iter().any(needs_list);
        let listed = listed.then(|| staff.listed()).flatten();
        let levels = self.proof.levels.iter().enumerate();
        let bounds = levels.map(|(level, proof)| {
            let own = leaves
                .iter()
                .zip(&fixed)
                .filter(|(leaf, _)| leaf.level == level);
            let own: Vec<(&Leaf, i128)> = own.map(|(leaf, fixed)| (leaf, *fixed)).collect();
            level_bound(proof, &own, &staff, listed.as_deref())
        });
        let bounds: Vec<i128> = bounds.collect::<Result<_, Error>>()?;
        Ok((bounds, leaves.len(), eligible))
    }

    /// All prices of the part, with what they speak for.
    fn leaves(&self, statement: &Statement) -> Result<Vec<Leaf<'a>>, Error> {
        let mut leaves = Vec::new();
        for (level, proof) in self.proof.levels.iter().enumerate() {
            if statement.levels.get(level).map(|level| level.0) != Some(proof.level) {
                return Err(fault("a part's levels are not those of the programme"));
            }
            if !(1..=1 << 40).contains(&proof.denominator) {
                return Err(fault("the denominator of the prices is out of range"));
            }
            let mut leaf = |prices: &'a LevelPrices, tree, decided| {
                self.fits(statement, prices, level)?;
                let mut weights = Weights::default();
                for ((of, ..), price) in statement.levels.iter().zip(&prices.held) {
                    weights.0.push((*of, i128::from(*price)));
                }
                weights.0.push((proof.level, i128::from(proof.denominator)));
                leaves.push(Leaf {
                    prices,
                    level,
                    tree,
                    decided,
                    obligation: weights.of(Level::Obligations),
                    score: weights.of(Level::Score),
                    weights,
                });
                Ok::<(), Error>(())
            };
            for prices in &proof.prices {
                leaf(prices, None, Decided::default())?;
            }
            for (tree, capacities) in proof.capacities.iter().enumerate() {
                if capacities.capacities.len() != self.spots.len() {
                    return Err(fault("the proof has not a capacity for every place"));
                }
                for (prices, decided) in walk(&capacities.nodes)? {
                    leaf(prices, Some(tree), decided)?;
                }
            }
        }
        Ok(leaves)
    }

    /// Whether there is a price for everything, and none is out of range.
    fn fits(&self, statement: &Statement, prices: &LevelPrices, level: usize) -> Result<(), Error> {
        let lengths = [
            (prices.mentees.len(), self.proof.mentees.len()),
            (
                prices.mentors.len(),
                self.proof.mentors.len() * self.modes.count(),
            ),
            (prices.places.len(), self.spots.len()),
            (prices.rooms.len().max(self.spots.len()), self.spots.len()),
            (prices.side.len(), statement.side.len()),
            (prices.held.len(), level),
        ];
        if lengths.iter().any(|(has, needs)| has != needs) {
            return Err(fault(
                "the proof has not a price for everybody and everything",
            ));
        }
        let all = prices.mentees.iter().chain(&prices.mentors);
        let not_negative = prices.places.iter().chain(&prices.side).chain(&prices.held);
        if not_negative.clone().any(|price| *price < 0) {
            return Err(fault(
                "a price of a place, a side row or a level is negative",
            ));
        }
        let mut rooms = prices.rooms.iter().zip(&prices.places);
        if rooms.any(|(room, place)| !(0..=*place).contains(room)) {
            return Err(fault("a price of a room is not between 0 and the place's"));
        }
        if all
            .chain(not_negative)
            .any(|price| price.unsigned_abs() > 1 << 60)
        {
            return Err(fault("a price is out of range"));
        }
        Ok(())
    }

    /// The part of the bound that no pair and no place has.
    fn of_loads(&self, statement: &Statement, leaf: &Leaf) -> Option<i128> {
        let prices = leaf.prices;
        let mut sum = 0i128;
        let decided = [0, 1].map(|side| leaf.decided.loads(side));
        // What the rows' prices add for a person who has any pair.
        let rules = statement.side.iter().zip(&prices.side);
        let rules = rules.filter(|(_, price)| **price > 0);
        let of_rules = |role: Role, ix: usize| -> i128 {
            let adds = rules.clone().map(|(rule, price)| {
                let adds = i128::from(*price) * i128::from((rule.person)(role, ix as u32));
                if rule.promise { adds } else { -adds }
            });
            adds.sum()
        };
        let best = |price: i64, load: Load, first: i128, (side, number): (usize, usize)| {
            let of_person = decided[side].get(&(number as u32)).copied();
            let (fewest, most) = of_person.unwrap_or_default();
            let most = most.unwrap_or(load.max).min(load.max);
            let fewest = fewest.min(most);
            // With anybody at all, as many as a circle has.
            let least = load.circle.max(1).max(fewest);
            let allowed =
                |count: &u32| (*count == 0 && fewest == 0) || (least..=most).contains(count);
            let loads = [0, least, load.min, most].into_iter().filter(allowed);
            let worth = loads.map(|count| {
                let missed = i128::from(load.min.saturating_sub(count));
                let gain = if count > 0 { first } else { 0 };
                i128::from(price) * i128::from(count) + gain - leaf.obligation * missed
            });
            worth.max().unwrap_or(0)
        };
        let mentees = prices.mentees.iter().zip(self.mentee_loads(statement));
        for (number, (price, (load, tier))) in mentees.enumerate() {
            let ix = self.proof.mentees[number].get();
            let first = leaf.weights.first(tier) + of_rules(Role::Mentee, ix);
            sum = sum.checked_add(best(*price, load, first, (0, number)))?;
        }
        let mentors = prices.mentors.chunks(self.modes.count());
        let mentors = mentors.zip(self.mentor_loads(statement)).enumerate();
        for (number, (prices, load)) in mentors {
            let ix = self.proof.mentors[number].get();
            let first = of_rules(Role::Mentor, ix);
            let modes = (0u32..).zip(prices);
            let modes = modes.filter(|(mode, _)| leaf.decided.may_be_in(number as u32, *mode));
            let in_mode = modes.map(|(_, price)| best(*price, load, first, (1, number)));
            // In no mode there is nobody.
            let nobody = Load { max: 0, ..load };
            let in_none = || best(0, nobody, first, (1, number));
            sum = sum.checked_add(in_mode.max().unwrap_or_else(in_none))?;
        }
        for (rule, price) in statement.side.iter().zip(&prices.side) {
            let (price, limit) = (i128::from(*price), i128::from(rule.limit));
            let of_rule = match rule.promise {
                true => (price - leaf.obligation).max(0) * limit - price * limit,
                false => price * limit,
            };
            sum = sum.checked_add(of_rule)?;
        }
        for (value, price) in self.values.iter().zip(&prices.held) {
            sum = sum.checked_sub(i128::from(*price).checked_mul(*value)?)?;
        }
        sum.checked_sub(
            leaf.obligation
                .checked_mul(required(statement, self.proof))?,
        )
    }

    /// By leaf, what the eligible pairs add to its bound; and how many there are.
    fn over_pairs(
        &self,
        statement: &Statement,
        meetings: Option<&Meetings>,
        of_mentor: &[u32],
        number: u32,
        leaves: &[Leaf],
        stop: &StopFlag,
    ) -> Result<(Vec<i128>, u64), Error> {
        let place: HashMap<Spot, usize> = self.spots.iter().copied().zip(0..).collect();
        let of_mentee = |ix: usize| -> Result<(Vec<i128>, u64), Error> {
            go_on(stop)?;
            let mentee = self.proof.mentees[ix].get();
            let mut row = Vec::new();
            (statement.row)(mentee, &mut row);
            go_on(stop)?;
            let mut sums = vec![0i128; leaves.len()];
            let mut places: Vec<usize> = Vec::new();
            for &(mentor, score) in &row {
                if score < statement.scores.0 || score > statement.scores.1 {
                    return Err(fault("a pair's score is not in the range of scores"));
                }
                places.clear();
                if let Some(meetings) = meetings {
                    for spot in meetings.spots(mentee, mentor as usize) {
                        match place.get(&spot) {
                            Some(place) => places.push(*place),
                            None if meetings.can_be_held(spot) => {
                                return Err(fault(
                                    "the proof leaves out a place at which a pair can meet",
                                ));
                            }
                            None => {}
                        }
                    }
                    if places.is_empty() {
                        continue;
                    }
                }
                if of_mentor[mentor as usize] != number {
                    return Err(fault(format!(
                        "mentee number {} and mentor number {} in the order of ids can be paired, and are in \
                         different parts of the proof",
                        mentee + 1,
                        mentor + 1
                    )));
                }
                let own = self.mentors[&mentor];
                let required = statement
                    .required
                    .binary_search(&(mentee as u32, mentor))
                    .is_ok();
                for (leaf, sum) in leaves.iter().zip(&mut sums) {
                    let prices = leaf.prices;
                    let mut worth = leaf.score * i128::from(score) - i128::from(prices.mentees[ix]);
                    if required {
                        worth += leaf.obligation;
                    }
                    // What a place and the rows' prices there take off, where that is least.
                    let of_rules = |spot: Option<Spot>| -> i128 {
                        let rules = statement.side.iter().zip(&prices.side);
                        let rules = rules.filter(|(_, price)| **price > 0);
                        let taken = rules.map(|(rule, price)| {
                            let adds = (rule.pair)(mentee as u32, mentor, spot);
                            let taken = i128::from(*price) * i128::from(adds);
                            if rule.promise { -taken } else { taken }
                        });
                        taken.sum()
                    };
                    let is_in = leaf.decided.is_in(ix as u32, own);
                    if is_in == Some(false) {
                        continue;
                    }
                    // The least of the mentor's prices in the modes that the pair is of.
                    let of_modes = |place: usize| {
                        if self.modes.count() == 1 {
                            return Some(i128::from(prices.mentors[own as usize]));
                        }
                        let modes = self.modes.of(ix, place).into_iter();
                        let modes = modes.filter(|mode| leaf.decided.may_be_in(own, *mode));
                        let first = own as usize * self.modes.count();
                        modes
                            .map(|mode| i128::from(prices.mentors[first + mode as usize]))
                            .min()
                    };
                    let taken = places
                        .iter()
                        .filter(|place| leaf.decided.may_meet(ix as u32, own, **place as u32))
                        .filter_map(|place| {
                            let of_place = i128::from(prices.places[*place]);
                            let of_rules = of_rules(Some(self.spots[*place]));
                            Some(of_place + of_rules + of_modes(*place)?)
                        });
                    let taken = match meetings {
                        Some(_) => taken.min(),
                        None => of_modes(0).map(|of_modes| of_modes + of_rules(None)),
                    };
                    // A pair that can meet nowhere adds nothing.
                    let Some(taken) = taken else { continue };
                    worth -= taken;
                    *sum += if is_in == Some(true) {
                        worth
                    } else {
                        worth.max(0)
                    };
                }
            }
            Ok((sums, row.len() as u64))
        };
        let start = || (vec![0i128; leaves.len()], 0);
        (0..self.proof.mentees.len())
            .into_par_iter()
            .map(of_mentee)
            .try_fold(start, |(mut sums, count), of_mentee| {
                let (own, pairs) = of_mentee?;
                for (sum, own) in sums.iter_mut().zip(own) {
                    *sum = sum.checked_add(own).ok_or_else(too_large)?;
                }
                Ok((sums, count + pairs))
            })
            .try_reduce(start, |(mut sums, count), (others, more)| {
                for (sum, other) in sums.iter_mut().zip(others) {
                    *sum = sum.checked_add(other).ok_or_else(too_large)?;
                }
                Ok((sums, count + more))
            })
    }
}

/// How many required pairs a part has.
fn required(statement: &Statement, proof: &PartProof) -> i128 {
    let mentees: HashSet<u32> = proof.mentees.iter().map(|ix| ix.get() as u32).collect();
    let required = statement.required.iter();
    required.filter(|pair| mentees.contains(&pair.0)).count() as i128
}

/// The bound of a level: for every staffing, of those listed or by the leaves of a tree, the least that prices give, or
/// the trees of capacities that cover it; of these the greatest.
fn level_bound(
    proof: &LevelProof,
    leaves: &[(&Leaf, i128)],
    staff: &Staff,
    listed: Option<&[Vec<u32>]>,
) -> Result<i128, Error> {
    let for_all: Vec<&(&Leaf, i128)> = leaves
        .iter()
        .filter(|(leaf, _)| leaf.tree.is_none())
        .collect();
    let of_trees: Vec<(&[u32], Option<i128>)> = proof
        .capacities
        .iter()
        .enumerate()
        .map(|(tree, capacities)| {
            let own = leaves.iter().filter(|(leaf, _)| leaf.tree == Some(tree));
            let bounds =
                own.map(|(leaf, fixed)| fixed + worth(&leaf.prices.places, &capacities.capacities));
            (capacities.capacities.as_slice(), bounds.max())
        })
        .collect();
    let by_trees = |capacities: &[u32]| {
        let covering = of_trees
            .iter()
            .filter(|(most, _)| capacities.iter().zip(*most).all(|(has, most)| has <= most));
        covering.filter_map(|(_, bound)| *bound).min()
    };
    let bounds: Option<Vec<i128>> = if proof.staffings.is_empty() {
        let of_staffing = |capacities: &Vec<u32>| {
            let by_prices = for_all
                .iter()
                .map(|(leaf, fixed)| fixed + worth(&leaf.prices.places, capacities));
            by_prices.chain(by_trees(capacities)).min()
        };
        listed.and_then(|all| all.iter().map(of_staffing).collect())
    } else {
        let mut bounds = Vec::new();
        for (number, decided) in staffed(&proof.staffings)? {
            let (leaf, fixed) = for_all
                .get(number)
                .ok_or_else(|| fault("a proof tree names prices that are not there"))?;
            let prices = leaf.prices;
            let by_prices = fixed + staff.most(&prices.places, &prices.rooms, &decided);
            let by_trees = by_trees(&staff.at_most(&decided));
            bounds.push(by_trees.map_or(by_prices, |bound| bound.min(by_prices)));
        }
        Some(bounds)
    };
    let bound = bounds
        .and_then(|bounds| bounds.into_iter().max())
        .ok_or_else(|| fault("a level of a part has no prices that speak for every staffing"))?;
    Ok(bound.div_euclid(i128::from(proof.denominator)))
}

/// The leaves of a tree of staffings: the number of the prices, and what is decided on the way.
fn staffed(nodes: &[StaffNode]) -> Result<Vec<(usize, Staffed<'_>)>, Error> {
    let mut leaves = Vec::new();
    let mut seen = HashSet::new();
    let mut stack = vec![(0, Staffed::new())];
    while let Some((node, decided)) = stack.pop() {
        if !seen.insert(node) {
            return Err(fault("a node of a proof tree has two parents"));
        }
        match nodes.get(node) {
            None => return Err(fault("a proof tree lacks a node")),
            Some(StaffNode::Leaf(prices)) => leaves.push((*prices, decided)),
            Some(StaffNode::Leader {
                leader,
                place,
                elsewhere,
                there,
            }) => {
                for (child, is_there) in [(*elsewhere, false), (*there, true)] {
                    let mut decided = decided.clone();
                    if decided
                        .insert((leader.as_str(), *place), is_there)
                        .is_some()
                    {
                        return Err(fault("a proof tree decides a leader's place twice"));
                    }
                    stack.push((child, decided));
                }
            }
        }
    }
    Ok(leaves)
}

/// The leaves of a tree, which must cover every match, with what is decided on the way to each.
fn walk(nodes: &[LevelNode]) -> Result<Vec<(&LevelPrices, Decided)>, Error> {
    let mut leaves = Vec::new();
    let mut seen = HashSet::new();
    let mut stack = vec![(0, Decided::default())];
    while let Some((node, decided)) = stack.pop() {
        if !seen.insert(node) {
            return Err(fault("a node of a proof tree has two parents"));
        }
        match nodes.get(node) {
            None => return Err(fault("a proof tree lacks a node")),
            Some(LevelNode::Leaf(prices)) => leaves.push((prices, decided)),
            Some(split) => {
                let (left_out, chosen) = match split {
                    LevelNode::Pair {
                        left_out, chosen, ..
                    }
                    | LevelNode::Mentee {
                        left_out, chosen, ..
                    }
                    | LevelNode::Mentor {
                        left_out, chosen, ..
                    }
                    | LevelNode::Mode {
                        left_out, chosen, ..
                    } => (*left_out, *chosen),
                    LevelNode::Leaf(_) => return Err(fault("a leaf has no children")),
                };
                for (child, is_chosen) in [(left_out, false), (chosen, true)] {
                    let mut decided = decided.clone();
                    let before = match split {
                        LevelNode::Pair {
                            mentee,
                            mentor,
                            place,
                            ..
                        } => {
                            let key = (mentee.get() as u32, mentor.get() as u32, *place);
                            decided.pairs.insert(key, is_chosen)
                        }
                        LevelNode::Mentee { mentee, .. } => {
                            decided.people[0].insert(mentee.get() as u32, is_chosen)
                        }
                        LevelNode::Mentor { mentor, .. } => {
                            decided.people[1].insert(mentor.get() as u32, is_chosen)
                        }
                        LevelNode::Mode { mentor, mode, .. } => {
                            let key = (mentor.get() as u32, *mode);
                            decided.modes.insert(key, is_chosen)
                        }
                        LevelNode::Leaf(_) => None,
                    };
                    if before.is_some() {
                        return Err(fault("a proof tree decides the same twice"));
                    }
                    stack.push((child, decided));
                }
            }
        }
    }
    Ok(leaves)
}
