//! Times programmes with and without embeddings, beside one pass that scores every pair (a floor):
//!
//! ```text
//! cargo run --release -p nearpeer --example embeddings -- 4000 2000 384
//! ```
//!
//! So many mentees and mentors, who may all be paired, have ten of 64 interests and an embedding of so many numbers;
//! people come in 20 groups, whose embeddings are near to each other.

use std::error::Error;
use std::time::Instant;

use nearpeer::{Criterion, Missing, Overlap, Person, Program, Roster};

fn main() -> Result<(), Box<dyn Error>> {
    let numbers: Vec<usize> = std::env::args()
        .skip(1)
        .map(|word| word.parse())
        .collect::<Result<_, _>>()?;
    let &[mentees, mentors, dimensions] = numbers.as_slice() else {
        return Err("give: MENTEES MENTORS DIMENSIONS".into());
    };
    let mut dice = Dice(7);
    let mut centre = || -> Vec<f64> { (0..dimensions).map(|_| dice.normal()).collect() };
    let groups: Vec<Vec<f64>> = (0..20).map(|_| centre()).collect();
    let mut person = |id: String| {
        let interests: Vec<String> = (0..10).map(|_| (dice.next() % 64).to_string()).collect();
        let group = &groups[dice.next() as usize % groups.len()];
        let embedding: Vec<f64> = group.iter().map(|x| x + dice.normal()).collect();
        Person::new(id).interests(interests).embedding(embedding)
    };
    let mut builder = Roster::builder();
    for number in 0..mentees {
        builder = builder.mentee(person(format!("e{number}")));
    }
    for number in 0..mentors {
        builder = builder.mentor(person(format!("m{number}")).load_max(2));
    }
    let roster = builder.build()?;
    let jaccard = Criterion::interests(Overlap::Jaccard, 0.7, Missing::Zero);
    let cosine = Criterion::interests(Overlap::Cosine, 0.3, Missing::Zero);
    for (name, criteria) in [
        ("interests", vec![jaccard.clone()]),
        ("embeddings", vec![cosine.clone()]),
        ("both", vec![jaccard, cosine]),
    ] {
        let program = Program {
            criteria,
            ..Program::default()
        };
        let begun = Instant::now();
        let pairs = program.check(&roster)?.eligible_pairs;
        let floor = begun.elapsed();
        let begun = Instant::now();
        let answer = program.solve(&roster)?;
        let solve = begun.elapsed();
        println!(
            "{name}: floor {floor:.3?} ({:.1} ns a pair), solve {solve:.3?} = {:.1} floors, gap {}",
            floor.as_secs_f64() * 1e9 / pairs as f64,
            solve.as_secs_f64() / floor.as_secs_f64(),
            answer.certificate.gap
        );
    }
    Ok(())
}

/// A linear congruential generator (Knuth, MMIX).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    /// Nearly normal: the sum of twelve uniform numbers.
    fn normal(&mut self) -> f64 {
        let sum: f64 = (0..12)
            .map(|_| self.next() as f64 / (1u64 << 31) as f64)
            .sum();
        sum - 6.0
    }
}
