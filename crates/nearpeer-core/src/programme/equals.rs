//! What a co-mentoring programme may set, and what its settings say of two equals.
//!
//! Rules and criteria are written for a mentee and a mentor. Of two students each is both, so here they say the
//! same in either order.

use super::{
    Feeder, GradeGap, Kind, Mode, ObjectiveLevel, Program, Requirement, RuleSide, Side, Triads,
};
use crate::error::Error;

/// # Errors
/// [`ErrorKind::Program`](crate::ErrorKind::Program) naming the key that makes no sense in the programme's mode.
pub(super) fn validate(program: &Program) -> Result<(), Error> {
    if program.mode != Mode::CoMentoring {
        return match program.triads {
            Triads::Off => Ok(()),
            _ => Err(Error::program(
                "triads",
                "groups of three are for co-mentoring: set mode = \"co_mentoring\"",
            )),
        };
    }
    if let GradeGap::Between { min, .. } = program.eligibility.grade_gap
        && min != 0
    {
        return Err(Error::program(
            "eligibility.grade_gap",
            format!("in co-mentoring the gap counts both ways, so its minimum is 0, not {min}"),
        ));
    }
    for (number, criterion) in (1..).zip(&program.criteria) {
        let fault = |key: &str, message: &str| {
            Err(Error::program(format!("criteria[{number}].{key}"), message))
        };
        match criterion.kind {
            Kind::GradeGap { ideal, .. } if ideal.unwrap_or(0) != 0 => {
                return fault(
                    "ideal",
                    "in co-mentoring the gap counts both ways, so the best is 0",
                );
            }
            Kind::Preferences(Side::Mentee | Side::Mentor) => {
                return fault("side", "in co-mentoring the wishes of both count: `both`");
            }
            _ => {}
        }
    }
    for level in &program.objective {
        if !matches!(
            level,
            ObjectiveLevel::Priority | ObjectiveLevel::Coverage | ObjectiveLevel::Score
        ) {
            let message = format!(
                "co-mentoring knows the levels priority, coverage and score, but not {} yet",
                level.as_str()
            );
            return Err(Error::program("objective", message));
        }
    }
    if program.stability.is_some() {
        return Err(Error::program(
            "stability",
            "co-mentoring has no stability yet",
        ));
    }
    if program.meetings.assign == Some(true) {
        return Err(Error::program(
            "meetings.assign",
            "co-mentoring gives groups no slots yet",
        ));
    }
    if program.circles.is_asked() {
        return Err(Error::program("circles", "co-mentoring has no circles"));
    }
    if let Some(key) = crate::constraint::first_key(program) {
        let message = format!("co-mentoring has no {key} yet");
        return Err(Error::program(key, message));
    }
    if program.triads != Triads::Off && !program.objective.contains(&ObjectiveLevel::Coverage) {
        return Err(Error::program(
            "triads",
            "groups of three serve the coverage: name `coverage` in the objective",
        ));
    }
    Ok(())
}

impl Program {
    /// The same settings with rules and criteria that say the same of two students in either order.
    pub(crate) fn between_equals(&self) -> Self {
        let mut equal = self.clone();
        let rules = &mut equal.eligibility;
        if let GradeGap::Between { max, .. } = rules.grade_gap {
            let min = max.map_or(i32::MIN, |max| -max);
            rules.grade_gap = GradeGap::Between { min, max };
        }
        let back = rules.feeders.iter().map(|route| Feeder {
            from: route.to.clone(),
            to: route.from.clone(),
        });
        rules.feeders = back.chain(rules.feeders.iter().cloned()).collect();
        for rule in &mut rules.rules {
            match &mut rule.requirement {
                Requirement::OneOf(side, _)
                | Requirement::AtLeast(side, _)
                | Requirement::AtMost(side, _) => *side = RuleSide::Both,
                _ => {}
            }
        }
        for criterion in &mut equal.criteria {
            if let Kind::GradeGap { ideal, .. } = &mut criterion.kind {
                *ideal = Some(0);
            }
        }
        equal
    }
}
