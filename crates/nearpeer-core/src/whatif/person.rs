//! Why a person has whom they have, or nobody.

use std::cmp::Reverse;
use std::fmt;

use crate::error::Error;
use crate::ineligible::Ineligible;
use crate::matching::{Match, Reason};
use crate::roster::Role;
use crate::units::Micropoints;
use crate::words::printable;

use super::question::{Question, had_by, other};

/// How many wanted partners an explanation lists.
const SHOWN: usize = 10;

/// Somebody on the other side, and how good a pair it is or would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    /// The partner's id.
    pub id: String,
    /// The pair's score.
    pub score: Micropoints,
    /// What each criterion gives, before weighting.
    pub by_criterion: Vec<Micropoints>,
}

/// Somebody who has a wanted partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rival {
    /// The rival's id.
    pub id: String,
    /// The score of the rival's pair.
    pub score: Micropoints,
}

/// A partner whom a person may have, and would like better.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The partner.
    pub partner: Partner,
    /// Whether the partner could be in one more pair.
    pub has_room: bool,
    /// Who has the partner.
    pub rivals: Vec<Rival>,
}

/// Why a person has whom they have, or nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Mentee or mentor.
    pub role: Role,
    /// The person's id.
    pub id: String,
    /// How many people there are on the other side.
    pub others: usize,
    /// How many of them may be paired with this person.
    pub candidates: usize,
    /// Each rule's code with how many of the others it rules out, the most first.
    pub removed: Vec<(String, usize)>,
    /// In how many pairs the person may be.
    pub load_max: u32,
    /// Whom the person has.
    pub partners: Vec<Partner>,
    /// Why there is nobody, if there is.
    pub reason: Option<Reason>,
    /// Whom the person may have and would like better, the best first; at most ten.
    pub wanted: Vec<Wanted>,
    /// How much more the best of them would score than the worst whom the person has (than 0 where there is a free
    /// place).
    pub regret: Micropoints,
    /// The names of the criteria.
    pub criteria: Vec<String>,
}

pub(super) fn explain(question: &Question, found: &Match, id: &str) -> Result<Explanation, Error> {
    let (role, ix) = question.find(id)?;
    let others = question.roster.side(other(role));
    let eligible = question.eligible(role, ix);
    let has = had_by(found, role).remove(id).unwrap_or_default();
    let load_max = question.load_max(role, ix);
    let worst = has.iter().map(|partner| partner.score.0).min();
    let had = worst
        .filter(|_| has.len() as u32 >= load_max)
        .unwrap_or(i64::MIN);
    let is_partner = |ix: usize| has.iter().any(|partner| partner.id == others.id(ix));
    let mut better: Vec<(usize, i64)> = eligible
        .iter()
        .copied()
        .filter(|(partner, score)| *score > had && !is_partner(*partner))
        .collect();
    better.sort_by_key(|&(partner, score)| (Reverse(score), partner));
    let regret = better.first().map_or(0, |(_, score)| score - had.max(0));
    let held = had_by(found, other(role));
    let wanted = better.iter().take(SHOWN).map(|&(partner, _)| {
        let rivals = held.get(others.id(partner)).cloned().unwrap_or_default();
        Wanted {
            partner: question.partner(role, ix, partner),
            has_room: (rivals.len() as u32) < question.load_max(other(role), partner),
            rivals,
        }
    });
    let partners = has.iter().filter_map(|partner| others.find(&partner.id));
    let ineligible = Ineligible::new(question.roster, &question.pairs, question.settings);
    let mut left = found.unmatched.iter();
    let left = left.find(|person| person.role == role && person.id == id);
    Ok(Explanation {
        role,
        id: id.to_owned(),
        others: others.len(),
        candidates: eligible.len(),
        removed: ineligible
            .removed(role, ix)
            .into_iter()
            .map(|removed| (removed.rule, removed.removed))
            .collect(),
        load_max,
        partners: partners
            .map(|partner| question.partner(role, ix, partner))
            .collect(),
        reason: left.map(|person| person.reason.clone()),
        wanted: wanted.collect(),
        regret: Micropoints(regret),
        criteria: question.pairs.scoring.names().map(str::to_owned).collect(),
    })
}

/// In words, a line a fact.
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = other(self.role).table();
        write!(f, "{} {}: ", self.role.as_str(), printable(&self.id))?;
        if self.partners.is_empty() {
            f.write_str("unmatched")?;
        }
        for (number, partner) in self.partners.iter().enumerate() {
            let lead = if number == 0 { "" } else { ", " };
            write!(
                f,
                "{lead}{} (score {})",
                printable(&partner.id),
                partner.score
            )?;
        }
        if let Some(reason) = &self.reason {
            write!(f, ", {}: {}", reason.code(), printable(&reason.detail()))?;
        }
        write!(
            f,
            "\neligible: {} of {} {side}",
            self.candidates, self.others
        )?;
        if !self.removed.is_empty() {
            let removed = self.removed.iter();
            let removed: Vec<String> = removed
                .map(|(rule, count)| format!("{rule} removes {count}"))
                .collect();
            write!(f, "; {}", removed.join(", "))?;
        }
        if self.candidates > 0 {
            write!(f, "\nregret: {}", self.regret)?;
        }
        for wanted in &self.wanted {
            let partner = &wanted.partner;
            write!(
                f,
                "\n  {} would score {}",
                printable(&partner.id),
                partner.score
            )?;
            let rivals = wanted.rivals.iter();
            let rivals: Vec<String> = rivals
                .map(|rival| format!("{} ({})", printable(&rival.id), rival.score))
                .collect();
            match (rivals.is_empty(), wanted.has_room) {
                (true, _) => f.write_str(", has nobody")?,
                (false, true) => write!(f, ", has {} and room", rivals.join(", "))?,
                (false, false) => write!(f, ", has {}", rivals.join(", "))?,
            }
        }
        Ok(())
    }
}
