//! The settings of small programmes.

use super::Small;
use crate::programme::{
    Criterion, CustomRule, Feeder, GradeGap, Kind, Missing, ObjectiveLevel, Overlap, PairProperty,
    Program, Quota, Requirement, RuleSide, Side,
};
use crate::roster::Grade;

impl Small {
    /// Whether mentees have one mentor at most, which is what the order of scores is for.
    pub(super) fn is_single(&self) -> bool {
        self.objective >= 10
    }

    pub(super) fn program(&self) -> Program {
        let mut program = Program::default();
        let rules = &mut program.eligibility;
        [
            rules.screening,
            rules.training,
            rules.consent,
            rules.site,
            rules.slot,
            rules.language,
            rules.gender,
        ] = [0, 1, 2, 3, 4, 5, 6].map(|ix| self.rules[ix]);
        rules.grade_gap = if self.rules[7] {
            GradeGap::Between {
                min: self.gap.0,
                max: self.gap.1,
            }
        } else {
            GradeGap::Off
        };
        rules.feeders = vec![Feeder {
            from: "Grant".into(),
            to: "Lincoln".into(),
        }];
        if let Some((kind, bound)) = self.custom {
            let bound = f64::from(bound);
            let (column, requirement) = match kind {
                0 => ("club", Requirement::Same),
                1 => ("club", Requirement::Different),
                2 => ("distance", Requirement::Within(bound.abs())),
                3 => ("distance", Requirement::AtLeast(RuleSide::Mentor, bound)),
                4 => ("distance", Requirement::AtMost(RuleSide::Both, bound)),
                _ => (
                    "club",
                    Requirement::OneOf(RuleSide::Mentee, vec!["club 1".into()]),
                ),
            };
            rules.rules = vec![CustomRule {
                name: "own".into(),
                column: column.into(),
                requirement,
            }];
        }
        program.criteria = (0..)
            .zip(&self.criteria)
            .map(|(number, criterion)| criterion_of(number, *criterion))
            .collect();
        let (mentee_min, mentee_max, mentor_min, mentor_max, or_none) = self.loads;
        let mentee_max = if self.is_single() { 1 } else { mentee_max };
        program.loads.mentee.min = mentee_min.min(mentee_max);
        program.loads.mentee.max = mentee_max;
        program.loads.mentor.min = mentor_min.min(mentor_max);
        program.loads.mentor.max = mentor_max;
        program.loads.mentor.or_none = or_none;
        use ObjectiveLevel::{Coverage, Leximin, Priority, Score, Transition, WorstOff};
        program.transition_grades = [4, 7].into_iter().filter_map(Grade::new).collect();
        program.objective = match self.objective {
            0 => vec![Score],
            1 => vec![Coverage],
            2 => vec![Coverage, Score],
            3 => vec![Coverage, Priority, Score],
            4 => vec![Priority],
            6 => vec![Transition, Priority, Coverage, Score],
            7 => vec![Priority, Coverage, Transition, WorstOff, Score],
            8 => vec![Coverage, WorstOff, Score],
            9 => vec![Coverage, WorstOff],
            10 => vec![Transition, Coverage, Leximin, Score],
            11 => vec![Coverage, Leximin],
            _ => vec![Priority, Coverage, Score],
        };
        if self.is_single() {
            program.loads.mentor.or_none = false;
        }
        // Quotas cannot be combined with fairness yet.
        let quotas = if program.fairness().is_some() {
            &[][..]
        } else {
            &self.quotas
        };
        for (number, &(property, at_most)) in (1..).zip(quotas) {
            let property = match property {
                // A quota whose column a table lacks is an error.
                0 if self.columns[1] => PairProperty::CrossSite,
                0 | 1 => PairProperty::Different("club".into()),
                _ => PairProperty::Same("club".into()),
            };
            let quota = Quota::at_most(format!("quota {number}"), property, at_most);
            program.quotas.push(quota);
            if self.asked.is_none() {
                // The two can be combined with HiGHS only.
                program.loads.mentor.or_none = false;
            }
        }
        if let Some(week) = &self.week {
            program.meetings = week.meetings();
        }
        program
    }
}

fn criterion_of(number: usize, (kind, weight, missing): (u8, u32, u8)) -> Criterion {
    let kind = match kind {
        0 => Kind::Interests(Overlap::Jaccard),
        1 => Kind::Interests(Overlap::IdfJaccard),
        2 => Kind::GradeGap {
            ideal: None,
            tolerance: 3,
        },
        3 => Kind::Goals,
        4 => Kind::Slots,
        5 => Kind::Languages,
        6 => Kind::Preferences(Side::Both),
        7 => Kind::Preferences(Side::Mentee),
        8 => Kind::Same("club".into()),
        9 => Kind::Different("club".into()),
        10 => Kind::Closeness {
            column: "distance".into(),
            scale: 2.5,
        },
        11 => Kind::Interests(Overlap::Cosine),
        _ if weight % 2 == 0 => Kind::Previous,
        _ => Kind::PairScores,
    };
    let missing = [Missing::Neutral, Missing::Zero, Missing::Ineligible][usize::from(missing)];
    Criterion::new(kind, f64::from(weight) / 3.0, missing).named(format!("criterion {number}"))
}
