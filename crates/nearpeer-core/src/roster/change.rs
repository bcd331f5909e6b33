//! Rosters with a change, for questions of the kind 'what if'.

use super::embedding::Embeddings;
use super::{Cell, Code, ExtraColumn, ListedLeader, ListedPair, Lists, People, Roster};
use crate::units::MentorIx;

impl Roster {
    /// The roster with one mentor more, who is like one that there is but for the id, a load of one pair, finished
    /// screening, training and consent, and the slots, if some are given. The row in messages is that of the other.
    pub(crate) fn with_mentor_like(&self, mentor: usize, id: &str, slots: Option<&[Code]>) -> Self {
        let mut changed = self.clone();
        let at = self.mentors.ids.partition_point(|other| **other < *id);
        changed.mentors = self.mentors.with_twin(mentor, at, id);
        let mentors = &mut changed.mentors;
        mentors.load_min[at] = None;
        mentors.load_max[at] = Some(1);
        for done in [
            &mut mentors.consent,
            &mut mentors.screened,
            &mut mentors.trained,
        ] {
            done[at] = Some(true);
        }
        if let Some(slots) = slots {
            mentors.slots = replaced(&mentors.slots, mentors.ids.len(), at, slots);
        }
        // Mentors after the new one have moved by one place.
        let moved = |ix: u32| if ix as usize >= at { ix + 1 } else { ix };
        changed.mentees.preferences = mapped(&self.mentees.preferences, self.mentees.len(), moved);
        for pairs in [
            &mut changed.required,
            &mut changed.blocked,
            &mut changed.previous,
        ] {
            for ListedPair { mentor, .. } in pairs {
                *mentor = MentorIx(moved(mentor.0));
            }
        }
        changed.pair_scores = self.pair_scores.as_ref().map(|scores| {
            let scores = scores.iter();
            scores
                .map(|((mentee, mentor), score)| ((*mentee, MentorIx(moved(mentor.0))), *score))
                .collect()
        });
        changed
    }

    /// The roster with one leader more, who is like one that there is but for the id.
    pub(crate) fn with_leader_like(&self, leader: usize, id: &str) -> Self {
        let mut changed = self.clone();
        let at = self.leaders.partition_point(|other| *other.id < *id);
        let twin = ListedLeader {
            id: id.to_owned(),
            ..self.leaders[leader].clone()
        };
        changed.leaders.insert(at, twin);
        changed
    }
}

impl People {
    /// With somebody more at this place, like somebody else but for the id.
    fn with_twin(&self, of: usize, at: usize, id: &str) -> Self {
        let count = self.len();
        // The places whose columns stand, in the new order.
        let order: Vec<usize> = (0..at).chain([of]).chain(at..count).collect();
        let lists = |lists: &Lists| {
            let mut out = Lists::default();
            order
                .iter()
                .for_each(|ix| out.push(lists.get(*ix).map(<[Code]>::to_vec)));
            out
        };
        let mut ids = self.ids.clone();
        ids.insert(at, id.into());
        let extra = self.extra.iter().map(|(name, column)| {
            let cells: Vec<Cell> = order.iter().map(|ix| column.cell(*ix).clone()).collect();
            (name.clone(), ExtraColumn { cells })
        });
        Self {
            role: self.role,
            table: self.table,
            ids,
            rows: taken(&self.rows, &order),
            present: self.present.clone(),
            grade: taken(&self.grade, &order),
            site: taken(&self.site, &order),
            interests: lists(&self.interests),
            goals: lists(&self.goals),
            strengths: lists(&self.strengths),
            languages: lists(&self.languages),
            slots: lists(&self.slots),
            gender: taken(&self.gender, &order),
            load_min: taken(&self.load_min, &order),
            load_max: taken(&self.load_max, &order),
            consent: taken(&self.consent, &order),
            screened: taken(&self.screened, &order),
            trained: taken(&self.trained, &order),
            requires_language: taken(&self.requires_language, &order),
            requires_same_gender: taken(&self.requires_same_gender, &order),
            priority: taken(&self.priority, &order),
            preferences: lists(&self.preferences),
            embeddings: Embeddings::taken(&self.embeddings, &order),
            extra: extra.collect(),
        }
    }
}

fn taken<T: Copy>(column: &[T], order: &[usize]) -> Vec<T> {
    order.iter().map(|ix| column[*ix]).collect()
}

/// The lists with another one at a place.
fn replaced(lists: &Lists, count: usize, at: usize, list: &[Code]) -> Lists {
    let mut out = Lists::default();
    for ix in 0..count {
        let kept = || lists.get(ix).map(<[Code]>::to_vec);
        out.push(if ix == at {
            Some(list.to_vec())
        } else {
            kept()
        });
    }
    out
}

/// The lists with other codes in them.
fn mapped(lists: &Lists, count: usize, code: impl Fn(Code) -> Code) -> Lists {
    let mut out = Lists::default();
    for ix in 0..count {
        let list = lists.get(ix);
        out.push(list.map(|codes| codes.iter().map(|of| code(*of)).collect()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roster::{Leader, Person, RosterBuilder};

    fn mentor(id: &str) -> Person {
        let person = Person::new(id).site("Lincoln").slots(["Mon", "Tue"]);
        person
            .interests(["chess"])
            .preferences(["e1"])
            .with("club", "red")
            .trained(false)
            .embedding([1.0, 0.0])
    }

    fn roster(more: impl Fn(RosterBuilder) -> RosterBuilder) -> Roster {
        let wishes = Person::new("e1").slots(["Mon"]).preferences(["m3", "m1"]);
        let builder = Roster::builder()
            .mentee(wishes.site("Lincoln"))
            .mentor(mentor("m1"))
            .mentor(Person::new("m3").load_max(2))
            .required("e1", "m3")
            .blocked("e1", "m1")
            .pair_score("e1", "m3", 0.5)
            .leader(
                Leader::new("lea")
                    .site("Lincoln")
                    .slots(["Mon"])
                    .capacity(3),
            );
        more(builder).build().expect("a roster")
    }

    /// Rows and the codes of words aside, which depend on who stands where.
    fn rows_aside(mut roster: Roster) -> Roster {
        let count = roster.mentors.len();
        roster.mentors.rows = vec![0; count];
        // Cells that are missing at the end of a column need not be there.
        for column in roster.mentors.extra.values_mut() {
            column.cells.resize(count, Cell::Missing);
        }
        roster
    }

    #[test]
    fn a_mentor_more_is_as_if_the_table_had_one() {
        let like = mentor("m2").trained(true).screened(true).consent(true);
        let built = roster(|builder| builder.mentor(like.clone().slots(["Tue"]).load_max(1)));
        let base = roster(|builder| builder);
        let tuesday = base.slots().code("Tue").expect("a slot");
        let mut made = base.with_mentor_like(0, "m2", Some(&[tuesday]));
        // Columns that the table does not have stay off.
        made.mentors.present.clone_from(&built.mentors.present);
        assert_eq!(rows_aside(made), rows_aside(built));
        let all_week = base.with_mentor_like(0, "m9", None);
        assert_eq!(all_week.mentors().slots(2), base.mentors().slots(0));
    }

    #[test]
    fn a_leader_more_is_as_if_the_table_had_one() {
        let abe = Leader::new("abe")
            .site("Lincoln")
            .slots(["Mon"])
            .capacity(3);
        let mut built = roster(|builder| builder.leader(abe.clone()));
        built.leaders[0].row = 1;
        assert_eq!(roster(|builder| builder).with_leader_like(0, "abe"), built);
    }
}
