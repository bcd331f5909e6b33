//! Times of single stages, by size: `cargo bench -p nearpeer-benches --bench phases`.
//!
//! Scoring is one pass that scores every eligible pair and keeps none. The others are the stages of a whole solve, as
//! it tells them itself: all pricing passes together, all network solves, all linear programs.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use nearpeer::{PairProperty, Phase, Program, Quota, Roster};
use nearpeer_benches::{phases, program, roster};

/// The default programme with quotas of pairs of the same and of different clubs, both of which bind.
fn with_quotas(mentees: usize) -> Program {
    let mut program = program(2, 0);
    let club = || "club".to_owned();
    let at_most = mentees as u32;
    program.quotas = vec![
        Quota::at_most("same club", PairProperty::Same(club()), at_most / 3),
        Quota::at_most("clubs mixed", PairProperty::Different(club()), at_most / 2),
    ];
    program
}

fn stages(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("stage");
    group.sample_size(10);
    for mentees in [500, 2000] {
        let roster = roster(mentees);
        let pairs = program(2, 0)
            .check(&roster)
            .expect("a check")
            .eligible_pairs;
        group.throughput(Throughput::Elements(pairs));
        group.bench_function(BenchmarkId::new("scoring", mentees), |bencher| {
            bencher.iter(|| black_box(program(2, 0).check(&roster)).expect("a check"));
        });
        for (name, phase) in [
            ("first columns", Phase::FirstColumns),
            ("pricing", Phase::Pricing),
            ("network", Phase::Network),
        ] {
            stage(&mut group, (name, phase), mentees, &program(2, 0), &roster);
        }
    }
    let mentees = 300;
    let linear = ("linear programs with two quotas", Phase::Linear);
    stage(
        &mut group,
        linear,
        mentees,
        &with_quotas(mentees),
        &roster(mentees),
    );
    group.finish();
}

/// The time that one stage takes of a whole solve.
fn stage(
    group: &mut criterion::BenchmarkGroup<'_, criterion::measurement::WallTime>,
    (name, phase): (&str, Phase),
    mentees: usize,
    program: &Program,
    roster: &Roster,
) {
    group.bench_function(BenchmarkId::new(name, mentees), |bencher| {
        bencher.iter_custom(|solves| {
            let time = |_| phases(program, roster).remove(&phase).unwrap_or_default();
            // A stage that was not needed takes no time, which Criterion cannot divide by.
            let all: Duration = (0..solves).map(time).sum();
            all.max(Duration::from_nanos(1))
        });
    });
}

criterion_group!(benches, stages);
criterion_main!(benches);
