//! Times one made-up programme of any size, phase by phase, beside one pass that scores every pair (a floor):
//!
//! ```text
//! cargo run --release -p nearpeer --example sizes -- open 20000 10000
//! cargo run --release -p nearpeer --example sizes -- district 100000 120
//! cargo run --release -p nearpeer --example sizes -- open 1000 500 leximin
//! ```
//!
//! `open` has so many mentees and mentors who may all be paired; `district` so many students at so many sites.
//! A third word is a level of fairness, `worst_off` or `leximin`.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use nearpeer::synth::{District, Plan};
use nearpeer::{ClaimedPair, Match, ObjectiveLevel, Options, Progress, Watcher, verify};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (sizes, level) = arguments.split_at(arguments.len().min(3));
    let [kind, first, second] = sizes else {
        return Err(
            "give: open MENTEES MENTORS [LEVEL], or: district STUDENTS SITES [LEVEL]".into(),
        );
    };
    let level = match level.first().map(String::as_str) {
        None => None,
        Some("worst_off") => Some(ObjectiveLevel::WorstOff),
        Some("leximin") => Some(ObjectiveLevel::Leximin),
        Some(_) => return Err("the level is worst_off or leximin".into()),
    };
    let (first, second) = (first.parse()?, second.parse()?);
    let plan = match kind.as_str() {
        "open" => Plan {
            sites: 0,
            mentees: Some(first),
            mentors: Some(second),
            missing: 0.0,
            seed: 7,
            ..Plan::default()
        },
        "district" => Plan {
            students: first,
            sites: second,
            seed: 7,
            ..Plan::default()
        },
        _ => return Err("the kind is open or district".into()),
    };
    let district = District::new(&plan)?;
    let (roster, mut program) = (district.roster(), district.program());
    if let Some(level) = level {
        program.objective = vec![ObjectiveLevel::Coverage, level, ObjectiveLevel::Score];
    }
    println!(
        "{} mentees, {} mentors, {} MB",
        roster.mentees().len(),
        roster.mentors().len(),
        peak()
    );
    let (floor, checked) = timed(|| program.check(&roster));
    let pairs = checked?.eligible_pairs;
    println!("{pairs} eligible pairs, floor {floor:.3?}");

    let (phases, watcher) = phases();
    let options = Options {
        progress: Some(watcher),
        ..Options::default()
    };
    let before = peak();
    let (solve, answer) = timed(|| program.solve_with(&roster, &options));
    let answer = answer?;
    let certificate = &answer.certificate;
    println!(
        "{} gap {}, {} pairs, solve {solve:.3?} = {:.1} floors, {} MB over the roster",
        certificate.status.as_str(),
        certificate.gap,
        answer.pairs.len(),
        solve.as_secs_f64() / floor.as_secs_f64(),
        peak() - before
    );
    for (phase, seconds) in phases.lock().expect("no thread panicked").iter() {
        println!("  {phase} {seconds:.3} s");
    }
    fairness(&answer);
    let claims: Vec<ClaimedPair> = answer.pairs.iter().map(ClaimedPair::from).collect();
    let (check, verified) = timed(|| verify(&roster, &program, &claims, certificate));
    verified?;
    println!("verified in {check:.3?}");
    Ok(())
}

/// Says what a level of fairness did.
fn fairness(answer: &Match) {
    let order = answer.certificate.fairness.as_ref();
    let order = order.and_then(|fairness| fairness.order.as_ref());
    if let (Some(lowest), Some(cost)) = (answer.lowest_score(), answer.price_of_fairness()) {
        let (price, percent, without) = (cost.price(), cost.percent(), cost.without);
        println!("  lowest score {lowest}; price {price} of {without} ({percent:.2} %)");
    }
    if let Some(order) = order {
        let lists = order.mentees.iter().chain(&order.mentors);
        let scores = lists.clone().flatten().map(|price| price.0);
        let scores = scores.collect::<std::collections::BTreeSet<_>>().len();
        let numbers = lists.map(Vec::len).sum::<usize>();
        println!("  order: prices of {scores} scores, {numbers} numbers");
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let begun = Instant::now();
    let done = work();
    (begun.elapsed(), done)
}

/// Seconds by phase, and who writes them down.
fn phases() -> (Arc<Mutex<BTreeMap<&'static str, f64>>>, Watcher) {
    let phases = Arc::new(Mutex::new(BTreeMap::new()));
    let written = Arc::clone(&phases);
    let last = Mutex::new(("compile", 0.0));
    let watcher = Watcher::new(move |progress: &Progress| {
        let now = progress.elapsed.as_secs_f64();
        let mut last = last.lock().expect("no thread panicked");
        let mut phases = written.lock().expect("no thread panicked");
        *phases.entry(last.0).or_insert(0.0) += now - last.1;
        *last = (progress.phase.as_str(), now);
    });
    (phases, watcher)
}

/// The most memory that the process has held, in mebibytes; 0 where the system does not say.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let kibibytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kibibytes.unwrap_or(0) / 1024
}
