//! nearpeer behind HTTP, as an example for services of one's own.
//!
//! `POST /match` takes mentees, mentors and a programme in JSON, and answers with the match and its proof's status; `GET
//! /health` says how many matches are running. Matches run on a bounded pool ([`pool`]): those that find it full are told
//! so at once (503, `Retry-After`). A match ends when its deadline comes, which counts from its arrival, and when its
//! client goes away. Spans ([`handler`]) have sizes, times and outcomes, and never an id, a name or a cell.

pub mod client;
pub mod handler;
pub mod pool;
pub mod request;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use pool::Pool;

/// The longest body, in bytes.
const MAX_BODY: usize = 64 << 20;

/// How much the service takes on.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Matches at one time; each has a thread.
    pub workers: usize,
    /// Matches that wait for their turn.
    pub waiting: usize,
    /// The longest from a request's arrival to its answer.
    pub deadline: Duration,
}

impl Default for Settings {
    /// A match a core, as many waiting, and half a minute.
    fn default() -> Self {
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            workers,
            waiting: workers,
            deadline: Duration::from_secs(30),
        }
    }
}

/// The service, and its pool, whose state tests and other routes may look at.
pub fn app(settings: Settings) -> (Router, Arc<Pool>) {
    let pool = Arc::new(Pool::new(settings.workers, settings.waiting));
    let state = handler::State {
        pool: Arc::clone(&pool),
        deadline: settings.deadline,
    };
    let router = Router::new()
        .route("/match", post(handler::match_))
        .route("/health", get(handler::health))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(state);
    (router, pool)
}
