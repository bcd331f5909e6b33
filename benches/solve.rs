//! Times of whole solves, by size and way: `cargo bench -p nearpeer`.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use nearpeer::{
    ClaimedPair, Grade, Match, Method, Options, Person, Program, Role, Roster, Scorer,
    VerifyOptions, verify_with,
};

/// A roster of mentees in grades 6 to 8 and half as many mentors in grades 9 to 12, with 3 to 12 of 64
/// interests, the first of which are the most common. The same numbers give the same roster.
fn roster(mentees: usize) -> Roster {
    let mut state = 12_345u64;
    let mut random = |below: u64| {
        // Knuth's MMIX generator.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut builder = Roster::builder();
    for ix in 0..mentees + mentees / 2 {
        let is_mentee = ix < mentees;
        let (role, lowest, grades) = if is_mentee {
            (Role::Mentee, 6, 3)
        } else {
            (Role::Mentor, 9, 4)
        };
        let grade = Grade::new(lowest + random(grades) as i64).expect("a grade");
        let count = 3 + random(10);
        let interests: Vec<String> = (0..count)
            .map(|_| format!("interest {}", random(64) * random(64) / 64))
            .collect();
        let id = format!("{}{ix:06}", role.as_str());
        builder.push(role, Person::new(id).grade(grade).interests(interests));
    }
    builder.build().expect("a roster")
}

fn program(mentor_max: u32, mentor_min: u32) -> Program {
    let mut program = Program::default();
    program.loads.mentor.max = mentor_max;
    program.loads.mentor.min = mentor_min;
    program
}

fn claims(answer: &Match) -> Vec<ClaimedPair> {
    answer.pairs.iter().map(ClaimedPair::from).collect()
}

fn solves(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("solve");
    group.sample_size(10);
    for mentees in [500, 1000, 2000] {
        let roster = roster(mentees);
        let program = program(2, 0);
        group.bench_function(BenchmarkId::new("network", mentees), |bencher| {
            bencher.iter(|| black_box(program.solve(&roster)).expect("a match"));
        });
        let answer = program.solve(&roster).expect("a match");
        let claims = claims(&answer);
        for (way, scorer) in [
            ("verify", Scorer::Compiled),
            ("verify --reference", Scorer::Reference),
        ] {
            let options = VerifyOptions {
                scorer,
                ..VerifyOptions::default()
            };
            group.bench_function(BenchmarkId::new(way, mentees), |bencher| {
                bencher.iter(|| {
                    verify_with(&roster, &program, &claims, &answer.certificate, &options)
                        .expect("a proof")
                });
            });
        }
    }
    let small = roster(500);
    let by_model = Options {
        method: Method::Program,
        ..Options::default()
    };
    group.bench_function(BenchmarkId::new("good_lp", 500), |bencher| {
        bencher.iter(|| {
            program(2, 0)
                .solve_with(&small, &by_model)
                .expect("a match")
        });
    });
    group.bench_function(BenchmarkId::new("none or at least 2", 500), |bencher| {
        bencher.iter(|| program(3, 2).solve(&small).expect("a match"));
    });
    group.finish();
}

criterion_group!(benches, solves);
criterion_main!(benches);
