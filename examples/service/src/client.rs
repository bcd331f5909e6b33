//! A client for the tests and the load: one request a connection.

use std::net::SocketAddr;

use axum::body::Body;
use axum::http::{Request, Response, header};
use http_body_util::BodyExt;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

use nearpeer::Role;
use nearpeer::synth::District;

use crate::request::Student;

/// What goes wrong on the way.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Posts a body, and gives the answer with what its body says.
///
/// # Errors
/// Where there is no answer.
pub async fn post(to: SocketAddr, body: String) -> Result<(Response<()>, Value), Failure> {
    let stream = TcpStream::connect(to).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let request = Request::post("/match")
        .header(header::HOST, to.to_string())
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body))?;
    // Dropped before its end, this closes the connection, as a client does that goes away.
    let _closes = AbortsWhenDropped(connection.abort_handle());
    let (parts, body) = sender.send_request(request).await?.into_parts();
    let bytes = body.collect().await?.to_bytes();
    let said = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    Ok((Response::from_parts(parts, ()), said))
}

struct AbortsWhenDropped(tokio::task::AbortHandle);

impl Drop for AbortsWhenDropped {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The students of a made-up district.
#[must_use]
pub fn students(district: &District, role: Role) -> Vec<Student> {
    let own = |words: Option<Vec<&str>>| {
        words.map(|words| words.into_iter().map(str::to_owned).collect())
    };
    let students = district.students(role);
    students
        .map(|student| Student {
            id: student.id.to_string(),
            grade: student.grade.map(|grade| grade.number().into()),
            site: student.site.map(str::to_owned),
            interests: own(student.interests),
            load_max: student.load_max,
        })
        .collect()
}
