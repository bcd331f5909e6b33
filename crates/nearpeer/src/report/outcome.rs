//! What a report is about: a match with the tables it was made of, at hand or from the folder it was saved to.

use std::borrow::Cow;
use std::path::Path;

use nearpeer_core::{
    Certificate, Error, Level, Match, Meeting, Micropoints, Program, Role, Roster, RuleState,
    Standing,
};

use crate::answer::{PAIRS, UNMATCHED, read_certificate};
use crate::tables::{self, Table};

/// A match, and the people and the programme that it was made of.
#[derive(Debug, Clone)]
pub struct Outcome<'a> {
    pub(super) roster: &'a Roster,
    pub(super) program: &'a Program,
    /// By mentee and then mentor in canonical order.
    pub(super) pairs: Vec<Chosen>,
    pub(super) left: Vec<Left>,
    pub(super) criteria: Vec<String>,
    pub(super) rules: Vec<RuleState>,
    pub(super) notes: Vec<String>,
    pub(super) limits: Vec<Standing>,
    pub(super) certificate: Cow<'a, Certificate>,
}

/// A chosen pair, by its people's places in canonical order.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    pub(super) mentee: usize,
    pub(super) mentor: usize,
    pub(super) score: Micropoints,
    pub(super) by_criterion: Vec<Micropoints>,
    pub(super) meeting: Option<Meeting>,
}

/// Somebody in no pair.
#[derive(Debug, Clone)]
pub(super) struct Left {
    pub(super) role: Role,
    pub(super) ix: usize,
    pub(super) reason: String,
    pub(super) detail: String,
}

impl<'a> Outcome<'a> {
    /// A match that is at hand.
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) if it was made of other people.
    pub fn of_match(
        found: &'a Match,
        roster: &'a Roster,
        program: &'a Program,
    ) -> Result<Self, Error> {
        let pairs = (1..).zip(&found.pairs).map(|(row, pair)| {
            Ok(Chosen {
                mentee: find(roster, Role::Mentee, &pair.mentee, PAIRS, row)?,
                mentor: find(roster, Role::Mentor, &pair.mentor, PAIRS, row)?,
                score: pair.score,
                by_criterion: pair.by_criterion.clone(),
                meeting: pair.meeting.clone(),
            })
        });
        let left = (1..).zip(&found.unmatched).map(|(row, person)| {
            Ok(Left {
                role: person.role,
                ix: find(roster, person.role, &person.id, UNMATCHED, row)?,
                reason: person.reason.code().to_owned(),
                detail: person.reason.detail(),
            })
        });
        Self {
            roster,
            program,
            pairs: pairs.collect::<Result<_, Error>>()?,
            left: left.collect::<Result<_, Error>>()?,
            criteria: found.criteria.clone(),
            rules: found.rules.clone(),
            notes: found.notes.clone(),
            limits: found.limits.clone(),
            certificate: Cow::Borrowed(&found.certificate),
        }
        .checked()
    }

    /// The match that [`answer::save`](crate::answer::save) wrote to a folder, with the tables and the programme that it
    /// was made of.
    ///
    /// That the parts fit together is checked, not that the match is as good as its certificate says: that is what
    /// [`verify`](crate::verify()) is for.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) where a file cannot be read, [`ErrorKind::Input`](crate::ErrorKind::Input)
    /// naming the file, row and column of what cannot be understood or is of another match, and as
    /// [`Program::settled`].
    pub fn of_folder(
        folder: &Path,
        roster: &'a Roster,
        program: &'a Program,
    ) -> Result<Self, Error> {
        let settled = program.settled(roster)?;
        let written = Table::read(PAIRS, &folder.join(PAIRS))?;
        let claimed = tables::claimed_pairs(&written)?;
        let (criteria, by_criterion) = tables::criterion_scores(&written)?;
        let pairs = (1..)
            .zip(claimed.iter().zip(by_criterion))
            .map(|(row, (pair, by_criterion))| {
                Ok(Chosen {
                    mentee: find(roster, Role::Mentee, &pair.mentee, PAIRS, row)?,
                    mentor: find(roster, Role::Mentor, &pair.mentor, PAIRS, row)?,
                    score: pair.score,
                    by_criterion,
                    meeting: pair.meeting.as_ref().map(|meeting| Meeting {
                        site: meeting.site.clone(),
                        slot: meeting.slot.clone(),
                        leader: meeting.leader.clone(),
                    }),
                })
            })
            .collect::<Result<_, Error>>()?;
        let limits = program.standings(roster, &claimed)?;
        let written = Table::read(UNMATCHED, &folder.join(UNMATCHED))?;
        let left = (1..)
            .zip(tables::listed_unmatched(&written)?)
            .map(|(row, person)| {
                Ok(Left {
                    role: person.role,
                    ix: find(roster, person.role, &person.id, UNMATCHED, row)?,
                    reason: person.reason,
                    detail: person.detail,
                })
            })
            .collect::<Result<_, Error>>()?;
        Self {
            roster,
            program,
            pairs,
            left,
            criteria,
            rules: settled.rules,
            notes: settled.notes,
            limits,
            certificate: Cow::Owned(read_certificate(folder)?),
        }
        .checked()
    }

    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) if pairs, unmatched and certificate are not of one match of these people.
    fn checked(self) -> Result<Self, Error> {
        let other = |what: &str| {
            let message = format!("{what}: this is not a match of these tables");
            Err(Error::input(message))
        };
        let certificate = &self.certificate;
        let ids = [
            (self.roster.mentees(), &certificate.mentees),
            (self.roster.mentors(), &certificate.mentors),
        ];
        for (people, certified) in ids {
            if !people.ids().eq(certified.iter().map(String::as_str)) {
                return other(&format!(
                    "the certificate is of other {}",
                    people.role().table()
                ));
            }
        }
        let [mut mentees, mut mentors] =
            [Role::Mentee, Role::Mentor].map(|role| vec![false; self.roster.side(role).len()]);
        for pair in &self.pairs {
            (mentees[pair.mentee], mentors[pair.mentor]) = (true, true);
        }
        let covered = mentees.iter().filter(|has| **has).count() as i64;
        for person in &self.left {
            let side = match person.role {
                Role::Mentee => &mut mentees,
                Role::Mentor => &mut mentors,
            };
            if std::mem::replace(&mut side[person.ix], true) {
                return other(
                    "somebody is listed as unmatched who is in a pair, or is listed twice",
                );
            }
        }
        if mentees.iter().chain(&mentors).any(|listed| !listed) {
            return other("somebody is neither in a pair nor listed as unmatched");
        }
        let mut limits = self.limits.iter();
        let is_broken = |limit: &&Standing| limit.numbers.is_some_and(|numbers| !numbers.is_kept());
        if let Some(limit) = limits.find(is_broken) {
            return other(&format!("the pairs do not keep {}", limit.key));
        }
        let total: i64 = self.pairs.iter().map(|pair| pair.score.0).sum();
        for value in &certificate.levels {
            let claimed = match value.level {
                Level::Coverage => covered,
                Level::Score => total,
                _ => continue,
            };
            if value.objective != claimed {
                return other("the certificate is of other pairs");
            }
        }
        Ok(self)
    }

    /// The total score of the pairs.
    pub(super) fn total_score(&self) -> i64 {
        self.pairs.iter().map(|pair| pair.score.0).sum()
    }

    /// The site that a pair belongs to: where it meets, else the mentee's; empty where it has none.
    pub(super) fn site<'s>(&'s self, pair: &'s Chosen) -> &'s str {
        match &pair.meeting {
            Some(meeting) if !meeting.site.is_empty() => &meeting.site,
            _ => self.site_of(Role::Mentee, pair.mentee),
        }
    }

    /// The site of a person; empty where it is not known.
    pub(super) fn site_of(&self, role: Role, ix: usize) -> &str {
        let site = self.roster.side(role).site(ix);
        site.map_or("", |site| self.roster.sites().word(site))
    }
}

fn find(roster: &Roster, role: Role, id: &str, table: &str, row: usize) -> Result<usize, Error> {
    roster.side(role).find(id).ok_or_else(|| {
        let message = format!("no {} of the tables has this id", role.as_str());
        Error::input(message)
            .in_table(table)
            .in_row(row)
            .with_value(id)
    })
}
