//! The proof of a programme in which pairs have places, or constraints join them: what each part's prices prove of each level. The formula is
//! in [`stages`](crate::certificate::stages).

mod decided;
mod staffed;
mod sums;

use std::collections::{HashMap, HashSet};

use decided::{Decided, walk};
use staffed::level_bound;

use super::circles::Modes;
use super::meetings::{Meetings, Spot, Staff};
use super::statement::{Load, Statement};
use super::{fault, too_large};
use crate::certificate::stages::{LevelPrices, LevelProof, PartProof};
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
    if certificate.parts.len() > 1 {
        let proofs = certificate.parts.iter().flat_map(|part| &part.levels);
        let mut side = proofs
            .flat_map(LevelProof::all_prices)
            .flat_map(|prices| &prices.side);
        if side.any(|price| *price != 0) {
            return Err(fault(
                "constraints join all people, and the proof has parts with prices for them",
            ));
        }
    }
    let mut proven = Proven {
        bounds: vec![0; statement.levels.len()],
        leaves: 0,
        eligible: 0,
    };
    let mut bounds = Vec::with_capacity(certificate.parts.len());
    for (number, proof) in certificate.parts.iter().enumerate() {
        let is_whole = certificate.parts.len() == 1;
        let part = Part::new(statement, meetings, proof, claims, is_whole)?;
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
        is_whole: bool,
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
            values: Self::values(statement, proof, &own, is_whole),
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

    /// The value of each level for the part's pairs; obligations may be missed. What constraints promise is all people's.
    fn values(
        statement: &Statement,
        proof: &PartProof,
        claims: &[(u32, u32, i64)],
        is_whole: bool,
    ) -> Vec<i128> {
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
        let promises = statement
            .side
            .iter()
            .filter(|rule| is_whole && rule.promise);
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
        let mut left = prices.places.clone();
        let of_rooms = prices.rooms.iter().enumerate();
        let of_roundings = prices.rounded.iter().map(|of| (of.place, &of.price));
        for (place, price) in of_rooms.chain(of_roundings) {
            let of_place = left
                .get_mut(place)
                .filter(|left| (0..=**left).contains(price));
            let of_place = of_place.ok_or_else(|| {
                fault("what is paid for a place's room is negative, or more than the place's price")
            })?;
            *of_place -= price;
        }
        if all
            .chain(not_negative)
            .any(|price| price.unsigned_abs() > 1 << 60)
        {
            return Err(fault("a price is out of range"));
        }
        Ok(())
    }
}

/// How many required pairs a part has.
fn required(statement: &Statement, proof: &PartProof) -> i128 {
    let mentees: HashSet<u32> = proof.mentees.iter().map(|ix| ix.get() as u32).collect();
    let required = statement.required.iter();
    required.filter(|pair| mentees.contains(&pair.0)).count() as i128
}
