//! The next partners for a person, with what each costs the programme.

use std::cmp::Reverse;

use crate::certificate::Level;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::matching::Match;
use crate::roster::Role;

use super::cost::Cost;
use super::forced::{self, Forced};
use super::person::{Partner, Rival};
use super::question::{Question, had_by, other};

/// Where prices bound no cost, so many partners are tried for each that is asked for.
const TRIED: usize = 4;

/// A partner whom a person could have instead, or in addition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    /// The partner.
    pub partner: Partner,
    /// What the programme loses with the pair, everything else chosen anew.
    pub cost: Cost,
    /// Who has the partner in the match.
    pub rivals: Vec<Rival>,
}

/// The next partners for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternatives {
    /// Mentee or mentor.
    pub role: Role,
    /// The person's id.
    pub id: String,
    /// The names of the criteria.
    pub criteria: Vec<String>,
    /// The levels in which costs are counted, the most important first.
    pub levels: Vec<Level>,
    /// The partners, the cheapest first.
    pub partners: Vec<Alternative>,
    /// How many there are whom the person may have, and does not.
    pub candidates: usize,
    /// How many of those that were tried can be in no match that keeps every obligation.
    pub impossible: usize,
    /// Whether no other partner is cheaper than those listed. Without prices that bound costs only the best by score are
    /// tried, and then this is false if there are more.
    pub complete: bool,
}

/// A partner who may be tried.
struct Candidate {
    partner: usize,
    score: i64,
    /// What the pair costs at least.
    least: i128,
}

pub(super) fn alternatives(
    question: &Question,
    found: &Match,
    id: &str,
    n: usize,
    interrupt: &Interrupt,
) -> Result<Alternatives, Error> {
    let (role, ix) = question.find(id)?;
    if question.settings.stability.is_some() {
        let message = "a stable match is no optimum that a pair could cost something of; leave \
                       `stability` out to compare alternatives";
        return Err(Error::program("stability", message));
    }
    if n == 0 {
        let message = "a number of alternatives is 1 or more";
        return Err(Error::program("n", message));
    }
    let others = question.roster.side(other(role));
    let has = had_by(found, role).remove(id).unwrap_or_default();
    let mut eligible = question.eligible(role, ix);
    eligible.retain(|(partner, _)| !has.iter().any(|had| had.id == others.id(*partner)));
    let held = had_by(found, other(role));
    forced::ask(question, (role, ix), interrupt, |forced| {
        let tried = cheapest(question, forced, (role, ix), &eligible, n)?;
        let partners = tried
            .best
            .into_iter()
            .map(|(_, partner, cost)| Alternative {
                partner: question.partner(role, ix, partner),
                cost,
                rivals: held.get(others.id(partner)).cloned().unwrap_or_default(),
            });
        let levels = forced.base().iter().map(|(level, _)| *level);
        Ok(Alternatives {
            role,
            id: id.to_owned(),
            criteria: question.pairs.scoring.names().map(str::to_owned).collect(),
            levels: levels
                .filter(|level| *level != Level::Obligations)
                .collect(),
            partners: partners.collect(),
            candidates: eligible.len(),
            impossible: tried.impossible,
            complete: tried.complete,
        })
    })
}

struct Tried {
    /// The cheapest: the cost in the combined objective, the partner, the cost by level.
    best: Vec<(i128, usize, Cost)>,
    impossible: usize,
    complete: bool,
}

/// Tries partners in the order of what they cost at least, until `n` are known that no other can undercut.
fn cheapest(
    question: &Question,
    forced: &mut Forced,
    (role, ix): (Role, usize),
    eligible: &[(usize, i64)],
    n: usize,
) -> Result<Tried, Error> {
    let pair = |partner: usize| {
        let (mentee, mentor) = question.pair(role, ix, partner);
        (mentee as u32, mentor as u32)
    };
    let bounds: Vec<Option<i128>> = eligible
        .iter()
        .map(|(partner, _)| forced.least(pair(*partner)))
        .collect();
    let is_bounded = bounds.iter().all(Option::is_some);
    let candidates = eligible.iter().zip(bounds);
    let mut candidates: Vec<Candidate> = candidates
        .map(|(&(partner, score), least)| Candidate {
            partner,
            score,
            least: least.filter(|_| is_bounded).unwrap_or(0),
        })
        .collect();
    candidates
        .sort_by_key(|candidate| (candidate.least, Reverse(candidate.score), candidate.partner));
    let most = match is_bounded {
        true => candidates.len(),
        false => n.saturating_mul(TRIED),
    };
    let mut tried = Tried {
        best: Vec::new(),
        impossible: 0,
        complete: candidates.len() <= most,
    };
    for candidate in candidates.iter().take(most) {
        // Of equals those stay that come first.
        if let Some((dearest, ..)) = tried.best.get(n - 1)
            && is_bounded
            && candidate.least >= *dearest
        {
            break;
        }
        let Some(values) = forced.with(pair(candidate.partner))? else {
            tried.impossible += 1;
            continue;
        };
        let cost = Cost::between(forced.base(), &values);
        let together = forced.combined(|level| cost.lost(level));
        // By level, for levels of fairness have no weight.
        let at = |other: &(i128, usize, Cost)| other.2.amounts().le(cost.amounts());
        let place = tried.best.partition_point(at);
        tried
            .best
            .insert(place, (together, candidate.partner, cost));
        tried.best.truncate(n);
    }
    Ok(tried)
}
