//! The match in a sentence, and in a few numbers.

use nearpeer_core::words::form;
use nearpeer_core::{Micropoints, Status};

use super::Outcome;
use super::coverage::WITHHELD;
use super::page::Fact;
use super::redact::{FEW, is_few};
use super::tally::{Coverage, Tally};
use super::words::{count, counted, mean, points, share};

/// What the whole page says, in a few sentences.
pub(super) fn sentences(outcome: &Outcome<'_>, tally: &Tally<'_>, redacted: bool) -> Vec<String> {
    let mut sentences = vec![if redacted {
        redacted_coverage(tally.total)
    } else {
        coverage(tally.total)
    }];
    sentences.push(
        match outcome.certificate.status {
            Status::Optimal => {
                "Under the programme's rules and aims no match of these people is better: that is proven."
            }
            _ => {
                "The match keeps every rule of the programme. Whether there is a better one is not settled, since \
                 the search was ended before; how much better one could be is said below."
            }
        }
        .to_owned(),
    );
    sentences
}

fn coverage(total: Coverage) -> String {
    let mut sentence = format!(
        "{} of {} ({}) {} a mentor",
        count(total.matched),
        counted(total.mentees, "mentee", "mentees"),
        share(total.matched, total.mentees),
        form(total.matched, "has", "have")
    );
    if total.unmatched() > 0 {
        sentence += &format!("; {} not", counted(total.unmatched(), "does", "do"));
    }
    sentence + "."
}

/// Coverage without a small number in it or behind it.
fn redacted_coverage(total: Coverage) -> String {
    if is_few(total.mentees) {
        return "There are fewer than ten mentees.".to_owned();
    }
    if is_few(total.matched) {
        let mentees = count(total.mentees);
        return format!("Fewer than ten of {mentees} mentees have a mentor.");
    }
    if is_few(total.unmatched()) {
        let at_least = (total.mentees - (FEW - 1)) * 100 / total.mentees;
        let mentees = count(total.mentees);
        return format!("At least {at_least} % of {mentees} mentees have a mentor.");
    }
    coverage(total)
}

/// The numbers that people ask for first.
pub(super) fn facts(outcome: &Outcome<'_>, tally: &Tally<'_>, redacted: bool) -> Vec<Fact> {
    let total = tally.total;
    let in_use = tally.mentors_in_use;
    let idle = tally.supply.mentors - in_use;
    let secret = |numbers: &[u64]| redacted && numbers.iter().any(|number| is_few(*number));
    let of = |part: u64, whole: u64, secret: bool| match secret {
        true => WITHHELD.to_owned(),
        false => format!("{} of {}", count(part), count(whole)),
    };
    let mut facts = vec![
        Fact {
            name: "Mentees with a mentor",
            value: of(
                total.matched,
                total.mentees,
                secret(&[total.mentees, total.matched, total.unmatched()]),
            ),
            note: String::new(),
        },
        Fact {
            name: "Mentors with a mentee",
            value: of(
                in_use,
                tally.supply.mentors,
                secret(&[tally.supply.mentors, in_use, idle]),
            ),
            note: String::new(),
        },
    ];
    let pairs = outcome.pairs.len();
    if pairs > 0 && !secret(&[pairs as u64]) {
        facts.push(Fact {
            name: "Mean score",
            value: points(mean(outcome.total_score(), pairs)),
            note: "of 1".to_owned(),
        });
    }
    let lowest = outcome.pairs.iter().map(|pair| pair.score).min();
    if let Some(lowest) = lowest.filter(|_| !redacted) {
        facts.push(Fact {
            name: "Lowest score",
            value: points(lowest),
            note: "of 1".to_owned(),
        });
    }
    facts.push(proven(outcome));
    facts
}

fn proven(outcome: &Outcome<'_>) -> Fact {
    let certificate = &outcome.certificate;
    let (value, note) = match certificate.status {
        Status::Optimal => ("proven best".to_owned(), String::new()),
        _ => (
            "not settled".to_owned(),
            format!("open in: {}", certificate.level).replace('_', " "),
        ),
    };
    Fact {
        name: "Proof",
        value,
        note,
    }
}

/// A value of a level that is a score.
pub(super) fn score(value: i64) -> String {
    points(Micropoints(value))
}
