//! Times one site with slots, rooms' worth of leaders and random students, as docs/performance.md has it:
//! `cargo run --release -p nearpeer --example staffed -- 500 250 [leaders] [seed]`.
//!
//! Ten slots, in three of which each student is free; each leader is free in four, takes at most two, and holds 32
//! pairs at a time; a mentor takes at most two mentees.

use std::time::Instant;

use nearpeer::{Grade, Leader, Options, Person, Program, Roster, verify};

/// Numbers that look random, the same for the same seed (Marsaglia, *Xorshift RNGs*, 2003).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }

    /// So many different numbers below `end`.
    fn some(&mut self, count: usize, end: usize) -> Vec<usize> {
        let mut some = Vec::new();
        while some.len() < count {
            let next = self.below(end);
            if !some.contains(&next) {
                some.push(next);
            }
        }
        some
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<usize>());
    let mut next = |default| arguments.next().unwrap_or(Ok(default));
    let (mentees, mentors) = (next(500)?, next(250)?);
    let (leaders, seed) = (next(7)?, next(1)?);
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15 ^ (seed as u64) << 20);
    let person = |dice: &mut Dice, id: String, grade: i64| {
        let interests = 3 + dice.below(6);
        let words = |prefix: &'static str, some: Vec<usize>| {
            let words = some.into_iter().map(move |word| format!("{prefix}{word}"));
            words.collect::<Vec<String>>()
        };
        Person::new(id)
            .grade(Grade::new(grade).expect("a grade"))
            .site("Lincoln")
            .interests(words("interest ", dice.some(interests, 64)))
            .slots(words("slot ", dice.some(3, 10)))
    };
    let mut roster = Roster::builder();
    for ix in 0..mentees {
        let grade = 6 + dice.below(3) as i64;
        roster = roster.mentee(person(&mut dice, format!("e{ix}"), grade));
    }
    for ix in 0..mentors {
        let grade = 9 + dice.below(4) as i64;
        roster = roster.mentor(person(&mut dice, format!("m{ix}"), grade).load_max(2));
    }
    for ix in 0..leaders {
        let slots = dice
            .some(4, 10)
            .into_iter()
            .map(|slot| format!("slot {slot}"));
        let leader = Leader::new(format!("l{ix}")).site("Lincoln").slots(slots);
        roster = roster.leader(leader.capacity(32).max_slots(2));
    }
    let roster = roster.build()?;
    let mut program = Program::default();
    program.eligibility.grade_gap = nearpeer::GradeGap::between(1, 6);
    let options = Options {
        time_limit: std::env::var("LIMIT")
            .ok()
            .and_then(|text| text.parse().ok())
            .map(std::time::Duration::from_secs),
        ..Options::default()
    };
    let begun = Instant::now();
    let answer = program.solve_with(&roster, &options)?;
    let solved = begun.elapsed();
    let certificate = &answer.certificate;
    println!(
        "{mentees} x {mentors}, {leaders} leaders: covered {}, score {}, {} gap {} ({}), {:.2} s",
        answer.covered(),
        certificate.levels.last().map_or(0, |level| level.objective),
        certificate.status.as_str(),
        certificate.gap,
        certificate.level,
        solved.as_secs_f64()
    );
    let begun = Instant::now();
    let pairs: Vec<_> = answer
        .pairs
        .iter()
        .map(nearpeer::verify::ClaimedPair::from)
        .collect();
    let verified = verify::verify(&roster, &program, &pairs, certificate)?;
    println!(
        "verified: {} prices over {} pairs, {:.2} s",
        verified.leaves,
        verified.eligible,
        begun.elapsed().as_secs_f64()
    );
    Ok(())
}
