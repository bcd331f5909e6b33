//! What comes of stable matches: certificates, reasons and blocking pairs by id.

use super::blocking::{BlockingPair, blocking_pairs};
use super::fewest::fewest_blocking;
use super::market::Market;
use crate::certificate::{Certificate, FORMAT, Level, LevelValue, StableProof, Status};
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::matching::{Pair, Reason, Unmatched};
use crate::pairs::{Pairs, RosterPairs};
use crate::program::{Chosen, IntegerProgram};
use crate::programme::{Program, StabilityMode};
use crate::roster::{Role, Roster};
use crate::solve::Solution;

/// The greatest score of a pair, in micropoints.
const MOST: i128 = 1_000_000;

/// Prices of nothing, for passes over all pairs.
pub(crate) fn no_prices(roster: &Roster) -> Vec<i64> {
    vec![0; roster.mentees().len().max(roster.mentors().len())]
}

/// The certificate of a stable match, which covers as many mentees as any, and is the one that was asked for.
pub(crate) fn certificate(
    chosen: &[Chosen],
    proof: StableProof,
    [mentees, mentors]: [Vec<String>; 2],
) -> Certificate {
    let score = chosen.iter().map(|pair| pair.score).sum();
    let level = |level, value, weight| LevelValue {
        level,
        weight,
        objective: value,
        bound: value,
    };
    // Every mentee is in at most one pair.
    let covered = chosen.len() as i64;
    Certificate {
        format: FORMAT,
        status: Status::Optimal,
        level: Level::Score,
        objective: score,
        bound: score,
        gap: 0,
        levels: vec![
            level(Level::Coverage, covered, 1 + MOST * mentees.len() as i128),
            level(Level::Score, score, 1),
        ],
        mentees,
        mentors,
        denominator: 1,
        nodes: Vec::new(),
        fairness: None,
        parts: Vec::new(),
        students: Vec::new(),
        groups: Vec::new(),
        unbalanced: None,
        stability: Some(proof),
    }
}

/// Of the matches as good as `solution` one with the fewest blocking pairs, and the certificate with that level.
///
/// # Errors
/// Those of the interrupt, but for limits, and of the solver behind the integer program.
pub(crate) fn with_fewest_blocking(
    market: &Market,
    program: &IntegerProgram,
    solution: &Solution,
    mut certificate: Certificate,
    interrupt: &Interrupt,
) -> Result<(Vec<Chosen>, Certificate), Error> {
    let proven = certificate.status == Status::Optimal;
    let fewest = fewest_blocking(market, program, solution, proven, interrupt)?;
    let (objective, bound) = (-(fewest.blocking as i64), -(fewest.bound as i64));
    certificate.levels.push(LevelValue {
        level: Level::BlockingPairs,
        // It is no part of the combined objective.
        weight: 0,
        objective,
        bound,
    });
    if proven {
        certificate.level = Level::BlockingPairs;
        (certificate.objective, certificate.bound) = (objective, bound);
        certificate.gap = bound - objective;
        if bound != objective {
            certificate.status = Status::LimitReached;
        }
    }
    certificate.stability = Some(StableProof {
        mode: StabilityMode::FewestBlocking,
        flows: Vec::new(),
    });
    Ok((fewest.chosen, certificate))
}

/// Says of those without any candidate who is not refused that this is why.
pub(crate) fn explain_refusals(market: &Market, roster: &Roster, unmatched: &mut [Unmatched]) {
    for person in unmatched {
        let (Reason::OutCompeted { candidates, .. } | Reason::NotNeeded { candidates }) =
            person.reason
        else {
            continue;
        };
        let mut acceptable = false;
        if let Some(ix) = roster.side(person.role).find(&person.id) {
            market.each(person.role, ix as u32, |_| acceptable = true);
        }
        if !acceptable {
            person.reason = Reason::Refused { candidates };
        }
    }
}

/// The blocking pairs of a match by the ids of its people.
///
/// # Errors
/// As [`Match::blocking_pairs`](crate::Match::blocking_pairs).
pub(crate) fn blocking_of(
    pairs: &[Pair],
    roster: &Roster,
    settings: &Program,
    interrupt: &Interrupt,
) -> Result<Vec<BlockingPair>, Error> {
    let compiled = RosterPairs::compile(roster, settings)?;
    let program = IntegerProgram::of_roster(&compiled, roster, settings)?;
    let prices = no_prices(roster);
    let market = Market::new(roster, &compiled, &program, settings, &prices);
    let find = |role: Role, id: &str| roster.side(role).find(id).map(|ix| ix as u32);
    let mut chosen = Vec::with_capacity(pairs.len());
    for (row, pair) in (1..).zip(pairs) {
        let found = find(Role::Mentee, &pair.mentee).zip(find(Role::Mentor, &pair.mentor));
        let scored = found.and_then(|(mentee, mentor)| {
            let score = compiled.score(mentee as usize, mentor)?;
            Some(Chosen {
                mentee,
                mentor,
                score,
            })
        });
        chosen.push(scored.ok_or_else(|| {
            Error::input(
                "the pair is not eligible in these tables, so the match was not made of them",
            )
            .in_table("pairs")
            .in_row(row)
        })?);
    }
    chosen.sort_unstable();
    let blocking = blocking_pairs(&market, &chosen, interrupt)?;
    let named = blocking.iter().map(|pair| BlockingPair {
        mentee: roster.mentees().id(pair.mentee as usize).to_owned(),
        mentor: roster.mentors().id(pair.mentor as usize).to_owned(),
        mentee_rank: pair.ranks[0],
        mentor_rank: pair.ranks[1],
    });
    Ok(named.collect())
}
