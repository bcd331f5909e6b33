//! The routes. A request's span has the attributes that OpenTelemetry names for HTTP, sizes, times and outcomes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use nearpeer::{Error, ErrorKind, Match, Options, StopFlag, programme};
use serde_json::json;
use tracing::field::Empty;
use tracing::{Instrument, Span, info_span};

use crate::pool::Pool;
use crate::request::{self, Request};

/// Seconds after which a client may try again that found the pool full.
const RETRY_AFTER: &str = "1";

/// What the routes share.
#[derive(Debug, Clone)]
pub struct State {
    /// Who may run.
    pub pool: Arc<Pool>,
    /// The longest from a request's arrival to its answer.
    pub deadline: Duration,
}

/// `GET /health`
pub async fn health(axum::extract::State(state): axum::extract::State<State>) -> Response {
    Json(json!({ "running": state.pool.running() })).into_response()
}

/// `POST /match`
pub async fn match_(
    axum::extract::State(state): axum::extract::State<State>,
    body: Result<Json<Request>, JsonRejection>,
) -> Response {
    // Ids, names and cells are nobody's business but the caller's: they are in answers, never in spans.
    let span = info_span!(
        "match",
        otel.name = "POST /match",
        otel.kind = "server",
        http.request.method = "POST",
        http.route = "/match",
        http.response.status_code = Empty,
        error.type = Empty,
        mentees = Empty,
        mentors = Empty,
        covered = Empty,
        gap = Empty,
        status = Empty,
        wait_ms = Empty,
        solve_ms = Empty,
    );
    async {
        let response = match body {
            Ok(Json(request)) => respond(&state, request).await,
            Err(rejection) => {
                Span::current().record("error.type", "body");
                refuse(rejection.status(), &rejection.body_text())
            }
        };
        let code = response.status().as_u16();
        Span::current().record("http.response.status_code", code);
        response
    }
    .instrument(span)
    .await
}

async fn respond(state: &State, request: Request) -> Response {
    let arrived = Instant::now();
    let span = Span::current();
    span.record("mentees", request.mentees.len());
    span.record("mentors", request.mentors.len());
    let Some(place) = state.pool.admit() else {
        span.record("error.type", "full");
        let mut response = refuse(StatusCode::SERVICE_UNAVAILABLE, "too many matches at once");
        let after = header::HeaderValue::from_static(RETRY_AFTER);
        response.headers_mut().insert(header::RETRY_AFTER, after);
        return response;
    };
    let limit = match request.time_limit.map(programme::time_limit).transpose() {
        Ok(limit) => limit.unwrap_or(state.deadline).min(state.deadline),
        Err(error) => return failed(&error),
    };
    let stop = StopFlag::default();
    let work = {
        let (stop, span) = (stop.clone(), span.clone());
        move || span.in_scope(|| solve(request, limit, arrived, stop, &span))
    };
    // Waiting counts, too: whoever waits until the deadline gets no turn.
    let done = tokio::time::timeout(limit + GRACE, state.pool.run(place, stop, work)).await;
    match done {
        Ok(Ok(Ok(found))) => Json(request::answer(&found)).into_response(),
        Ok(Ok(Err(error))) => failed(&error),
        Ok(Err(_)) => {
            span.record("error.type", "panic");
            refuse(StatusCode::INTERNAL_SERVER_ERROR, "a fault of nearpeer")
        }
        Err(_) => late(),
    }
}

/// What a solve may take beyond its deadline to give the best match so far.
const GRACE: Duration = Duration::from_secs(2);

fn solve(
    request: Request,
    limit: Duration,
    arrived: Instant,
    stop: StopFlag,
    span: &Span,
) -> Result<Match, Error> {
    let started = Instant::now();
    span.record("wait_ms", milliseconds(started - arrived));
    let left = limit.saturating_sub(arrived.elapsed());
    if left.is_zero() {
        return Err(Error::new(
            ErrorKind::Limit,
            "the deadline came before a turn",
        ));
    }
    let options = Options {
        // The pool has a thread for each, so a match takes no more.
        threads: Some(1),
        time_limit: Some(left),
        stop,
        ..Options::default()
    };
    let program = request.program()?;
    let found = program.solve_with(&request.roster()?, &options);
    span.record("solve_ms", milliseconds(started.elapsed()));
    if let Ok(found) = &found {
        span.record("covered", found.covered());
        span.record("gap", found.certificate.gap);
        span.record("status", format!("{:?}", found.certificate.status));
    }
    found
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// The answer to what could not be matched. The span has its kind; the text may quote a cell, and is for the caller.
fn failed(error: &Error) -> Response {
    Span::current().record("error.type", format!("{:?}", error.kind()));
    match error.kind() {
        ErrorKind::Input | ErrorKind::Program => {
            refuse(StatusCode::BAD_REQUEST, &error.to_string())
        }
        ErrorKind::Infeasible => refuse(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string()),
        ErrorKind::Limit => refuse(StatusCode::GATEWAY_TIMEOUT, &error.to_string()),
        _ => refuse(StatusCode::INTERNAL_SERVER_ERROR, "the match failed"),
    }
}

fn late() -> Response {
    Span::current().record("error.type", "late");
    refuse(
        StatusCode::GATEWAY_TIMEOUT,
        "the deadline came before a match",
    )
}

fn refuse(code: StatusCode, message: &str) -> Response {
    (code, Json(json!({ "error": message }))).into_response()
}
