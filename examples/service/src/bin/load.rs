//! `load [CLIENTS] [SECONDS] [STUDENTS]`: serves on the loopback address, has so many clients ask at once, and prints how many
//! requests there were, their rate, and how long they took.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use nearpeer::Role;
use nearpeer::synth::{District, Plan};
use nearpeer_service::client::{Failure, post, students};
use nearpeer_service::request::Request;
use nearpeer_service::{Settings, app};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut words = std::env::args().skip(1);
    let mut number = |usual: usize| words.next().map_or(Ok(usual), |word| word.parse());
    let (clients, seconds, count) = (number(8)?, number(10)?, number(300)?);
    let settings = Settings::default();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let (router, _) = app(settings);
    tokio::spawn(async move { axum::serve(listener, router).await });

    let district = District::new(&Plan {
        students: count,
        sites: 6,
        seed: 7,
        ..Plan::default()
    })?;
    let body = serde_json::to_string(&Request {
        mentees: students(&district, Role::Mentee),
        mentors: students(&district, Role::Mentor),
        programme: None,
        time_limit: None,
    })?;
    println!(
        "{clients} clients for {seconds} s, {count} students a request ({} kB); {} workers, {} may wait",
        body.len() / 1000,
        settings.workers,
        settings.waiting
    );
    let start = Instant::now();
    let end = start + Duration::from_secs(seconds as u64);
    let mut asking = JoinSet::new();
    for _ in 0..clients {
        let body = body.clone();
        asking.spawn(async move {
            let mut done = Vec::new();
            while Instant::now() < end {
                let asked = Instant::now();
                let (response, _) = post(address, body.clone()).await?;
                done.push((response.status().as_u16(), asked.elapsed()));
                if response.status().as_u16() == 503 {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
            Ok::<_, Failure>(done)
        });
    }
    let mut by_status: BTreeMap<u16, Vec<Duration>> = BTreeMap::new();
    while let Some(done) = asking.join_next().await {
        for (status, took) in done?? {
            by_status.entry(status).or_default().push(took);
        }
    }
    let took = start.elapsed().as_secs_f64();
    for (status, mut times) in by_status {
        times.sort_unstable();
        let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1e3;
        println!(
            "status {status}: {} requests, {:.1} a second; latency ms: median {:.1}, 95 % {:.1}, 99 % {:.1}, longest {:.1}",
            times.len(),
            times.len() as f64 / took,
            at(50),
            at(95),
            at(99),
            at(100)
        );
    }
    Ok(())
}
