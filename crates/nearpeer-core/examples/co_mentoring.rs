//! Times co-mentoring matches of students from a CSV with the columns `id` and `interests` (with `;` between the items),
//! every pair eligible, scored by the overlap of interests alone.
//!
//! ```sh
//! cargo run --release -p nearpeer-core --example co_mentoring -- students.csv
//! ```

use std::time::Instant;

use nearpeer_core::{
    ClaimedTie, Criterion, Missing, Overlap, Person, Program, Roster, Triads, verify_co_match,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut program = Program::co_mentoring();
    program.criteria = vec![Criterion::interests(Overlap::Jaccard, 1.0, Missing::Zero)];
    program.triads = Triads::AsNeeded;
    for path in std::env::args().skip(1) {
        let mut builder = Roster::of_students();
        for row in csv::Reader::from_path(&path)?.records() {
            let row = row?;
            let person = Person::new(&row[0]).interests(row[1].split(';'));
            builder = builder.student(person);
        }
        let roster = builder.build()?;
        let start = Instant::now();
        let answer = program.co_match(&roster)?;
        let took = start.elapsed();
        let groups = answer.groups.iter().enumerate();
        let ties = groups.flat_map(|(number, group)| {
            group.ties.iter().map(move |tie| ClaimedTie {
                group: number.to_string(),
                a: tie.a.clone(),
                b: tie.b.clone(),
                score: tie.score,
            })
        });
        let ties: Vec<ClaimedTie> = ties.collect();
        let start = Instant::now();
        let verified = verify_co_match(&roster, &program, &ties, &answer.certificate)?;
        println!(
            "{path}: {} students, {} triads, total {}, gap {}, {:.3} s; verified in {:.3} s, {} leaves, {} pairs",
            answer.students,
            answer.triads(),
            answer.total_score().0,
            answer.certificate.gap,
            took.as_secs_f64(),
            start.elapsed().as_secs_f64(),
            verified.leaves,
            verified.eligible,
        );
    }
    Ok(())
}
