//! The service over the loopback address: answers, refusals, deadlines, clients that go away, and what spans say.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use nearpeer::Role;
use nearpeer::synth::{District, Plan};
use nearpeer_service::client::{post, students};
use nearpeer_service::pool::Pool;
use nearpeer_service::request::Request;
use nearpeer_service::{Settings, app};
use serde_json::json;
use tokio::net::TcpListener;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

const SMALL: &str = r#"{"mentees": [{"id": "ana-17", "grade": 6, "site": "Hilltop", "interests": ["chess"]}],
    "mentors": [{"id": "max-42", "grade": "09", "site": "Hilltop", "interests": ["chess"]}]}"#;

async fn serve(workers: usize, waiting: usize, deadline: Duration) -> (SocketAddr, Arc<Pool>) {
    let (router, pool) = app(Settings {
        workers,
        waiting,
        deadline,
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, pool)
}

/// A match that takes far longer than any test: groups of none or two to three mentees, thousands of times.
fn long(time_limit: f64) -> String {
    let district = District::new(&Plan {
        sites: 0,
        mentees: Some(4000),
        mentors: Some(1500),
        ..Plan::default()
    })
    .expect("a district");
    let mut mentors = students(&district, Role::Mentor);
    for mentor in &mut mentors {
        mentor.load_max = None;
    }
    serde_json::to_string(&Request {
        mentees: students(&district, Role::Mentee),
        mentors,
        programme: Some(json!({ "loads": { "mentor": { "min": 2, "max": 3 } } })),
        time_limit: Some(time_limit),
    })
    .expect("JSON")
}

#[tokio::test]
async fn a_request_is_answered_with_a_proven_match() {
    let (address, _) = serve(2, 2, Duration::from_secs(30)).await;
    let (response, said) = post(address, SMALL.to_owned()).await.expect("an answer");
    assert_eq!(response.status(), 200, "{said}");
    assert_eq!(
        (&said["status"], &said["gap"]),
        (&"optimal".into(), &0.into())
    );
    assert_eq!(said["pairs"][0]["mentor"], "max-42");
}

#[tokio::test]
async fn what_is_wrong_is_said_to_the_caller() {
    let (address, _) = serve(1, 1, Duration::from_secs(30)).await;
    for (body, status, part) in [
        ("not JSON", 400, "JSON"),
        (r#"{"mentees": []}"#, 422, "mentors"),
        (
            r#"{"mentees": [], "mentors": [], "mentor": []}"#,
            422,
            "unknown field",
        ),
        (r#"{"mentees": [], "mentors": []}"#, 400, "no rows"),
        (
            r#"{"mentees": [{"id": "a", "grade": "sixth"}], "mentors": [{"id": "b"}]}"#,
            400,
            "table mentees, row 1, column `grade`",
        ),
        (
            r#"{"mentees": [{"id": "a"}], "mentors": [{"id": "b"}], "programme": {"lods": 1}}"#,
            400,
            "did you mean `loads`?",
        ),
        (
            r#"{"mentees": [{"id": "a"}], "mentors": [{"id": "b"}], "time_limit": -1}"#,
            400,
            "limits.time",
        ),
        (
            r#"{"mentees": [{"id": "a", "grade": 6}], "mentors": [{"id": "b", "grade": 6}], "programme": {"loads": {"mentee": {"min": 1}}}}"#,
            422,
            "no match satisfies every constraint",
        ),
    ] {
        let (response, said) = post(address, body.to_owned()).await.expect("an answer");
        let message = said["error"].as_str().unwrap_or_default();
        assert_eq!(response.status(), status, "{body}: {said}");
        assert!(message.contains(part), "{body}: {said}");
    }
}

#[tokio::test]
async fn a_full_pool_refuses_at_once_and_recovers() {
    let (address, pool) = serve(1, 1, Duration::from_secs(30)).await;
    let places = [pool.admit(), pool.admit()];
    assert!(places.iter().all(Option::is_some) && pool.admit().is_none());
    let (response, said) = post(address, SMALL.to_owned()).await.expect("an answer");
    assert_eq!(response.status(), 503, "{said}");
    assert_eq!(response.headers()["retry-after"], "1");
    drop(places);
    let (response, said) = post(address, SMALL.to_owned()).await.expect("an answer");
    assert_eq!(response.status(), 200, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_are_all_answered_and_never_more_run_than_may() {
    let (address, pool) = serve(2, 30, Duration::from_secs(60)).await;
    let asked: Vec<_> = (0..32)
        .map(|_| tokio::spawn(post(address, SMALL.to_owned())))
        .collect();
    for asked in asked {
        assert!(pool.running() <= 2);
        let (response, said) = asked.await.expect("asked").expect("an answer");
        assert_eq!(response.status(), 200, "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_ends_a_match() {
    let (address, pool) = serve(1, 0, Duration::from_secs(120)).await;
    let started = Instant::now();
    let (response, said) = post(address, long(1.0)).await.expect("an answer");
    match response.status().as_u16() {
        200 => assert_eq!(said["status"], "limit_reached"),
        504 => assert!(said["error"].is_string()),
        other => panic!("{other}: {said}"),
    }
    assert!(started.elapsed() < Duration::from_secs(60));
    idle(&pool).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_goes_away_ends_its_match() {
    let (address, pool) = serve(1, 0, Duration::from_secs(600)).await;
    let asked = tokio::spawn(post(address, long(600.0)));
    let waits = Instant::now() + Duration::from_secs(60);
    while pool.running() == 0 {
        assert!(Instant::now() < waits && !asked.is_finished());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(pool.running(), 1, "the match is a long one");
    asked.abort();
    idle(&pool).await;
    let (response, said) = post(address, SMALL.to_owned()).await.expect("an answer");
    assert_eq!(response.status(), 200, "{said}");
}

/// Waits until nothing runs, far shorter than the matches of these tests would.
async fn idle(pool: &Pool) {
    let waits = Instant::now() + Duration::from_secs(60);
    while pool.running() > 0 {
        assert!(Instant::now() < waits, "it still runs");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// What is logged, for one thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("the log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn spans_have_sizes_and_outcomes_and_nothing_of_anybody() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    // The service of this test runs on this thread.
    let _guard = tracing::subscriber::set_default(subscriber);
    let (address, _) = serve(1, 1, Duration::from_secs(30)).await;
    let bad = SMALL.replace("\"09\"", "\"ninth of max-42\"");
    for body in [SMALL, &bad, r#"{"mentees": "ana-17"}"#] {
        post(address, body.to_owned()).await.expect("an answer");
    }
    let text = String::from_utf8(log.0.lock().expect("the log").clone()).expect("text");
    for part in [
        "otel.name=\"POST /match\"",
        "mentees=1",
        "covered=1",
        "http.response.status_code=200",
        "http.response.status_code=400",
        "error.type=\"Input\"",
        "error.type=\"body\"",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    for part in ["ana-17", "max-42", "Hilltop", "chess", "ninth"] {
        assert!(!text.contains(part), "{part}: {text}");
    }
}
