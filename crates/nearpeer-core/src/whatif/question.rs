//! A roster and a programme, compiled for questions.

use std::collections::BTreeMap;

use crate::error::{Error, nearest};
use crate::matching::Match;
use crate::optimum::{fits, required_are_eligible};
use crate::pairs::{Pairs, RosterPairs};
use crate::program::IntegerProgram;
use crate::programme::Program;
use crate::roster::{Role, Roster};

use super::person::{Partner, Rival};

pub(super) struct Question<'r> {
    pub(super) roster: &'r Roster,
    pub(super) settings: &'r Program,
    pub(super) pairs: RosterPairs<'r>,
}

impl<'r> Question<'r> {
    /// # Errors
    /// As a match of this roster, short of what only a solve can find.
    pub(super) fn new(roster: &'r Roster, settings: &'r Program) -> Result<Self, Error> {
        fits(settings, roster)?;
        let pairs = RosterPairs::compile(roster, settings)?;
        required_are_eligible(roster, &pairs)?;
        Ok(Self {
            roster,
            settings,
            pairs,
        })
    }

    pub(super) fn program(&self) -> Result<IntegerProgram<'_>, Error> {
        IntegerProgram::of_roster(&self.pairs, self.roster, self.settings)
    }

    /// The side and the place of the person with this id.
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) naming the nearest id, if there is one.
    pub(super) fn find(&self, id: &str) -> Result<(Role, usize), Error> {
        let mut roles = [Role::Mentee, Role::Mentor].into_iter();
        let found = roles.find_map(|role| Some((role, self.roster.side(role).find(id)?)));
        found.ok_or_else(|| {
            let ids = self.roster.mentees().ids();
            let hint = match nearest(id, ids.chain(self.roster.mentors().ids())) {
                Some(near) => format!("; did you mean {near:?}?"),
                None => String::new(),
            };
            Error::input(format!("no mentee and no mentor has this id{hint}"))
                .in_column("id")
                .with_value(id)
        })
    }

    /// The mentee and the mentor of a person and a partner.
    pub(super) fn pair(&self, role: Role, person: usize, partner: usize) -> (usize, usize) {
        match role {
            Role::Mentee => (person, partner),
            Role::Mentor => (partner, person),
        }
    }

    /// Everybody who may be paired with a person, with the scores, ascending.
    pub(super) fn eligible(&self, role: Role, ix: usize) -> Vec<(usize, i64)> {
        let others = 0..self.roster.side(other(role)).len();
        let scored = |partner: usize| {
            let (mentee, mentor) = self.pair(role, ix, partner);
            Some((partner, self.pairs.score(mentee, mentor as u32)?))
        };
        others.filter_map(scored).collect()
    }

    /// Somebody on the other side of a person, with the pair's score by criterion.
    pub(super) fn partner(&self, role: Role, person: usize, partner: usize) -> Partner {
        let (mentee, mentor) = self.pair(role, person, partner);
        let score = self.pairs.scoring.score(mentee, mentor);
        Partner {
            id: self.roster.side(other(role)).id(partner).to_owned(),
            score: score.unwrap_or_default(),
            by_criterion: self.pairs.scoring.by_criterion(mentee, mentor),
        }
    }

    /// How many pairs a person may be in.
    pub(super) fn load_max(&self, role: Role, ix: usize) -> u32 {
        let loads = self.settings.loads;
        let usual = match role {
            Role::Mentee => loads.mentee.max,
            Role::Mentor => loads.mentor.max,
        };
        self.roster.side(role).load_max(ix).unwrap_or(usual)
    }
}

/// The other side.
pub(super) fn other(role: Role) -> Role {
    match role {
        Role::Mentee => Role::Mentor,
        Role::Mentor => Role::Mentee,
    }
}

/// Whom each of one side's people has in a match.
pub(super) fn had_by(found: &Match, role: Role) -> BTreeMap<&str, Vec<Rival>> {
    let mut had: BTreeMap<&str, Vec<Rival>> = BTreeMap::new();
    for pair in &found.pairs {
        let (own, other) = match role {
            Role::Mentee => (&pair.mentee, &pair.mentor),
            Role::Mentor => (&pair.mentor, &pair.mentee),
        };
        had.entry(own).or_default().push(Rival {
            id: other.clone(),
            score: pair.score,
        });
    }
    had
}
