//! Times of whole solves, by size and way: `cargo bench -p nearpeer-benches --bench solve`.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use nearpeer::{ClaimedPair, Match, Method, Options, Scorer, VerifyOptions, verify_with};
use nearpeer_benches::{program, roster};

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
