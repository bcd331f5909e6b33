//! Times stable matches, blocking pairs and the check of a made-up programme of any size:
//!
//! ```text
//! cargo run --release -p nearpeer --example stability -- 2000 1000 10
//! ```
//!
//! So many mentees and mentors of one or two places, who may all be paired; each wishes for so many drawn at random, and
//! has ten of 64 interests. As many places as mentees leave the most stable matches to choose from.

use std::error::Error;
use std::time::Instant;

use nearpeer::{
    ClaimedPair, Match, Options, Person, Program, Roster, Stability, StabilityMode, verify,
};

fn main() -> Result<(), Box<dyn Error>> {
    let numbers: Vec<usize> = std::env::args()
        .skip(1)
        .map(|word| word.parse())
        .collect::<Result<_, _>>()?;
    let &[mentees, mentors, wishes] = numbers.as_slice() else {
        return Err("give: MENTEES MENTORS WISHES".into());
    };
    let roster = roster(mentees, mentors, wishes)?;
    let mut program = Program::default();
    report("plain", &program, &roster)?;
    for mode in [
        StabilityMode::MenteeOptimal,
        StabilityMode::MentorOptimal,
        StabilityMode::BestScore,
        StabilityMode::FewestBlocking,
    ] {
        program.stability = Some(Stability::new(mode));
        report(mode.as_str(), &program, &roster)?;
    }
    Ok(())
}

fn report(name: &str, program: &Program, roster: &Roster) -> Result<(), Box<dyn Error>> {
    let begun = Instant::now();
    let options = Options {
        time_limit: Some(std::time::Duration::from_secs(120)),
        ..Options::default()
    };
    let found = program.solve_with(roster, &options)?;
    let solve = begun.elapsed();
    let begun = Instant::now();
    let blocking = found.blocking_pairs(roster, program, &Options::default())?;
    let counted = begun.elapsed();
    let begun = Instant::now();
    verify(roster, program, &claims(&found), &found.certificate)?;
    let payments = found.certificate.stability.as_ref();
    println!(
        "{name}: {} pairs, score {}, {} in {solve:.3?}; {} blocking pairs in {counted:.3?}; verified in {:.3?} with {} payments",
        found.pairs.len(),
        found.total_score(),
        found.certificate.status.as_str(),
        blocking.len(),
        begun.elapsed(),
        payments.map_or(0, |proof| proof.flows.len()),
    );
    Ok(())
}

fn roster(mentees: usize, mentors: usize, wishes: usize) -> Result<Roster, nearpeer::Error> {
    // A linear congruential generator (Knuth, MMIX).
    let mut state = 7u64;
    let mut below = |most: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % most
    };
    let mut person = |id: String, prefix: &str, others: usize| {
        let interests: Vec<String> = (0..10).map(|_| below(64).to_string()).collect();
        let wished = (0..wishes).map(|_| format!("{prefix}{}", below(others)));
        let wished: Vec<String> = wished.collect();
        Person::new(id).interests(interests).preferences(wished)
    };
    let mut builder = Roster::builder();
    for number in 0..mentees {
        builder = builder.mentee(person(format!("e{number}"), "m", mentors));
    }
    for number in 0..mentors {
        let places = if number < mentees.saturating_sub(mentors) {
            2
        } else {
            1
        };
        builder = builder.mentor(person(format!("m{number}"), "e", mentees).load_max(places));
    }
    builder.build()
}

fn claims(found: &Match) -> Vec<ClaimedPair> {
    found.pairs.iter().map(ClaimedPair::from).collect()
}
