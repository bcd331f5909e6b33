//! What a report of co-mentoring is about: a match with the students it was made of, at hand or from the folder it was
//! saved to.

use std::borrow::Cow;
use std::path::Path;

use nearpeer_core::roster::People;
use nearpeer_core::{Certificate, CoMatch, Error, Level, Micropoints, Program, Roster, RuleState};

use crate::answer::{PAIRS, UNMATCHED, read_certificate};
use crate::tables::{self, Table};

/// A co-mentoring match, and the students that it was made of.
#[derive(Debug, Clone)]
pub struct CoOutcome<'a> {
    pub(super) roster: &'a Roster,
    pub(super) people: &'a People,
    pub(super) groups: Vec<Grouped>,
    pub(super) left: Vec<LeftOver>,
    pub(super) rules: Vec<RuleState>,
    pub(super) notes: Vec<String>,
    pub(super) certificate: Cow<'a, Certificate>,
}

/// A pair or a triad, by its students' places in canonical order.
#[derive(Debug, Clone)]
pub(super) struct Grouped {
    pub(super) students: Vec<usize>,
    /// The scores of every two of them.
    pub(super) scores: Vec<Micropoints>,
}

/// Somebody in no group.
#[derive(Debug, Clone)]
pub(super) struct LeftOver {
    pub(super) ix: usize,
    pub(super) reason: String,
    pub(super) detail: String,
}

impl<'a> CoOutcome<'a> {
    /// A match that is at hand.
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) if it was made of other students.
    pub fn of_match(found: &'a CoMatch, roster: &'a Roster) -> Result<Self, Error> {
        let people = students(roster)?;
        let mut row = 0;
        let mut groups = Vec::with_capacity(found.groups.len());
        for group in &found.groups {
            row += group.ties.len();
            let students = group.students.iter();
            let students = students.map(|id| find(people, id, PAIRS, row));
            groups.push(Grouped {
                students: students.collect::<Result<_, Error>>()?,
                scores: group.ties.iter().map(|tie| tie.score).collect(),
            });
        }
        let left = (1..).zip(&found.unmatched).map(|(row, student)| {
            Ok(LeftOver {
                ix: find(people, &student.id, UNMATCHED, row)?,
                reason: student.reason.code().to_owned(),
                detail: student.reason.detail(),
            })
        });
        Self {
            roster,
            people,
            groups,
            left: left.collect::<Result<_, Error>>()?,
            rules: found.rules.clone(),
            notes: found.notes.clone(),
            certificate: Cow::Borrowed(&found.certificate),
        }
        .checked()
    }

    /// The match that [`answer::save_co_match`](crate::answer::save_co_match) wrote to a folder, with the students and the
    /// programme that it was made of.
    ///
    /// That the parts fit together is checked, not that the match is as good as its certificate says: that is what
    /// [`verify_co_match`](crate::verify_co_match) is for.
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
        let people = students(roster)?;
        let written = Table::read(UNMATCHED, &folder.join(UNMATCHED))?;
        let left = (1..)
            .zip(tables::listed_left_out(&written)?)
            .map(|(row, student)| {
                Ok(LeftOver {
                    ix: find(people, &student.id, UNMATCHED, row)?,
                    reason: student.reason,
                    detail: student.detail,
                })
            });
        Self {
            roster,
            people,
            groups: written_groups(folder, people)?,
            left: left.collect::<Result<_, Error>>()?,
            rules: settled.rules,
            notes: settled.notes,
            certificate: Cow::Owned(read_certificate(folder)?),
        }
        .checked()
    }

    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) if groups, unmatched and certificate are not of one match of these students.
    fn checked(self) -> Result<Self, Error> {
        let other = |what: &str| {
            let message = format!("{what}: this is not a match of these students");
            Err(Error::input(message))
        };
        let certificate = &self.certificate;
        let certified = certificate.students.iter().map(String::as_str);
        if !self.people.ids().eq(certified) {
            return other("the certificate is of others");
        }
        let mut listed = vec![false; self.people.len()];
        let grouped = self.groups.iter().flat_map(|group| &group.students);
        let left = self.left.iter().map(|student| &student.ix);
        for ix in grouped.chain(left) {
            if std::mem::replace(&mut listed[*ix], true) {
                return other(
                    "somebody is in two groups, or listed as unmatched besides, or twice",
                );
            }
        }
        if listed.contains(&false) {
            return other("somebody is neither in a group nor listed as unmatched");
        }
        for value in &certificate.levels {
            let claimed = match value.level {
                Level::Coverage => self.covered() as i64,
                Level::Score => self.total_score().0,
                _ => continue,
            };
            if value.objective != claimed {
                return other("the certificate is of other groups");
            }
        }
        Ok(self)
    }

    /// How many students are in a group.
    pub(super) fn covered(&self) -> usize {
        self.groups.iter().map(|group| group.students.len()).sum()
    }

    /// How many groups have three students.
    pub(super) fn triads(&self) -> usize {
        let groups = self.groups.iter();
        groups.filter(|group| group.students.len() == 3).count()
    }

    /// The total score, to which a triad adds half the sum of its scores, rounded down.
    pub(super) fn total_score(&self) -> Micropoints {
        let groups = self.groups.iter().map(|group| {
            let sum: i64 = group.scores.iter().map(|score| score.0).sum();
            match group.students.len() {
                3 => sum.div_euclid(2),
                _ => sum,
            }
        });
        Micropoints(groups.sum())
    }
}

/// The groups of `pairs.csv`, whose rows name them.
fn written_groups(folder: &Path, people: &People) -> Result<Vec<Grouped>, Error> {
    let written = Table::read(PAIRS, &folder.join(PAIRS))?;
    let mut groups: Vec<Grouped> = Vec::new();
    let mut name = None;
    for (row, tie) in (1..).zip(tables::claimed_ties(&written)?) {
        if name.as_ref() != Some(&tie.group) {
            groups.push(Grouped {
                students: Vec::new(),
                scores: Vec::new(),
            });
            name = Some(tie.group);
        }
        let Some(group) = groups.last_mut() else {
            continue;
        };
        for id in [&tie.a, &tie.b] {
            let ix = find(people, id, PAIRS, row)?;
            if !group.students.contains(&ix) {
                group.students.push(ix);
            }
        }
        group.scores.push(tie.score);
        if group.students.len() > 3 {
            let message = "a group has two students or three";
            return Err(Error::input(message).in_table(PAIRS).in_row(row));
        }
    }
    Ok(groups)
}

fn students(roster: &Roster) -> Result<&People, Error> {
    let message = "a report of co-mentoring is made of one table of students";
    roster.students().ok_or_else(|| Error::input(message))
}

fn find(people: &People, id: &str, table: &str, row: usize) -> Result<usize, Error> {
    people.find(id).ok_or_else(|| {
        Error::input("no student of the table has this id")
            .in_table(table)
            .in_row(row)
            .with_value(id)
    })
}
