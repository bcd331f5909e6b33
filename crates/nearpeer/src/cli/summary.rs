//! What `nearpeer match` says of its answer, for people and as JSON.

use std::collections::BTreeSet;
use std::path::PathBuf;

use nearpeer::words::counted;
use nearpeer::{
    Conflict, Constraint, Error, ErrorKind, Level, Match, Micropoints, Relaxation, RuleState,
    Standing, Status,
};
use serde_json::{Value, json};

/// A match in a few numbers.
pub(super) struct Summary<'a> {
    covered: usize,
    found: &'a Match,
    blocking: Option<usize>,
    files: &'a [PathBuf],
}

impl<'a> Summary<'a> {
    /// `blocking` is how many pairs block the match, where that was asked for.
    pub(super) fn new(found: &'a Match, blocking: Option<usize>, files: &'a [PathBuf]) -> Self {
        Self {
            covered: found.covered(),
            found,
            blocking,
            files,
        }
    }

    /// The mean score of the pairs in points; `None` where there are none.
    fn mean_score(&self) -> Option<f64> {
        let pairs = self.found.pairs.len();
        (pairs > 0).then(|| self.found.total_score().0 as f64 / 1e6 / pairs as f64)
    }

    fn mentors_with_a_mentee(&self) -> usize {
        let pairs = self.found.pairs.iter();
        let mentors: BTreeSet<&str> = pairs.map(|pair| pair.mentor.as_str()).collect();
        mentors.len()
    }

    /// The summary for people, line by line.
    pub(super) fn lines(&self) -> Vec<String> {
        let certificate = &self.found.certificate;
        let share = 100.0 * self.covered as f64 / self.found.mentees.max(1) as f64;
        let mut lines = vec![
            format!(
                "coverage: {} of {} ({share:.1} %)",
                self.covered,
                counted(self.found.mentees, "mentee")
            ),
            format!(
                "pairs: {}; mentors with a mentee: {} of {}",
                self.found.pairs.len(),
                self.mentors_with_a_mentee(),
                self.found.mentors
            ),
        ];
        let first = certificate.levels.iter();
        let first = first.filter(|level| level.level == Level::Transition);
        lines.extend(
            first.map(|level| format!("of transition grades: {} covered", level.objective)),
        );
        if let Some(mean) = self.mean_score() {
            lines.push(format!("mean score: {mean:.6}"));
        }
        lines.extend(limits(&self.found.limits));
        lines.extend(fairness(self.found));
        lines.extend(
            self.blocking
                .map(|count| format!("blocking pairs: {count}")),
        );
        lines.push(match certificate.status {
            Status::Optimal => "gap: 0, proven optimal".to_owned(),
            status => format!(
                "gap: {} in {} ({}): the match has {}, and no match more than {}",
                amount(certificate.level, certificate.gap),
                certificate.level,
                status.as_str(),
                amount(certificate.level, certificate.objective),
                amount(certificate.level, certificate.bound)
            ),
        });
        lines.extend(rules_off(&self.found.rules));
        lines.extend(notes(&self.found.notes));
        let files: Vec<String> = self
            .files
            .iter()
            .map(|file| file.display().to_string())
            .collect();
        lines.push(format!("files: {}", files.join(", ")));
        lines
    }
}

/// How the match stands to what is limited and promised in numbers, a line each.
fn limits(limits: &[Standing]) -> impl Iterator<Item = String> {
    /// More would hide the rest of the summary.
    const MOST: usize = 12;
    let with = limits
        .iter()
        .filter_map(|limit| Some((limit, limit.numbers?)));
    let more = with.clone().count().saturating_sub(MOST);
    let lines = with
        .take(MOST)
        .map(|(limit, numbers)| format!("{}: {numbers}", limit.what));
    let rest = (more > 0).then(|| format!("and {more} more limits, all kept"));
    lines.chain(rest)
}

/// How high the lowest score is under a level of fairness, and what that costs.
fn fairness(found: &Match) -> Option<String> {
    let certificate = &found.certificate;
    if certificate.fairness.is_none() && certificate.unbalanced.is_none() {
        return None;
    }
    let lowest = format!("lowest score: {}", found.lowest_score()?);
    let Some(cost) = found.price_of_fairness() else {
        return Some(lowest);
    };
    let covered = match cost.covered_without {
        without if without == cost.covered => String::new(),
        without => format!("; {} covered, {without} without it", cost.covered),
    };
    Some(format!(
        "{lowest}; price of fairness: {} of a total of {} ({:.2} %){covered}",
        cost.price(),
        cost.without,
        cost.percent()
    ))
}

/// Settings and columns that have no effect.
pub(super) fn notes(notes: &[String]) -> impl Iterator<Item = String> {
    notes.iter().map(|note| format!("note: {note}"))
}

/// Which rules were off, and why; nothing where all were on.
pub(super) fn rules_off(rules: &[RuleState]) -> Option<String> {
    let off: Vec<String> = rules
        .iter()
        .filter(|rule| !rule.on)
        .map(|rule| match &rule.why_off {
            Some(why) => format!("{} ({why})", rule.code),
            None => rule.code.clone(),
        })
        .collect();
    (!off.is_empty()).then(|| format!("rules off: {}", off.join(", ")))
}

/// A level's value as people write it.
pub(super) fn amount(level: Level, value: i64) -> String {
    match level {
        Level::Score | Level::WorstOff => Micropoints(value).to_string(),
        _ => value.to_string(),
    }
}

/// The summary as a JSON object; scores are in micropoints unless they say else.
pub(super) fn object(summary: &Summary<'_>) -> Value {
    let found = summary.found;
    let certificate = &found.certificate;
    let files: Vec<String> = summary
        .files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    json!({
        "status": certificate.status.as_str(),
        "match_found": true,
        "mentees": found.mentees,
        "mentors": found.mentors,
        "covered": summary.covered,
        "pairs": found.pairs.len(),
        "unmatched": found.unmatched.len(),
        "blocking_pairs": summary.blocking,
        "total_score": found.total_score(),
        "mean_score_points": summary.mean_score(),
        "lowest_score": found.lowest_score(),
        "price_of_fairness": found.price_of_fairness().map(|cost| json!({
            "score": cost.with,
            "without": cost.without,
            "price": cost.price(),
            "covered": cost.covered,
            "covered_without": cost.covered_without,
        })),
        "level": certificate.level.to_string(),
        "objective": certificate.objective,
        "bound": certificate.bound,
        "gap": certificate.gap,
        "limits": found.limits,
        "rules": found.rules,
        "notes": found.notes,
        "criteria": found.criteria,
        "files": files,
    })
}

/// A failure as a JSON object.
pub(super) fn failure(error: &Error) -> Value {
    let place = error.place();
    let mut object = json!({
        "status": match error.kind() {
            ErrorKind::Infeasible => Status::Infeasible.as_str(),
            ErrorKind::Limit => Status::LimitReached.as_str(),
            ErrorKind::Interrupted => "interrupted",
            _ => "error",
        },
        "error": error.to_string(),
        "table": place.table,
        "row": place.row,
        "column": place.column,
        "value": place.value,
        "key": place.key,
        "conflict": error.conflict().map_or_else(Vec::new, constraints),
        "repair": error.conflict().map_or_else(Vec::new, repairs),
    });
    // `limit_reached` is also the status of a match with a gap; this tells the two apart.
    if error.kind() == ErrorKind::Limit {
        object["match_found"] = false.into();
    }
    object
}

/// The constraints of a conflict.
fn constraints(conflict: &Conflict) -> Vec<Value> {
    let constraints = conflict.constraints.iter();
    constraints.map(constraint).collect()
}

fn constraint(constraint: &Constraint) -> Value {
    let place = &constraint.place;
    json!({
        "kind": constraint.kind.as_str(),
        "what": constraint.what,
        "table": place.table,
        "row": place.row,
        "column": place.column,
        "key": place.key,
        "binds": constraint.binds,
    })
}

/// Each way to repair a conflict, as a list of changes.
fn repairs(conflict: &Conflict) -> Vec<Value> {
    let change = |change: &Relaxation| {
        let mut object = constraint(&change.constraint);
        object["what"] = change.what.clone().into();
        object["from"] = change.from.into();
        object["to"] = change.to.into();
        object
    };
    let repairs = conflict.repairs.iter();
    let changes = repairs.map(|repair| repair.changes.iter().map(change).collect());
    changes.collect()
}
