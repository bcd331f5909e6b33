//! A programme's settings as a card.

use nearpeer_core::{EligibilityRules, Error, GradeGap, Limits, Mode, Program, Triads};

use super::Card;
use crate::report::words::{counted, spaced};

/// A programme's settings: its objective, rules, criteria and loads, and how many constraints of each kind it has.
///
/// # Errors
/// None that a user can cause.
pub fn program(program: &Program) -> Result<String, Error> {
    let mut card = Card::new(
        "Programme",
        match program.mode {
            Mode::CoMentoring => "students with each other",
            _ => "mentors with mentees",
        },
    );
    let levels = program.objective.iter().map(|level| spaced(level.as_str()));
    card.fact("Objective", levels.collect::<Vec<_>>().join(", then "));
    card.fact("Who may be paired", rules(&program.eligibility));
    card.fact("What makes a good pair", criteria(program));
    card.fact("Pairs a person", loads(program));
    let constraints = constraints(program);
    if !constraints.is_empty() {
        card.fact("Constraints", constraints.join(", "));
    }
    if let Some(stability) = program.stability {
        card.fact("Stability", spaced(stability.mode.as_str()));
    }
    let limits = limits(&program.limits);
    if !limits.is_empty() {
        card.fact("Limits", limits.join(", "));
    }
    card.html()
}

fn rules(rules: &EligibilityRules) -> String {
    let flags = [
        (rules.screening, "screened mentors"),
        (rules.training, "trained mentors"),
        (rules.consent, "consent"),
        (rules.slot, "a shared slot"),
        (rules.language, "required language"),
        (rules.gender, "required gender"),
    ];
    let on = flags.iter().filter(|(on, _)| *on);
    let mut words: Vec<String> = on.map(|(_, name)| (*name).to_owned()).collect();
    match rules.grade_gap {
        GradeGap::Off => {}
        GradeGap::Between { min, max: None } => {
            words.push(format!("a gap of {min} grades or more"))
        }
        GradeGap::Between {
            min,
            max: Some(max),
        } => words.push(format!("a gap of {min} to {max} grades")),
    }
    if rules.site {
        let feeders = rules.feeders.len() as u64;
        words.push(match feeders {
            0 => "the same site".to_owned(),
            _ => format!("the same site or {}", counted(feeders, "feeder", "feeders")),
        });
    }
    let custom = rules.rules.iter().map(|rule| spaced(&rule.name));
    words.extend(custom);
    match words.is_empty() {
        true => "anybody".to_owned(),
        false => words.join(", "),
    }
}

fn criteria(program: &Program) -> String {
    let criteria = program.criteria.iter();
    let words: Vec<String> = criteria
        .map(|criterion| format!("{} {}", spaced(&criterion.name), criterion.weight))
        .collect();
    match words.is_empty() {
        true => "every pair is as good".to_owned(),
        false => words.join(", "),
    }
}

fn loads(program: &Program) -> String {
    let range = |min: u32, max: u32| match min == max {
        true => min.to_string(),
        false => format!("{min} to {max}"),
    };
    let loads = program.loads;
    let or_none = match loads.mentor.or_none && loads.mentor.min > 0 {
        true => "none or ",
        false => "",
    };
    match (program.mode, program.triads) {
        (Mode::CoMentoring, Triads::Off) => "one group of two".to_owned(),
        (Mode::CoMentoring, _) => "one group of two or three".to_owned(),
        _ => format!(
            "mentees {}, mentors {or_none}{}",
            range(loads.mentee.min, loads.mentee.max),
            range(loads.mentor.min, loads.mentor.max),
        ),
    }
}

/// How many there are of each kind: their contents may name somebody.
fn constraints(program: &Program) -> Vec<String> {
    let kinds = [
        (program.quotas.len(), "quota", "quotas"),
        (program.budgets.len(), "budget", "budgets"),
        (program.balance.len(), "balance", "balances"),
        (program.families.len(), "family", "families"),
    ];
    let there = kinds.into_iter().filter(|(count, ..)| *count > 0);
    let mut words: Vec<String> = there
        .map(|(count, one, many)| counted(count as u64, one, many))
        .collect();
    if program.circles.one_slot {
        words.push("circles in one slot".to_owned());
    }
    if let Some(band) = program.circles.grade_band {
        words.push(format!(
            "circles within {}",
            counted(band.into(), "grade", "grades")
        ));
    }
    words
}

fn limits(limits: &Limits) -> Vec<String> {
    let time = limits.time.map(|seconds| format!("{seconds} s"));
    let memory = limits.memory.map(|mebibytes| format!("{mebibytes} MiB"));
    let gap = limits.gap.map(|gap| format!("a gap of {gap} micropoints"));
    [time, memory, gap].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_programme_is_made_of_is_shown_and_escaped() {
        let text = r#"
            loads.mentor = { min = 2, max = 3 }
            limits.time = 60
            [[families]]
            name = "the Greens"
            members = ["ana-green", "bo-green"]
            keep = "apart"
            [[eligibility.rules]]
            name = "<b>club</b>"
            column = "club"
            require = "same"
        "#;
        let given = Program::from_toml(text).expect("a programme");
        let card = program(&given).expect("a card");
        for words in [
            "priority, then coverage, then score",
            "a gap of 2 grades or more",
            "mentees 0 to 1, mentors none or 2 to 3",
            "1 family",
            "60 s",
            "&lt;b&gt;club",
        ] {
            assert!(card.contains(words), "{words}: {card}");
        }
        assert!(!card.contains("green") && !card.contains("Greens") && !card.contains("<b>"));
    }
}
